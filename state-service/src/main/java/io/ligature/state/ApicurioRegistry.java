package io.ligature.state;

import io.ligature.schemas.wire.RegistrySchemaIds;
import io.ligature.schemas.wire.SchemaIds;
import jakarta.enterprise.context.ApplicationScoped;

/** The registry at {@code ligature.registry.url}. */
@ApplicationScoped
public class ApicurioRegistry implements StateRuntime.Registry {

  private final StateSettings settings;

  public ApicurioRegistry(StateSettings settings) {
    this.settings = settings;
  }

  @Override
  public SchemaIds connect() {
    return RegistrySchemaIds.connect(settings.registry().url());
  }
}
