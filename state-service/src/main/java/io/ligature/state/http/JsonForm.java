package io.ligature.state.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.ligature.schemas.Money;
import io.ligature.schemas.wire.Payloads;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request's body, read field by field so that every mistake is told at once: what is read is
 * right only after {@link #check} has not thrown.
 */
final class JsonForm {

  private final String what;
  private final JsonNode body;
  private final List<String> violations = new ArrayList<>();

  /**
   * @param what the body is, with its article
   * @throws ApiProblem when it is not one JSON object
   */
  JsonForm(String what, String text, Set<String> fields) {
    this.what = what;
    this.body = object(text);
    only("", body, fields, what);
  }

  private static JsonNode object(String text) {
    try {
      JsonNode body = Payloads.JSON.readTree(text);
      if (body != null && body.isObject()) {
        return body;
      }
    } catch (JsonProcessingException e) {
      throw ApiProblem.invalid("Not JSON", List.of("body: " + e.getOriginalMessage()));
    }
    throw ApiProblem.invalid("Not a JSON object", List.of("body: send one JSON object"));
  }

  /** Tells of fields that there are not. */
  void only(String prefix, JsonNode object, Set<String> fields, String kind) {
    object
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!fields.contains(name)) {
                wrong(
                    prefix
                        + name
                        + ": is not a field of "
                        + kind
                        + "; there are "
                        + fields.stream().sorted().toList());
              }
            });
  }

  void wrong(String violation) {
    violations.add(violation);
  }

  /** The field's value; null when it is absent or JSON's null. */
  @Nullable JsonNode value(String field) {
    JsonNode node = body.get(field);
    return node == null || node.isNull() ? null : node;
  }

  /** Null when it is absent. */
  @Nullable String text(String field) {
    JsonNode node = value(field);
    if (node == null) {
      return null;
    }
    if (!node.isTextual() || node.asText().isBlank()) {
      wrong(field + ": give a text");
      return null;
    }
    return node.asText();
  }

  /** Null when it is absent. */
  @Nullable String text(String field, int most) {
    String text = text(field);
    if (text != null && text.length() > most) {
      wrong(field + ": has " + text.length() + " characters; give at most " + most);
      return null;
    }
    return text;
  }

  /** A text that must be there. */
  String required(String field, int most, String remedy) {
    String text = text(field, most);
    if (text == null && value(field) == null) {
      wrong(field + ": is missing; " + remedy);
    }
    return text == null ? "" : text;
  }

  @Nullable Integer whole(String field) {
    JsonNode node = value(field);
    if (node == null) {
      return null;
    }
    if (!node.canConvertToInt() || !node.isIntegralNumber()) {
      wrong(field + ": give a whole number");
      return null;
    }
    return node.intValue();
  }

  boolean flag(String field) {
    JsonNode node = value(field);
    if (node != null && !node.isBoolean()) {
      wrong(field + ": give true or false");
    }
    return node != null && node.asBoolean();
  }

  /** An amount as text or number; null when it is none. */
  @Nullable Money amount(String place, @Nullable JsonNode node) {
    try {
      if (node != null && (node.isNumber() || node.isTextual())) {
        return Money.of(node.asText());
      }
    } catch (NumberFormatException | ArithmeticException e) {
      // Told below, with the other ways to get it wrong.
    }
    wrong(place + ": give an amount such as \"2.50\"");
    return null;
  }

  /**
   * @throws ApiProblem naming everything that is wrong
   */
  void check() {
    if (!violations.isEmpty()) {
      throw ApiProblem.invalid("Not " + what, violations);
    }
  }
}
