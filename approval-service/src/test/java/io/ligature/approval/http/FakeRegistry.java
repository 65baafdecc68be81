package io.ligature.approval.http;

import io.ligature.approval.stream.Registry;
import io.ligature.schemas.wire.FakeSchemaIds;
import io.ligature.schemas.wire.SchemaIds;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Alternative;

/** Ids in memory, the same for the service and the test. */
@Alternative
@Priority(1)
@ApplicationScoped
public class FakeRegistry implements Registry {

  private final SchemaIds ids = new FakeSchemaIds();

  @Override
  public SchemaIds connect() {
    return ids;
  }
}
