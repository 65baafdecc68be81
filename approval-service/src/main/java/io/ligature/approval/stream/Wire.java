package io.ligature.approval.stream;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.ligature.schemas.wire.Payloads;

/** Reads what instances of this service say to each other. */
final class Wire {

  private Wire() {}

  /**
   * @throws IllegalArgumentException when it is no JSON
   */
  static JsonNode parse(String body) {
    try {
      return Payloads.JSON.readTree(body);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not JSON: " + e.getOriginalMessage(), e);
    }
  }

  /**
   * @throws IllegalArgumentException when it is missing
   */
  static String text(JsonNode json, String field) {
    JsonNode value = json.path(field);
    if (!value.isTextual()) {
      throw new IllegalArgumentException("expected a text '" + field + "', found none");
    }
    return value.textValue();
  }
}
