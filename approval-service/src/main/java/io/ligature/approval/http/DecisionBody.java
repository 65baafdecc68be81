package io.ligature.approval.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.ligature.schemas.wire.Payloads;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a reviewer sends with a decision.
 *
 * @param output null unless the request has one
 * @param text of a comment
 * @param to who shall have the review
 * @param until until when they shall
 * @param versions of reviews that were read, by their ids; null: not said
 */
record DecisionBody(
    String reason,
    @Nullable JsonNode output,
    String text,
    @Nullable String to,
    @Nullable Instant until,
    @Nullable Map<String, Long> versions) {

  /** An empty body is one without a reason. */
  static DecisionBody read(@Nullable String content, Set<String> fields) {
    JsonNode body = parse(content == null || content.isBlank() ? "{}" : content);
    if (!body.isObject()) {
      throw Problem.invalid("the body must be a JSON object with " + String.join(", ", fields));
    }
    for (var entry : body.properties()) {
      if (!fields.contains(entry.getKey())) {
        throw Problem.invalid(
            "there is no field '" + entry.getKey() + "' here; known are " + fields);
      }
    }
    String reason = text(body, "reason");
    String text = text(body, "text");
    String to = text(body, "to");
    return new DecisionBody(
        reason == null ? "" : reason,
        body.get("output"),
        text == null ? "" : text,
        to,
        instant(text(body, "until")),
        versions(body.get("versions")));
  }

  private static @Nullable String text(JsonNode body, String field) {
    JsonNode value = body.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    if (!value.isTextual()) {
      throw Problem.invalid("'" + field + "' must be text");
    }
    return value.textValue();
  }

  private static @Nullable Map<String, Long> versions(@Nullable JsonNode given) {
    if (given == null || given.isNull()) {
      return null;
    }
    Map<String, Long> versions = new HashMap<>();
    for (var each : given.properties()) {
      if (!each.getValue().canConvertToLong() || !each.getValue().isIntegralNumber()) {
        throw Problem.invalid("'versions' must have the version that was read for each id");
      }
      versions.put(each.getKey(), each.getValue().longValue());
    }
    if (!given.isObject()) {
      throw Problem.invalid("'versions' must be an object: {\"REVIEW\": VERSION}");
    }
    return versions;
  }

  private static @Nullable Instant instant(@Nullable String text) {
    try {
      return text == null ? null : Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw Problem.invalid("'until' must be an instant, as 2026-03-01T09:00:00Z");
    }
  }

  private static JsonNode parse(String text) {
    try {
      return Payloads.JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw Problem.invalid("the body is not JSON: " + e.getOriginalMessage());
    }
  }
}
