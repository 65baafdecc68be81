package io.ligature.approval.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.approval.identity.Masking;
import io.ligature.approval.review.Outcome;
import io.ligature.approval.review.Refusal;
import io.ligature.approval.review.Review;
import io.ligature.approval.stream.ReviewRuntime;
import io.ligature.avro.Decision;
import io.ligature.avro.Payload;
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
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Takes a decision to the review's one writer and answers with what came of it.
 *
 * <p>What can be refused from the review as it stands is refused at once, and leaves no trace. A
 * decision that is merely too late is sent all the same, so that the review remembers it.
 */
@ApplicationScoped
class Decisions {

  private static final Pattern COMMAND_ID = Pattern.compile("[\\x21-\\x7e]{1,200}");

  private final ReviewRuntime reviews;
  private final Masking masking;
  private final Clock clock = Clock.systemUTC();

  Decisions(ReviewRuntime reviews, Masking masking) {
    this.reviews = reviews;
    this.masking = masking;
  }

  Response decide(
      Caller caller,
      String reviewId,
      Decision decision,
      String reason,
      @Nullable Payload edited,
      @Nullable String idempotencyKey,
      @Nullable String traceparent) {
    Review review =
        reviews.find(reviewId).orElseThrow(() -> Problem.of(new Refusal.Unknown(reviewId)));
    ReviewCommand command =
        command(caller, review, decision, reason, edited, commandId(idempotencyKey));
    return switch (masking.shown(reviews.preview(review, command), review, caller.roles())) {
      case Outcome.Repeated repeated -> ok(repeated.decision());
      case Outcome.Accepted any -> {
        if (edited != null && masking.hides(review, caller.roles())) {
          throw Problem.of(new Refusal.WrongRole(masking.role()));
        }
        yield submit(review, command, traceparent);
      }
      case Outcome.Refused refused -> {
        if (!isLate(refused.refusal())) {
          throw Problem.of(refused.refusal());
        }
        yield submit(review, command, traceparent);
      }
    };
  }

  private Response submit(Review review, ReviewCommand command, @Nullable String traceparent) {
    Optional<Outcome> outcome =
        reviews.submit(review.request().getRootWorkflowId(), command, traceparent);
    if (outcome.isEmpty()) {
      return pending(command);
    }
    return switch (masking.shown(outcome.get(), review, command.getRoles())) {
      case Outcome.Accepted accepted -> ok(accepted.decision());
      case Outcome.Repeated repeated -> ok(repeated.decision());
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

  private static Response pending(ReviewCommand command) {
    String reviewId = command.getDecision().getReviewId();
    ObjectNode body =
        Payloads.JSON
            .createObjectNode()
            .put("commandId", command.getCommandId())
            .put("reviewId", reviewId)
            .put("detail", "the decision is stored but has not taken effect yet; show the review");
    return Response.accepted(body).location(locationOf(reviewId)).build();
  }

  /** The id names a task path, which may hold what an address may not. */
  static URI locationOf(String reviewId) {
    return UriBuilder.fromPath("/reviews/{id}").build(reviewId);
  }

  private static String commandId(@Nullable String idempotencyKey) {
    if (idempotencyKey == null) {
      return UUID.randomUUID().toString();
    }
    if (!COMMAND_ID.matcher(idempotencyKey).matches()) {
      throw Problem.invalid("Idempotency-Key: give 1 to 200 printable characters without spaces");
    }
    return idempotencyKey;
  }

  private ReviewCommand command(
      Caller caller,
      Review review,
      Decision decision,
      String reason,
      @Nullable Payload edited,
      String commandId) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    ReviewDecision wanted =
        new ReviewDecision(
            commandId,
            review.request().getReviewId(),
            review.request().getWorkflowId(),
            review.request().getRootWorkflowId(),
            decision,
            caller.name(),
            review.request().getRule().getRole(),
            reason,
            edited,
            now);
    return new ReviewCommand(commandId, wanted, caller.roles(), caller.tenant());
  }
}
