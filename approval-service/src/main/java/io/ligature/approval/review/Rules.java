package io.ligature.approval.review;

import io.ligature.approval.review.Standing.Asked;
import io.ligature.approval.review.Standing.Hold;
import io.ligature.avro.NeedsReview;
import io.ligature.avro.ReviewAct;
import io.ligature.avro.ReviewCommand;
import io.ligature.avro.ReviewDecision;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides what comes of a reviewer's command. The instant of the command is the one it carries, so
 * that a replay decides the same.
 *
 * <p>What a reviewer may not know about or do is told before the state of the review is.
 */
public final class Rules {

  /** May take a review away from whoever has it; decides nothing by that. */
  private static final List<String> RELEASERS = List.of("operator", "admin");

  private final Voting voting;
  private final ReviewLimits limits;

  public Rules(OutputCheck outputs, EditDiff diffs, ReviewLimits limits) {
    this.voting = new Voting(outputs, diffs, limits);
    this.limits = limits;
  }

  /**
   * @param review null: there is none of that id
   * @param before the review of the workflow that the reviewer decided earlier; null: none
   */
  public Ruling decide(@Nullable Review review, ReviewCommand command, @Nullable String before) {
    ReviewDecision wanted = command.getDecision();
    if (review == null || !review.request().getTenant().equals(command.getTenant())) {
      return new Ruling.Refused(new Refusal.Unknown(wanted.getReviewId()));
    }
    if (command.getAct() == ReviewAct.other) {
      return new Ruling.Refused(new Refusal.Malformed("this version does not know what is asked"));
    }
    if (wanted.getReviewer().equals(By.POLICY)) {
      return new Ruling.Refused(
          new Refusal.Malformed(
              "'" + By.POLICY + "' is how the rules sign; no person has the name"));
    }
    boolean releases = command.getAct() == ReviewAct.release;
    Optional<Refusal> personal =
        Reviewers.refusal(review, wanted.getReviewer(), command.getRoles(), before);
    if (personal.isPresent()
        && !(releases && command.getRoles().stream().anyMatch(RELEASERS::contains))) {
      return new Ruling.Refused(personal.get());
    }
    return switch (review) {
      case Review.Decided decided -> afterDecision(decided, command);
      case Review.Withdrawn gone ->
          new Ruling.Refused(new Refusal.NoLongerNeeded(gone.withdrawal().getReason()));
      case Review.Open open -> whileOpen(open, command);
    };
  }

  private static Ruling afterDecision(Review.Decided review, ReviewCommand command) {
    ReviewDecision made = review.decision();
    ReviewDecision wanted = command.getDecision();
    // Of a review whose trail does not tell which commands took effect.
    boolean untold =
        review.standing().commands().isEmpty()
            && command.getAct() == ReviewAct.decide
            && made.getDecisionId().equals(wanted.getDecisionId())
            && made.getReviewer().equals(wanted.getReviewer())
            && made.getDecision() == wanted.getDecision();
    return untold
        ? new Ruling.Happened()
        : known(review.standing(), command)
            .filter(any -> isOwn(review.standing(), command))
            .orElseGet(() -> new Ruling.Refused(new Refusal.AlreadyDecided(made)));
  }

  /** What the command wants, in one word. */
  public static String word(ReviewCommand command) {
    return command.getAct() == ReviewAct.decide
        ? command.getDecision().getDecision().name()
        : command.getAct().name();
  }

  /** What comes of a command whose id is known; empty: it is new. */
  private static Optional<Ruling> known(Standing standing, ReviewCommand command) {
    Asked before = standing.commands().get(command.getCommandId());
    if (before == null) {
      return Optional.empty();
    }
    return Optional.of(
        before.equals(asked(command))
            ? new Ruling.Happened()
            : new Ruling.Refused(new Refusal.KeyReused(command.getCommandId())));
  }

  private static boolean isOwn(Standing standing, ReviewCommand command) {
    Asked before = standing.commands().get(command.getCommandId());
    return before != null && before.who().equals(command.getDecision().getReviewer());
  }

  /** Moments are not in it: they are counted from when a command arrives. */
  private static Asked asked(ReviewCommand command) {
    ReviewDecision wanted = command.getDecision();
    String said =
        switch (command.getAct()) {
          case claim, release, other -> "";
          case delegate -> handedOn(command.getTo(), wanted.getReason());
          case comment, decide -> wanted.getReason();
        };
    return Asked.of(wanted.getReviewer(), word(command), said, wanted.getEditedOutput());
  }

  static String handedOn(@Nullable String to, String reason) {
    return to + "\n" + reason;
  }

  private Ruling whileOpen(Review.Open review, ReviewCommand command) {
    Standing standing = review.standing();
    Instant now = command.getDecision().getDecidedAt();
    Optional<Ruling> known = known(standing, command);
    if (known.isPresent()) {
      return known.get();
    }
    Instant expiry = review.request().getExpiresAt();
    if (expiry != null && !now.isBefore(expiry)) {
      return new Ruling.Refused(new Refusal.Expired(expiry));
    }
    Long version = command.getIfVersion();
    if (version != null && version != standing.version()) {
      return new Ruling.Refused(new Refusal.Changed(standing.version()));
    }
    if (command.getAct() != ReviewAct.decide && standing.entries() >= limits.maxEntries()) {
      return new Ruling.Refused(new Refusal.TrailFull(limits.maxEntries()));
    }
    Hold hold = standing.holdAt(now);
    return switch (command.getAct()) {
      case decide ->
          heldByOther(hold, command)
              .orElseGet(() -> voting.vote(review, by(review, command), command));
      case claim -> heldByOther(hold, command).orElseGet(() -> claim(review, hold, command));
      case release -> release(review, hold, command);
      case delegate -> heldByOther(hold, command).orElseGet(() -> delegate(review, hold, command));
      case comment -> comment(review, hold, command);
      case other -> throw new IllegalStateException("told above");
    };
  }

