package io.ligature.approval.stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.approval.review.By;
import io.ligature.approval.review.ReviewEvent;
import io.ligature.avro.Decision;
import io.ligature.avro.NeedsReview;
import io.ligature.avro.Payload;
import io.ligature.avro.ReviewDecision;
import io.ligature.avro.ReviewWithdrawn;
import io.ligature.schemas.wire.Payloads;
import io.ligature.schemas.wire.TrailLine;
import java.time.Instant;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** Entries of a trail as JSON, and back. */
record TrailJson(JsonNode json) {

  /** Characters of a diff that a line carries; a longer one is in its row alone. */
  private static final int MOST_DIFF = 32_000;

  static TrailJson parse(TrailLine line) {
    return new TrailJson(line.json());
  }

  String reviewId() {
    return json.path("reviewId").asText();
  }

  String kind() {
    return json.path("kind").asText();
  }

  /**
   * @param previous hash of the entry before
   * @param context SHA-256 of the request, for the first entry
   */
  static TrailLine write(
      String reviewId, long number, String previous, ReviewEvent event, String context) {
    ObjectNode entry =
        Payloads.JSON
            .createObjectNode()
            .put("reviewId", reviewId)
            .put("number", number)
            .put("at", event.at().toString())
            .put("kind", kindOf(event));
    fill(entry, event, context);
    entry.put("previous", previous);
    return TrailLine.sealed(entry.toString());
  }

  static String kindOf(ReviewEvent event) {
    return switch (event) {
      case ReviewEvent.Opened any -> "opened";
      case ReviewEvent.Claimed any -> "claimed";
      case ReviewEvent.Released any -> "released";
      case ReviewEvent.Delegated any -> "delegated";
      case ReviewEvent.Commented any -> "commented";
      case ReviewEvent.Voted any -> "voted";
      case ReviewEvent.Decided any -> "decided";
      case ReviewEvent.Reminded any -> "reminded";
      case ReviewEvent.Escalated any -> "escalated";
      case ReviewEvent.Withdrawn any -> "withdrawn";
      case ReviewEvent.Refused any -> "refused";
    };
  }

  private static void fill(ObjectNode entry, ReviewEvent event, String context) {
    switch (event) {
      case ReviewEvent.Opened(NeedsReview request) ->
          entry
              .put("workflowId", request.getWorkflowId())
              .put("task", request.getTask())
              .put("reason", request.getReason())
              .put("request", context);
      case ReviewEvent.Claimed(By by, Instant until) ->
          by(entry, by).put("until", until.toString());
      case ReviewEvent.Released(By by) -> by(entry, by);
      case ReviewEvent.Delegated(By by, String to, Instant until, int depth, String reason) ->
          by(entry, by)
              .put("to", to)
              .put("until", until.toString())
              .put("depth", depth)
              .put("reason", reason);
      case ReviewEvent.Commented(By by, String text) -> by(entry, by).put("text", text);
      case ReviewEvent.Voted(
              By by,
              Decision decision,
              String reason,
              Payload edited,
              String diff) -> {
        by(entry, by).put("decision", decision.name()).put("reason", reason);
        if (edited != null) {
          // An output may be as large as a record; it is kept in rows of its own.
          entry.put("output", edited.getSha256());
          boolean fits = diff != null && diff.length() <= MOST_DIFF;
          entry.put("diff", fits ? diff : null);
        }
      }
      case ReviewEvent.Decided(ReviewDecision made) -> {
        entry
            .put("decisionId", made.getDecisionId())
            .put("decision", made.getDecision().name())
            .put("who", made.getReviewer())
            .put("role", made.getRole())
            .put("reason", made.getReason());
        if (made.getEditedOutput() != null) {
          entry.put("output", made.getEditedOutput().getSha256());
        }
      }
      case ReviewEvent.Reminded(int reminder, Instant at) -> entry.put("reminder", reminder);
      case ReviewEvent.Escalated(int step, String to, Instant at) ->
          entry.put("step", step).put("to", to);
      case ReviewEvent.Withdrawn(ReviewWithdrawn withdrawal) ->
          entry.put("reason", withdrawal.getReason());
      case ReviewEvent.Refused(By by, String wanted, String kind, String message) ->
          by(entry, by).put("wanted", wanted).put("refusal", kind).put("message", message);
    }
  }

  private static ObjectNode by(ObjectNode entry, By by) {
    return entry
        .put("commandId", by.commandId())
        .put("who", by.who())
        .put("role", by.role())
        .put("client", by.client())
        .put("seen", by.seen());
  }

  /** What an edit made; kept in rows of its own, since it may be as large as a record. */
  record Edit(Payload output, String diff) {}

  /**
   * The event behind the entry; what is kept in rows of its own comes from them.
   *
   * @param edits by the number of the entry
   */
  ReviewEvent event(
      NeedsReview request,
      @Nullable ReviewDecision decision,
      @Nullable ReviewWithdrawn withdrawal,
      LongFunction<Edit> edits) {
    return switch (kind()) {
      case "opened" -> new ReviewEvent.Opened(request);
      case "claimed" -> new ReviewEvent.Claimed(by(), instant("until"));
      case "released" -> new ReviewEvent.Released(by());
      case "delegated" ->
          new ReviewEvent.Delegated(
              by(), word("to"), instant("until"), json.path("depth").asInt(), word("reason"));
      case "commented" -> new ReviewEvent.Commented(by(), word("text"));
      case "voted" -> voted(edits);
      case "decided" -> new ReviewEvent.Decided(kept(decision));
      case "reminded" -> new ReviewEvent.Reminded(json.path("reminder").asInt(), instant("at"));
      case "escalated" ->
          new ReviewEvent.Escalated(json.path("step").asInt(), word("to"), instant("at"));
      case "withdrawn" -> new ReviewEvent.Withdrawn(kept(withdrawal));
      case "refused" ->
          new ReviewEvent.Refused(by(), word("wanted"), word("refusal"), word("message"));
      default ->
          throw new IllegalStateException(
              "expected an entry of a trail, found one of kind '" + kind() + "' in " + reviewId());
    };
  }

  private ReviewEvent voted(LongFunction<Edit> edits) {
    Edit edit = json.hasNonNull("output") ? edits.apply(json.path("number").asLong()) : null;
    return new ReviewEvent.Voted(
        by(),
        Decision.valueOf(word("decision")),
        word("reason"),
        edit == null ? null : edit.output(),
        edit == null ? null : edit.diff());
  }

  private <T> T kept(@Nullable T row) {
    if (row == null) {
      throw new IllegalStateException(
          "expected a row beside the entry of kind '" + kind() + "', found none in " + reviewId());
    }
    return row;
  }

  private By by() {
    return new By(
        word("commandId"),
        word("who"),
        word("role"),
        instant("at"),
        word("client"),
        json.path("seen").textValue());
  }

  private String word(String field) {
    return json.path(field).asText();
  }

  private Instant instant(String field) {
    return Instant.parse(word(field));
  }
}
