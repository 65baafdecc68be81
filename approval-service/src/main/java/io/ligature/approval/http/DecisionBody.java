package io.ligature.approval.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.ligature.schemas.wire.Payloads;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a reviewer sends with a decision.
 *
 * @param output null unless the request has one
 */
record DecisionBody(String reason, @Nullable JsonNode output) {

  private static final int MOST_REASON = 4_000;

  /** An empty body is one without a reason. */
  static DecisionBody read(@Nullable String text, Set<String> fields) {
    JsonNode body = parse(text == null || text.isBlank() ? "{}" : text);
    if (!body.isObject()) {
      throw Problem.invalid("the body must be a JSON object with " + String.join(", ", fields));
    }
    for (var entry : body.properties()) {
      if (!fields.contains(entry.getKey())) {
        throw Problem.invalid(
            "there is no field '" + entry.getKey() + "' here; known are " + fields);
      }
    }
    JsonNode reason = body.path("reason");
    if (!reason.isMissingNode() && !reason.isNull() && !reason.isTextual()) {
      throw Problem.invalid("'reason' must be text");
    }
    String said = reason.isTextual() ? reason.textValue() : "";
    if (said.length() > MOST_REASON) {
      throw Problem.invalid("'reason' is longer than " + MOST_REASON + " characters");
    }
    return new DecisionBody(said, body.get("output"));
  }

  private static JsonNode parse(String text) {
    try {
      return Payloads.JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw Problem.invalid("the body is not JSON: " + e.getOriginalMessage());
    }
  }
}
