package io.ligature.approval.inbox;

import com.fasterxml.jackson.databind.JsonNode;
import io.ligature.approval.identity.Person;
import io.ligature.approval.review.Refusal;
import io.ligature.approval.review.Review;
import io.ligature.approval.stream.RefusedCommand;
import io.ligature.approval.stream.ReviewPage;
import io.ligature.approval.stream.ReviewSummary;
import io.ligature.avro.Decision;
import io.ligature.avro.ReviewDecision;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * All that the page needs of the reviews.
 *
 * <p>Every question may throw {@link io.ligature.approval.stream.UnavailableException}.
 */
interface ReviewDesk {

  Optional<Review> find(String reviewId);

  /** Commands that changed nothing, oldest first. */
  List<RefusedCommand> refused(String reviewId);

  /**
   * @param after key to go on behind; null: from the beginning
   */
  ReviewPage list(
      ReviewSummary.Status status, @Nullable String after, Predicate<ReviewSummary> wanted);

  /** Why the verdict could not be taken as the review stands; nothing is written. */
  Optional<Refusal> objection(Person person, Review review, Verdict verdict);

  /**
   * Sends the verdict and waits until it has taken effect.
   *
   * @param key the same key twice decides once, and answers the same
   */
  Answer decide(Person person, Review review, Verdict verdict, String key);

  /**
   * What a reviewer wants.
   *
   * @param output takes the place of what was reviewed; null unless it is edited
   */
  record Verdict(Decision decision, String reason, @Nullable JsonNode output) {}

  /** What came of a verdict. */
  sealed interface Answer {

    /** It is decided, by this verdict. */
    record Taken(ReviewDecision decision) implements Answer {}

    /** It is stored, and will be decided. */
    record Stored() implements Answer {}

    /** It changed nothing. */
    record Refused(Refusal refusal) implements Answer {}
  }
}
