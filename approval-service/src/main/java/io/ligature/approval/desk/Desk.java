package io.ligature.approval.desk;

import io.ligature.approval.identity.Masking;
import io.ligature.approval.identity.Person;
import io.ligature.approval.review.Outcome;
import io.ligature.approval.review.Refusal;
import io.ligature.approval.review.Review;
import io.ligature.approval.stream.ApprovalSettings;
import io.ligature.approval.stream.RefusedCommand;
import io.ligature.approval.stream.ReviewRuntime;
import io.ligature.approval.stream.TurnedDown;
import io.ligature.approval.stream.UnavailableException;
import io.ligature.avro.NeedsReview;
import io.ligature.avro.ReviewAct;
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
 * <p>What can be refused from the review as it stands is refused at once: it is counted and logged,
 * and changes nothing. A command that is merely too late is sent all the same, so that the review
 * remembers it. So is the news, though not the command, that somebody who sees the review wanted
 * what is not theirs to do; a few times for each person.
 */
@ApplicationScoped
public class Desk {

  private static final Source UNSENT = new Source("unsent", null, "", null);

  /** Versions count from 1. */
  private static final Long NO_VERSION = -1L;

  private final ReviewRuntime reviews;
  private final People people;
  private final Masking masking;
  private final ApprovalSettings settings;
  private final Clock clock = Clock.systemUTC();

  public Desk(ReviewRuntime reviews, People people, Masking masking, ApprovalSettings settings) {
    this.reviews = reviews;
    this.settings = settings;
    this.people = people;
    this.masking = masking;
  }

  /** Why the wish would be refused as the review stands; nothing is written. */
  public Optional<Refusal> objection(Person person, Review review, Wish wish) {
    Outcome ruled = reviews.preview(review, command(person, review, wish, UNSENT));
    return refusal(preview(person, review, wish, ruled));
  }

  /**
   * Sends the wish and waits for what comes of it.
   *
   * @return empty: it is stored, and will take effect
   */
  public Optional<Outcome> take(Person person, Review review, Wish wish, Source source) {
    ReviewCommand command = command(person, review, wish, source);
    Outcome ruled = reviews.preview(review, command);
    Outcome preview = preview(person, review, wish, ruled);
    if (preview instanceof Outcome.Repeated) {
      return Optional.of(preview);
    }
    Optional<Refusal> refusal = refusal(preview);
    if (refusal.isEmpty() && isBlind(wish, source)) {
      refusal = Optional.of(new Refusal.Unseen());
    }
    refusal = refusal.filter(each -> !isLate(each));
    if (refusal.isPresent()) {
      boolean personal = refusal(ruled).filter(Refusal::isPersonal).isPresent();
      if (!personal || !isKept(person, review, wish, source)) {
        String id = review.request().getReviewId();
        turnedDown(person, id, wish.word(), source.client(), refusal.get());
      }
      return refusal.map(Outcome.Refused::new);
    }
    return reviews
        .submit(review.request().getRootWorkflowId(), command, source.traceparent())
        .map(outcome -> masking.shown(outcome, review, person.roles()));
  }

  /** Tells operators of a command that was refused before it got to the review. */
  public void turnedDown(
      Person person, String reviewId, String action, String client, Refusal refusal) {
    reviews.turnedDown(
        new TurnedDown(reviewId, person.name(), person.tenant(), action, client, refusal));
  }

  /**
   * Has the review remember that somebody wanted what is not theirs to do. It is sent under a
   * version that no review has: should the review be theirs by the time it arrives, nothing comes
   * of it all the same.
   *
   * @return false: it stays a line of the log
   */
  private boolean isKept(Person person, Review review, Wish wish, Source source) {
    if (!person.belongsWith(review) || !person.maySee(review)) {
      return false;
    }
    try {
      List<RefusedCommand> known = reviews.refused(review.request().getReviewId());
      boolean again = known.stream().anyMatch(each -> each.commandId().equals(source.key()));
      if (again
          || known.size() >= settings.maxRefusals()
          || RefusedCommand.by(known, person.name()) >= settings.maxRefusalsOfOne()) {
        return false;
      }
      Source nowhere = new Source(source.key(), NO_VERSION, source.client(), source.traceparent());
      ReviewCommand command =
          command(person, review, wish.bare(), nowhere, seen(person, review, source));
      reviews.submit(review.request().getRootWorkflowId(), command, source.traceparent());
      return true;
    } catch (UnavailableException e) {
      return false;
    }
  }

  private Outcome preview(Person person, Review review, Wish wish, Outcome ruled) {
    Outcome outcome = ruled;
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

  /** A decision on nobody knows what, where the settings want to know. */
  private boolean isBlind(Wish wish, Source source) {
    return settings.requireIfMatch() && wish.act() == ReviewAct.decide && source.version() == null;
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
    return command(person, review, wish, source, seen(person, review, source));
  }

  /** Only who says which version they read is known to have seen it. */
  private @Nullable String seen(Person person, Review review, Source source) {
    return source.version() == null
        ? null
        : ReviewContext.sha256(masking.shown(review, person.roles()));
  }

  private ReviewCommand command(
      Person person, Review review, Wish wish, Source source, @Nullable String seen) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    NeedsReview request = review.request();
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
        source.version(),
        source.client(),
        seen);
  }

  private @Nullable List<String> rolesOf(Person person, @Nullable String who) {
    List<String> roles = who == null ? null : people.rolesOf(who);
    return roles == null || Person.tenantOf(roles).equals(person.tenant()) ? roles : List.of();
  }
}
