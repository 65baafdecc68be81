package io.ligature.executor.stream;

import io.ligature.schemas.wire.SchemaIds;
import java.io.UncheckedIOException;

/** Where schemas are registered. */
public interface Registry {

  /**
   * @throws UncheckedIOException when it does not answer; worth another try
   */
  SchemaIds connect();
}
