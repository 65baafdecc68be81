package io.ligature.schemas.definition;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.List;

/** A JSON Schema (2020-12) that was compiled; it refers to nothing but itself. */
public final class PayloadSchema {

  private final Schema schema;

  public PayloadSchema(JsonNode schema) {
    this.schema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(schema);
  }

  /** What is wrong with a value: where and what, one entry each. */
  public List<String> violations(JsonNode value) {
    return schema.validate(value).stream()
        .map(error -> (error.getInstanceLocation() + ": " + error.getMessage()))
        .sorted()
        .toList();
  }
}
