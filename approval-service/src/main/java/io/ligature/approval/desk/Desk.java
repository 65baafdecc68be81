package io.ligature.approval.desk;

import io.ligature.approval.identity.Masking;
import io.ligature.approval.identity.Person;
import io.ligature.approval.review.Outcome;
import io.ligature.approval.review.Refusal;
import io.ligature.approval.review.Review;
import io.ligature.approval.stream.ReviewRuntime;
import io.ligature.avro.NeedsReview;
import io.ligature.avro.ReviewCommand;
import io.ligature.avro.ReviewDecision;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Takes what a person wants to the review's one writer and tells what came of it, as far as they
 * may see it.
 *
 * <p>What can be refused from the review as it stands is refused at once, and leaves no trace. A
 * command that is merely too late is sent all the same, so that the review remembers it.
 */
@ApplicationScoped
public class Desk {

  private static final Source UNSENT = new Source("unsent", null, "", null);

  private final ReviewRuntime reviews;
  private final People people;
  private final Masking masking;
  private final Clock clock = Clock.systemUTC();

  public Desk(ReviewRuntime reviews, People people, Masking masking) {
    this.reviews = reviews;
    this.people = people;
    this.masking = masking;
  }

  /** Why the wish would be refused as the review stands; nothing is written. */
  public Optional<Refusal> objection(Person person, Review review, Wish wish) {
    return refusal(preview(person, review, wish, command(person, review, wish, UNSENT)));
  }

  /**
   * Sends the wish and waits for what comes of it.
   *
   * @return empty: it is stored, and will take effect
   */
  public Optional<Outcome> take(Person person, Review review, Wish wish, Source source) {
    ReviewCommand command = command(person, review, wish, source);
    Outcome preview = preview(person, review, wish, command);
    boolean settled =
        preview instanceof Outcome.Repeated
            || refusal(preview).filter(refusal -> !isLate(refusal)).isPresent();
    if (settled) {
      return Optional.of(preview);
    }
    return reviews
        .submit(review.request().getRootWorkflowId(), command, source.traceparent())
        .map(outcome -> masking.shown(outcome, review, person.roles()));
  }

  private Outcome preview(Person person, Review review, Wish wish, ReviewCommand command) {
    Outcome outcome = reviews.preview(review, command);
    // Whom the review does not concern is told no more than that.
    boolean concerned = refusal(outcome).filter(refusal -> !isLate(refusal)).isEmpty();
    if (concerned) {
      outcome = unwritable(wish).orElse(outcome);
    }
    // An edit takes the place of the whole, also of what its author cannot see.
    boolean blind = wish.edited() != null && masking.hides(review, person.roles());
    // What the schema says of their output is not told either: it might be made for asking.
    boolean judged =
        !(outcome instanceof Outcome.Refused(Refusal refusal))
            || refusal instanceof Refusal.InvalidEdit;
    return blind && judged
        ? new Outcome.Refused(new Refusal.WrongRole(masking.role()))
        : masking.shown(outcome, review, person.roles());
  }

  private static Optional<Outcome> unwritable(Wish wish) {
    String text = WellFormed.problem(wish.text());
    String problem = text == null ? WellFormed.problem(wish.to()) : text;
    return problem == null
        ? Optional.empty()
        : Optional.of(new Outcome.Refused(new Refusal.Malformed(problem)));
  }

  private static Optional<Refusal> refusal(Outcome outcome) {
    return outcome instanceof Outcome.Refused(Refusal refusal)
        ? Optional.of(refusal)
        : Optional.empty();
  }

  private static boolean isLate(Refusal refusal) {
    return refusal instanceof Refusal.AlreadyDecided
        || refusal instanceof Refusal.NoLongerNeeded
        || refusal instanceof Refusal.Expired;
  }

  private ReviewCommand command(Person person, Review review, Wish wish, Source source) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    NeedsReview request = review.request();
    Long version = source.version();
    // Only who says which version they read is known to have seen it.
    String seen =
        version == null ? null : ReviewContext.sha256(masking.shown(review, person.roles()));
    return new ReviewCommand(
        source.key(),
        new ReviewDecision(
            source.key(),
            request.getReviewId(),
            request.getWorkflowId(),
            request.getRootWorkflowId(),
            wish.decision(),
            person.name(),
            request.getRule().getRole(),
            wish.text(),
            wish.edited(),
            now),
        person.roles(),
        person.tenant(),
        wish.act(),
        wish.to(),
        rolesOf(person, wish.to()),
        wish.until(),
        version,
        source.client(),
        seen);
  }

  private @Nullable List<String> rolesOf(Person person, @Nullable String who) {
    List<String> roles = who == null ? null : people.rolesOf(who);
    return roles == null || Person.tenantOf(roles).equals(person.tenant()) ? roles : List.of();
  }
}
