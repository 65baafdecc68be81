package io.ligature.schemas.wire;

import org.apache.avro.Schema;

/** Knows under which content id a schema is registered, and which schema stands behind an id. */
public interface SchemaIds {

  /** The content id of one of our own schemas. */
  int idOf(Schema schema);

  /**
   * The schema a record was written with.
   *
   * @throws UnknownSchemaException when the registry has no schema of that id
   */
  Schema writer(int id);

  /** The registry knows no schema of the id that a record names. */
  final class UnknownSchemaException extends RuntimeException {
    public UnknownSchemaException(String message) {
      super(message);
    }
  }
}
