package io.ligature.approval.stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.approval.review.Review;
import io.ligature.approval.review.Reviewers;
import io.ligature.approval.review.Standing;
import io.ligature.avro.NeedsReview;
import io.ligature.schemas.wire.Payloads;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/**
 * What a list shows of a review, kept in the index so that listing opens no review.
 *
 * @param key of the index row; also the cursor behind it
 * @param content as the API shows it
 */
public record ReviewSummary(String key, ObjectNode content) {

  /** The indexes; a review stands in exactly one. */
  public enum Status {
    OPEN,
    DECIDED,
    WITHDRAWN;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    String prefix() {
      return word() + "/";
    }
  }

  /**
   * @param reason why a person is needed, as everyone may read it
   */
  public static ReviewSummary of(Review review, String reason) {
    NeedsReview request = review.request();
    ObjectNode content = Payloads.JSON.createObjectNode();
    content
        .put("reviewId", request.getReviewId())
        .put("workflowId", request.getWorkflowId())
        .put("definition", request.getDefinition())
        .put("task", request.getTask())
        .put("tenant", request.getTenant())
        .put("requester", request.getRequester())
        .put("role", request.getRule().getRole())
        .put("reason", reason)
        .put("purpose", request.getPurpose())
        .put("status", status(review).word())
        .put("requestedAt", request.getRequestedAt().toString());
    Instant expiry = request.getExpiresAt();
    content.put("expiresAt", expiry == null ? null : expiry.toString());
    Standing standing = review.standing();
    Reviewers.rolesOf(review).forEach(content.putArray("roles")::add);
    request.getRule().getUsers().forEach(content.putArray("users")::add);
    standing.actors().stream().sorted().forEach(content.putArray("actors")::add);
    content
        .put("version", standing.version())
        .put("approvals", standing.approvals())
        .put("quorum", request.getRule().getQuorum());
    Standing.Hold hold = standing.hold();
    if (hold != null && review instanceof Review.Open) {
      content
          .putObject("claim")
          .put("who", hold.who())
          .put("until", hold.until().toString())
          .put("from", hold.from());
    } else {
      content.putNull("claim");
    }
    if (review instanceof Review.Decided decided) {
      content
          .put("decision", decided.decision().getDecision().name())
          .put("reviewer", decided.decision().getReviewer())
          .put("decidedAt", decided.decision().getDecidedAt().toString());
    }
    return new ReviewSummary(key(review), content);
  }

  static ReviewSummary read(String key, byte[] bytes) {
    try {
      JsonNode content = Payloads.JSON.readTree(bytes);
      return new ReviewSummary(key, (ObjectNode) content);
    } catch (IOException e) {
      throw new IllegalStateException("row " + key + " is not what was written", e);
    }
  }

  byte[] row() {
    return ReviewRows.json(content);
  }

  /** The list it stands in. */
  Status status() {
    return Status.valueOf(key.substring(0, key.indexOf('/')).toUpperCase(Locale.ROOT));
  }

  public String tenant() {
    return content.path("tenant").asText();
  }

  public String role() {
    return content.path("role").asText();
  }

  /** Whether they may decide it, leaving four eyes aside. */
  public boolean isFor(String who, List<String> roles) {
    JsonNode claim = content.path("claim");
    boolean holds = claim.isObject() && claim.path("who").asText().equals(who);
    if (holds || has("users", who)) {
      return true;
    }
    return roles.stream().anyMatch(this::isForRole);
  }

  public boolean isForRole(String role) {
    // Rows of an earlier version have the one role alone.
    return role.equals(role()) || has("roles", role);
  }

  public boolean wasActedOnBy(String who) {
    return has("actors", who);
  }

  private boolean has(String list, String word) {
    for (JsonNode each : content.path(list)) {
      if (each.asText().equals(word)) {
        return true;
      }
    }
    return false;
  }

  static Status status(Review review) {
    return switch (review) {
      case Review.Open any -> Status.OPEN;
      case Review.Decided any -> Status.DECIDED;
      case Review.Withdrawn any -> Status.WITHDRAWN;
    };
  }

  static String key(Review review) {
    Instant at =
        switch (review) {
          case Review.Open open -> open.request().getRequestedAt();
          case Review.Decided decided -> decided.decision().getDecidedAt();
          case Review.Withdrawn gone -> gone.withdrawal().getWithdrawnAt();
        };
    return status(review).prefix() + millis(at) + "/" + review.request().getReviewId();
  }

  /** Sorts as text in the order of time. */
  static String millis(Instant at) {
    return String.format(Locale.ROOT, "%015d", Math.max(0, at.toEpochMilli()));
  }

  /** The review an index row is about. */
  static String reviewId(String key) {
    return key.substring(key.indexOf('/', key.indexOf('/') + 1) + 1);
  }
}
