package io.ligature.approval.stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.schemas.wire.Payloads;
import java.time.Instant;
import java.util.List;

/** A command that changed nothing, as its review remembers it. */
public record RefusedCommand(
    String commandId, String reviewer, String decision, String kind, String message, Instant at) {

  /** From an entry of the trail. */
  static RefusedCommand of(JsonNode entry) {
    return new RefusedCommand(
        entry.path("commandId").asText(),
        entry.path("who").asText(),
        entry.path("wanted").asText(),
        entry.path("refusal").asText(),
        entry.path("message").asText(),
        Instant.parse(entry.path("at").asText()));
  }

  /** Of those, how many came from that person. */
  public static long by(List<RefusedCommand> refused, String reviewer) {
    return refused.stream().filter(each -> each.reviewer.equals(reviewer)).count();
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
