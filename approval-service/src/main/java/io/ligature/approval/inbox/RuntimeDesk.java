package io.ligature.approval.inbox;

import com.fasterxml.jackson.databind.JsonNode;
import io.ligature.approval.identity.Person;
import io.ligature.approval.review.Outcome;
import io.ligature.approval.review.Refusal;
import io.ligature.approval.review.Review;
import io.ligature.approval.stream.ApprovalSettings;
import io.ligature.approval.stream.RefusedCommand;
import io.ligature.approval.stream.ReviewPage;
import io.ligature.approval.stream.ReviewRuntime;
import io.ligature.approval.stream.ReviewSummary;
import io.ligature.avro.NeedsReview;
import io.ligature.avro.ReviewCommand;
import io.ligature.avro.ReviewDecision;
import io.ligature.schemas.wire.Payloads;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The desk over the running fold. */
@ApplicationScoped
class RuntimeDesk implements ReviewDesk {

  private static final String UNSENT = "unsent";

  private final ReviewRuntime reviews;
  private final ApprovalSettings settings;
  private final Clock clock = Clock.systemUTC();

  RuntimeDesk(ReviewRuntime reviews, ApprovalSettings settings) {
    this.reviews = reviews;
    this.settings = settings;
  }

  @Override
  public Optional<Review> find(String reviewId) {
    return reviews.find(reviewId);
  }

  @Override
  public List<RefusedCommand> refused(String reviewId) {
    return reviews.refused(reviewId);
  }

  @Override
  public ReviewPage list(
      ReviewSummary.Status status, @Nullable String after, Predicate<ReviewSummary> wanted) {
    return reviews.list(status, after, wanted, settings.pageSize());
  }

  @Override
  public Optional<Refusal> objection(Person person, Review review, Verdict verdict) {
    Outcome outcome = reviews.preview(review, command(person, review, verdict, UNSENT));
    return outcome instanceof Outcome.Refused refused
        ? Optional.of(refused.refusal())
        : Optional.empty();
  }

  /** What came too late is sent all the same, so that the review remembers it. */
  @Override
  public Answer decide(Person person, Review review, Verdict verdict, String key) {
    ReviewCommand command = command(person, review, verdict, key);
    return switch (reviews.preview(review, command)) {
      case Outcome.Repeated repeated -> new Answer.Taken(repeated.decision());
      case Outcome.Accepted any -> submit(review, command);
      case Outcome.Refused refused ->
          isLate(refused.refusal())
              ? submit(review, command)
              : new Answer.Refused(refused.refusal());
    };
  }

  private Answer submit(Review review, ReviewCommand command) {
    Optional<Outcome> outcome = reviews.submit(review.request().getRootWorkflowId(), command, null);
    if (outcome.isEmpty()) {
      return new Answer.Stored();
    }
    return switch (outcome.get()) {
      case Outcome.Accepted accepted -> new Answer.Taken(accepted.decision());
      case Outcome.Repeated repeated -> new Answer.Taken(repeated.decision());
      case Outcome.Refused refused -> new Answer.Refused(refused.refusal());
    };
  }

  private static boolean isLate(Refusal refusal) {
    return refusal instanceof Refusal.AlreadyDecided
        || refusal instanceof Refusal.NoLongerNeeded
        || refusal instanceof Refusal.Expired;
  }

  private ReviewCommand command(Person person, Review review, Verdict verdict, String key) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    NeedsReview request = review.request();
    JsonNode output = verdict.output();
    return new ReviewCommand(
        key,
        new ReviewDecision(
            key,
            request.getReviewId(),
            request.getWorkflowId(),
            request.getRootWorkflowId(),
            verdict.decision(),
            person.name(),
            request.getRule().getRole(),
            verdict.reason(),
            output == null ? null : Payloads.json(output),
            now),
        person.roles(),
        person.tenant());
  }
}
