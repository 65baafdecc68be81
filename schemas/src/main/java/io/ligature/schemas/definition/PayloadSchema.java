package io.ligature.schemas.definition;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.List;

/** A JSON Schema (2020-12) that was compiled; it refers to nothing but itself. */
public final class PayloadSchema {

  private final Schema schema;

  /**
   * @throws IllegalArgumentException when it refers to another document: nothing is ever fetched
   */
  public PayloadSchema(JsonNode schema) {
    checkReferences(schema);
    this.schema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(schema);
  }

  private static void checkReferences(JsonNode node) {
    for (String keyword : List.of("$ref", "$dynamicRef")) {
      JsonNode reference = node.path(keyword);
      if (reference.isTextual() && !reference.textValue().startsWith("#")) {
        throw new IllegalArgumentException(
            "the schema refers to another document, '" + reference.textValue() + "'");
      }
    }
    node.forEach(PayloadSchema::checkReferences);
  }

  /** What is wrong with a value: where and what, one entry each. */
  public List<String> violations(JsonNode value) {
    return schema.validate(value).stream()
        .map(error -> told(error.getInstanceLocation().toString(), error.getMessage()))
        .sorted()
        .toList();
  }

  private static String told(String place, String what) {
    return place.isEmpty() ? what : place + ": " + what;
  }
}
