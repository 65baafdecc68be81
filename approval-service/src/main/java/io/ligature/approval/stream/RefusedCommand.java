package io.ligature.approval.stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.approval.review.Refusal;
import io.ligature.avro.ReviewCommand;
import io.ligature.schemas.wire.Payloads;
import java.time.Instant;

/** A command that changed nothing, as its review remembers it. */
public record RefusedCommand(
    String commandId, String reviewer, String decision, String kind, String message, Instant at) {

  static RefusedCommand of(ReviewCommand command, Refusal refusal) {
    return new RefusedCommand(
        command.getCommandId(),
        command.getDecision().getReviewer(),
        command.getDecision().getDecision().name(),
        refusal.kind(),
        refusal.message(),
        command.getDecision().getDecidedAt());
  }

  static RefusedCommand of(JsonNode json) {
    return new RefusedCommand(
        json.path("commandId").asText(),
        json.path("reviewer").asText(),
        json.path("decision").asText(),
        json.path("kind").asText(),
        json.path("message").asText(),
        Instant.parse(json.path("at").asText()));
  }

  public ObjectNode json() {
    return Payloads.JSON
        .createObjectNode()
        .put("commandId", commandId)
        .put("reviewer", reviewer)
        .put("decision", decision)
        .put("kind", kind)
        .put("message", message)
        .put("at", at.toString());
  }
}
