package io.ligature.executor.stream;

import io.ligature.schemas.wire.RegistrySchemaIds;
import io.ligature.schemas.wire.SchemaIds;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The registry at {@code ligature.registry.url}. */
@ApplicationScoped
public class ApicurioRegistry implements Registry {

  private final URI url;

  public ApicurioRegistry(@ConfigProperty(name = "ligature.registry.url") URI url) {
    this.url = url;
  }

  @Override
  public SchemaIds connect() {
    return RegistrySchemaIds.connect(url);
  }
}
