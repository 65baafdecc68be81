package io.ligature.approval.stream;

import io.ligature.schemas.wire.SchemaIds;

/** Where schemas are registered. */
public interface Registry {

  /**
   * @throws java.io.UncheckedIOException when it does not answer; worth another try
   */
  SchemaIds connect();
}
