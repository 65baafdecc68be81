package io.ligature.approval.notify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.avro.ReviewTrailEntry;
import io.ligature.schemas.wire.Payloads;
import java.io.IOException;
import java.time.Instant;

/**
 * What happened to a review, for the world outside: no payloads, for nobody knows who reads them
 * there.
 *
 * @param id the same for every try
 * @param review as lists show it
 */
public record Notification(
    String id, String kind, String reviewId, String workflowId, Instant at, JsonNode review) {

  static Notification of(ReviewTrailEntry entry) {
    try {
      return new Notification(
          entry.getReviewId() + "/" + entry.getNumber(),
          entry.getKind(),
          entry.getReviewId(),
          entry.getWorkflowId(),
          entry.getAt(),
          Payloads.JSON.readTree(entry.getSummary()));
    } catch (IOException e) {
      throw new IllegalArgumentException("the summary of an entry is not JSON", e);
    }
  }

  public String json() {
    ObjectNode body =
        Payloads.JSON
            .createObjectNode()
            .put("id", id)
            .put("kind", kind)
            .put("reviewId", reviewId)
            .put("workflowId", workflowId)
            .put("at", at.toString());
    body.set("review", review);
    return body.toString();
  }
}
