package io.ligature.executor.stream;

import io.ligature.schemas.wire.FakeSchemaIds;
import io.ligature.schemas.wire.SchemaIds;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Alternative;

@Alternative
@Priority(1)
@ApplicationScoped
public class FakeRegistry implements Registry {
  @Override
  public SchemaIds connect() {
    return new FakeSchemaIds();
  }
}
