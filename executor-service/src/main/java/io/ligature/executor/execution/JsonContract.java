package io.ligature.executor.execution;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.ligature.schemas.wire.Payloads;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A compiled JSON Schema that says what is wrong with a value. */
final class JsonContract {

  private static final int MOST_VIOLATIONS = 10;
  private static final SchemaRegistry SCHEMAS =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

  private final @Nullable Schema schema;

  private JsonContract(@Nullable Schema schema) {
    this.schema = schema;
  }

  /**
   * @param text null takes any value
   * @throws IllegalArgumentException when it is not a usable schema
   */
  static JsonContract compile(@Nullable String text) {
    if (text == null) {
      return new JsonContract(null);
    }
    try {
      Schema schema = SCHEMAS.getSchema(Payloads.JSON.readTree(text));
      schema.initializeValidators();
      return new JsonContract(schema);
    } catch (IOException | RuntimeException e) {
      throw new IllegalArgumentException("not a usable JSON Schema: " + e.getMessage(), e);
    }
  }

  /** One entry for each violation, the first ten; the offending values are left out. */
  List<String> violations(JsonNode value) {
    if (schema == null) {
      return List.of();
    }
    return schema.validate(value).stream().limit(MOST_VIOLATIONS).map(JsonContract::words).toList();
  }

  private static String words(Error error) {
    String place = error.getInstanceLocation().toString();
    return (place.isEmpty() ? "/" : place) + ": " + error.getMessage();
  }
}