  private static Optional<Ruling> heldByOther(@Nullable Hold hold, ReviewCommand command) {
    return hold == null || hold.who().equals(command.getDecision().getReviewer())
        ? Optional.empty()
        : Optional.of(new Ruling.Refused(new Refusal.Held(hold.who(), hold.until())));
  }

  private Ruling claim(Review.Open review, @Nullable Hold hold, ReviewCommand command) {
    By by = by(review, command);
    return happens(new ReviewEvent.Claimed(by, lease(hold, by.at())));
  }

  /** What somebody was handed for longer is not cut short. */
  private Instant lease(@Nullable Hold hold, Instant now) {
    Instant until = now.plus(limits.lease());
    return hold != null && hold.until().isAfter(until) ? hold.until() : until;
  }

  private static Ruling release(Review.Open review, @Nullable Hold hold, ReviewCommand command) {
    if (hold == null) {
      return new Ruling.Refused(new Refusal.NotHeld());
    }
    boolean own = hold.who().equals(command.getDecision().getReviewer());
    if (!own && command.getRoles().stream().noneMatch(RELEASERS::contains)) {
      return new Ruling.Refused(new Refusal.Held(hold.who(), hold.until()));
    }
    return happens(new ReviewEvent.Released(by(review, command)));
  }

  private Ruling delegate(Review.Open review, @Nullable Hold hold, ReviewCommand command) {
    ReviewDecision said = command.getDecision();
    String to = command.getTo();
    if (to == null || to.isBlank()) {
      return new Ruling.Refused(new Refusal.Missing("say in 'to' who shall have the review"));
    }
    Optional<String> problem = delegationProblem(review, hold, command, to);
    if (problem.isPresent()) {
      return new Ruling.Refused(new Refusal.NoDelegation(problem.get()));
    }
    By by = by(review, command);
    Instant longest = by.at().plus(limits.longestDelegation());
    Instant until = command.getUntil() == null ? longest : command.getUntil();
    int depth = (hold == null ? 0 : hold.depth()) + 1;
    return happens(new ReviewEvent.Delegated(by, to, until, depth, said.getReason()));
  }

  private Optional<String> delegationProblem(
      Review.Open review, @Nullable Hold hold, ReviewCommand command, String to) {
    Instant now = command.getDecision().getDecidedAt();
    Duration longest = limits.longestDelegation();
    Instant until = command.getUntil();
    List<String> roles = command.getToRoles();
    if (to.equals(command.getDecision().getReviewer())) {
      return Optional.of("you have it yourself; claim it instead");
    }
    if (hold != null && hold.depth() >= limits.maxDelegations()) {
      return Optional.of(
          "this review was handed on " + hold.depth() + " times, which is as often as it may be");
    }
    if (until != null && (!until.isAfter(now) || until.isAfter(now.plus(longest)))) {
      return Optional.of("'until' must be in the future, and at most " + longest + " from now");
    }
    if (Reviewers.isRequester(review.request(), to)) {
      return Optional.of("'" + to + "' started the workflow, and this review needs four eyes");
    }
    if (review.standing().hasVote(to)) {
      return Optional.of("'" + to + "' has said already what they want to come of it");
    }
    if (roles != null && Reviewers.roleOf(review, to, roles).isEmpty()) {
      return Optional.of(
          "'"
              + to
              + "' may not decide this review: it needs the role '"
              + Reviewers.wanted(review)
              + "'");
    }
    return Optional.empty();
  }

  private Ruling comment(Review.Open review, @Nullable Hold hold, ReviewCommand command) {
    String text = command.getDecision().getReason();
    if (text.isBlank()) {
      return new Ruling.Refused(new Refusal.Missing("a comment needs a text"));
    }
    if (text.length() > limits.maxText()) {
      return new Ruling.Refused(Voting.tooLong(limits.maxText()));
    }
    By by = by(review, command);
    List<ReviewEvent> events = new ArrayList<>();
    events.add(new ReviewEvent.Commented(by, text));
    if (hold != null && hold.who().equals(by.who()) && lease(hold, by.at()).isAfter(hold.until())) {
      events.add(new ReviewEvent.Claimed(by, lease(hold, by.at())));
    }
    return new Ruling.Happens(events);
  }

  private static Ruling happens(ReviewEvent event) {
    return new Ruling.Happens(List.of(event));
  }

  private static By by(Review review, ReviewCommand command) {
    ReviewDecision said = command.getDecision();
    NeedsReview request = review.request();
    String role =
        Reviewers.roleOf(review, said.getReviewer(), command.getRoles())
            .orElseGet(
                () ->
                    command.getRoles().stream()
                        .filter(RELEASERS::contains)
                        .findFirst()
                        .orElse(request.getRule().getRole()));
    return new By(
        command.getCommandId(),
        said.getReviewer(),
        role,
        said.getDecidedAt(),
        command.getClient(),
        command.getSeen());
  }

  /** The entry about a command that changed nothing. */
  public static ReviewEvent.Refused refusedEvent(
      @Nullable Review review, ReviewCommand command, Refusal refusal) {
    ReviewDecision said = command.getDecision();
    String role =
        review == null
            ? ""
            : Reviewers.roleOf(review, said.getReviewer(), command.getRoles()).orElse("");
    return new ReviewEvent.Refused(
        new By(
            command.getCommandId(),
            said.getReviewer(),
            role,
            said.getDecidedAt(),
            command.getClient(),
            command.getSeen()),
        word(command),
        refusal.kind(),
        refusal.message());
  }
}
