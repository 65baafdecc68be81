package io.ligature.example;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads agents' inputs with messages that name the field. */
final class Json {

  static final ObjectMapper MAPPER = new ObjectMapper();

  private Json() {}

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  static String text(JsonNode input, String field) throws InvalidInputException {
    String value = optionalText(input, field);
    if (value == null || value.isBlank()) {
      throw new InvalidInputException("'" + field + "' is missing or empty; give it as text");
    }
    return value;
  }

  static @Nullable String optionalText(JsonNode input, String field) throws InvalidInputException {
    JsonNode value = input.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    if (!value.isTextual()) {
      throw new InvalidInputException("'" + field + "' must be text");
    }
    return value.textValue();
  }

  /** A missing field is {@code otherwise}; one outside the range is refused. */
  static int number(JsonNode input, String field, int otherwise, int least, int most)
      throws InvalidInputException {
    JsonNode value = input.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return otherwise;
    }
    if (!value.canConvertToExactIntegral()
        || !value.canConvertToInt()
        || value.intValue() < least
        || value.intValue() > most) {
      throw new InvalidInputException(
          "'%s' must be a whole number from %d to %d".formatted(field, least, most));
    }
    return value.intValue();
  }

  /** A missing field is an empty list. */
  static List<JsonNode> list(JsonNode input, String field) throws InvalidInputException {
    JsonNode value = input.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return List.of();
    }
    if (!value.isArray()) {
      throw new InvalidInputException("'" + field + "' must be a list");
    }
    List<JsonNode> items = new ArrayList<>();
    value.forEach(items::add);
    return items;
  }

  /** Three digits are enough for a score or a confidence. */
  static double rounded(double value) {
    return Math.round(value * 1000) / 1000.0;
  }
}
