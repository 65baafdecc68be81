package io.ligature.router.stream;

import io.ligature.schemas.wire.SchemaIds;

/** Where the ids of schemas come from. */
public interface Registry {

  /**
   * @throws java.io.UncheckedIOException when it does not answer; worth another try
   */
  SchemaIds connect();
}
