package io.ligature.approval.inbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a schema asks of a value, in words, so that nobody has to find out by trying. */
final class Hints {

  private static final int LONGEST_PATTERN = 80;

  private Hints() {}

  /** The description of the value first, then its limits; empty: there is nothing to say. */
  static String of(SchemaNode schema) {
    JsonNode node = schema.node();
    List<String> hints = new ArrayList<>();
    add(hints, schema.description());
    add(hints, format(schema.format()));
    add(hints, range(node.get("minLength"), node.get("maxLength"), "character"));
    add(hints, range(node.get("minItems"), node.get("maxItems"), "entry"));
    add(hints, numbers(node));
    if (node.path("uniqueItems").asBoolean()) {
      hints.add("no entry twice");
    }
    String pattern = node.path("pattern").asText("");
    if (!pattern.isEmpty() && pattern.length() <= LONGEST_PATTERN) {
      hints.add("must match " + pattern);
    }
    return String.join(" · ", hints);
  }

  private static void add(List<String> hints, String hint) {
    if (!hint.isBlank()) {
      hints.add(hint);
    }
  }

  private static String format(String format) {
    return switch (format) {
      case "date" -> "a date, as 2026-03-01";
      case "time" -> "a time, as 09:30:00Z";
      case "date-time" -> "date and time, as 2026-03-01T09:30:00Z";
      case "duration" -> "a length of time, as PT2H30M";
      case "email", "idn-email" -> "an e-mail address";
      case "uri", "url", "iri" -> "an address, as https://example.org";
      case "uuid" -> "a UUID";
      default -> "";
    };
  }

  private static String range(@Nullable JsonNode least, @Nullable JsonNode most, String unit) {
    String many = unit.equals("entry") ? "entries" : unit + "s";
    if (least != null && most != null) {
      return least.equals(most)
          ? "exactly " + most.asText() + " " + (most.asInt() == 1 ? unit : many)
          : least.asText() + " to " + most.asText() + " " + many;
    }
    if (most != null) {
      return "at most " + most.asText() + " " + (most.asInt() == 1 ? unit : many);
    }
    return least != null && least.asInt() > 1 ? least.asText() + " or more " + many : "";
  }

  private static String numbers(JsonNode node) {
    List<String> parts = new ArrayList<>();
    if (node.has("minimum") && node.has("maximum")) {
      parts.add(node.get("minimum").asText() + " to " + node.get("maximum").asText());
    } else if (node.has("minimum")) {
      parts.add(node.get("minimum").asText() + " or more");
    } else if (node.has("maximum")) {
      parts.add("at most " + node.get("maximum").asText());
    }
    if (node.path("exclusiveMinimum").isNumber()) {
      parts.add("more than " + node.get("exclusiveMinimum").asText());
    }
    if (node.path("exclusiveMaximum").isNumber()) {
      parts.add("less than " + node.get("exclusiveMaximum").asText());
    }
    if (node.has("multipleOf")) {
      parts.add("in steps of " + node.get("multipleOf").asText());
    }
    return String.join(", ", parts);
  }
}
