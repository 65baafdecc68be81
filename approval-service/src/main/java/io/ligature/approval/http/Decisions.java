package io.ligature.approval.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.approval.review.Outcome;
import io.ligature.approval.review.Refusal;
import io.ligature.approval.review.Review;
import io.ligature.approval.stream.ReviewRuntime;
import io.ligature.avro.ReviewCommand;
import io.ligature.avro.ReviewDecision;
import io.ligature.schemas.wire.Payloads;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriBuilder;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Takes what a reviewer wants to the review's one writer and answers with what came of it.
 *
 * <p>What can be refused from the review as it stands is refused at once, and leaves no trace. A
 * command that is merely too late is sent all the same, so that the review remembers it.
 */
@ApplicationScoped
class Decisions {

  private final ReviewRuntime reviews;
  private final People people;
  private final Clock clock = Clock.systemUTC();

  Decisions(ReviewRuntime reviews, People people) {
    this.reviews = reviews;
    this.people = people;
  }

  Response take(Caller caller, String reviewId, Wish wish, Asked asked) {
    Review review =
        reviews.find(reviewId).orElseThrow(() -> Problem.of(new Refusal.Unknown(reviewId)));
    ReviewCommand command = command(caller, review, wish, asked);
    if (reviews.preview(review, command) instanceof Outcome.Refused(Refusal refusal)
        && !isLate(refusal)) {
      throw Problem.of(refusal);
    }
    return submit(review, command, asked.traceparent);
  }

  private Response submit(Review review, ReviewCommand command, @Nullable String traceparent) {
    Optional<Outcome> outcome =
        reviews.submit(review.request().getRootWorkflowId(), command, traceparent);
    if (outcome.isEmpty()) {
      return pending(command);
    }
    return switch (outcome.get()) {
      case Outcome.Accepted accepted -> ok(accepted.decision());
      case Outcome.Repeated repeated -> ok(repeated.decision());
      case Outcome.Noted(long version, String standing) -> noted(command, version, standing);
      case Outcome.Refused refused -> throw Problem.of(refused.refusal());
    };
  }

  private static boolean isLate(Refusal refusal) {
    return refusal instanceof Refusal.AlreadyDecided
        || refusal instanceof Refusal.NoLongerNeeded
        || refusal instanceof Refusal.Expired;
  }

  private static Response ok(ReviewDecision decision) {
    return Response.ok(ReviewView.decision(decision)).build();
  }

  private static Response noted(ReviewCommand command, long version, String standing) {
    ObjectNode body =
        Payloads.JSON
            .createObjectNode()
            .put("commandId", command.getCommandId())
            .put("reviewId", command.getDecision().getReviewId())
            .put("status", "open")
            .put("version", version)
            .put("standing", standing);
    return Response.ok(body).header("ETag", etag(version)).build();
  }

  static String etag(long version) {
    return "\"" + version + "\"";
  }

  private static Response pending(ReviewCommand command) {
    String reviewId = command.getDecision().getReviewId();
    ObjectNode body =
        Payloads.JSON
            .createObjectNode()
            .put("commandId", command.getCommandId())
            .put("reviewId", reviewId)
            .put("detail", "it is stored but has not taken effect yet; show the review");
    return Response.accepted(body).location(locationOf(reviewId)).build();
  }

  /** The id names a task path, which may hold what an address may not. */
  static URI locationOf(String reviewId) {
    return UriBuilder.fromPath("/reviews/{id}").build(reviewId);
  }

  private ReviewCommand command(Caller caller, Review review, Wish wish, Asked asked) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    String commandId = asked.commandId();
    Long version = asked.version();
    ReviewDecision wanted =
        new ReviewDecision(
            commandId,
            review.request().getReviewId(),
            review.request().getWorkflowId(),
            review.request().getRootWorkflowId(),
            wish.decision(),
            caller.name(),
            review.request().getRule().getRole(),
            wish.text(),
            wish.edited(),
            now);
    // Only who says which version they read is known to have seen it.
    String seen = version == null ? null : ReviewView.contextHash(review);
    return new ReviewCommand(
        commandId,
        wanted,
        caller.roles(),
        caller.tenant(),
        wish.act(),
        wish.to(),
        rolesOf(caller, wish.to()),
        wish.until(),
        version,
        asked.client(),
        seen);
  }

  private @Nullable List<String> rolesOf(Caller caller, @Nullable String who) {
    List<String> roles = who == null ? null : people.rolesOf(who);
    return roles == null || Caller.tenantOf(roles).equals(caller.tenant()) ? roles : List.of();
  }
}
