package io.ligature.state.http;

import io.ligature.schemas.wire.FakeSchemaIds;
import io.ligature.schemas.wire.RecordCodec;
import io.ligature.schemas.wire.SchemaIds;
import io.ligature.state.StateRuntime;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Alternative;

/** Schema ids in memory, the same for the service and its tests. */
@Alternative
@Priority(1)
@ApplicationScoped
public class FakeRegistry implements StateRuntime.Registry {

  private static final FakeSchemaIds IDS = new FakeSchemaIds();
  static final RecordCodec CODEC = new RecordCodec(IDS);

  @Override
  public SchemaIds connect() {
    return IDS;
  }
}
