package io.ligature.approval.review;

import io.ligature.avro.Decision;
import io.ligature.avro.NeedsReview;
import io.ligature.avro.Payload;
import io.ligature.avro.ReviewCommand;
import io.ligature.avro.ReviewDecision;
import io.ligature.avro.ReviewRule;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Takes what one person wants to come of a review, and decides it when that is enough: as many
 * approvals as its quorum, as many rejections as its rule says, or one wish for changes or abort.
 */
final class Voting {

  /** Purpose of a review in which a person does the task. */
  private static final String WORK = "work";

  private final OutputCheck outputs;
  private final EditDiff diffs;
  private final ReviewLimits limits;

  Voting(OutputCheck outputs, EditDiff diffs, ReviewLimits limits) {
    this.outputs = outputs;
    this.diffs = diffs;
    this.limits = limits;
  }

  Ruling vote(Review.Open review, By by, ReviewCommand command) {
    ReviewDecision wanted = command.getDecision();
    Optional<Refusal> content = contentRefusal(review, wanted);
    if (content.isPresent()) {
      return new Ruling.Refused(content.get());
    }
    boolean replaces = wanted.getDecision() == Decision.edit_and_approve;
    if (!replaces && counts(wanted.getDecision()) && review.standing().hasVote(by.who())) {
      return new Ruling.Refused(new Refusal.AlreadyVoted(by.who()));
    }
    Payload edited = wanted.getEditedOutput();
    List<ReviewEvent> events = new ArrayList<>();
    events.add(
        new ReviewEvent.Voted(
            by,
            wanted.getDecision(),
            wanted.getReason(),
            edited,
            edited == null ? null : diffs.between(review.request().getSubject(), edited)));
    if (!(Evolution.evolve(review, events.getFirst()) instanceof Review.Open after)) {
      throw new IllegalStateException("a vote alone ends no review");
    }
    decision(after, by, wanted).ifPresent(made -> events.add(new ReviewEvent.Decided(made)));
    return new Ruling.Happens(events);
  }

  private static boolean counts(Decision decision) {
    return switch (decision) {
      case approve, edit_and_approve, reject -> true;
      case request_changes, abort -> false;
    };
  }

  private static Optional<ReviewDecision> decision(
      Review.Open review, By by, ReviewDecision wanted) {
    ReviewRule rule = review.request().getRule();
    Standing standing = review.standing();
    Payload edited = standing.edited();
    return switch (wanted.getDecision()) {
      case approve, edit_and_approve ->
          standing.approvals() < rule.getQuorum()
              ? Optional.empty()
              : Optional.of(
                  made(
                      review.request(),
                      by,
                      edited == null ? Decision.approve : Decision.edit_and_approve,
                      wanted.getReason(),
                      edited));
      case reject ->
          standing.rejections() < rule.getRejections()
              ? Optional.empty()
              : Optional.of(made(review.request(), by, Decision.reject, wanted.getReason(), null));
      case request_changes, abort ->
          Optional.of(made(review.request(), by, wanted.getDecision(), wanted.getReason(), null));
    };
  }

  static ReviewDecision made(
      NeedsReview request, By by, Decision decision, String reason, @Nullable Payload edited) {
    // The copying builder looks for classes in loaders that know other copies of them.
    return new ReviewDecision(
        by.commandId(),
        request.getReviewId(),
        request.getWorkflowId(),
        request.getRootWorkflowId(),
        decision,
        by.who(),
        by.role(),
        reason,
        edited,
        by.at());
  }

  /**
   * Nobody decided in time: the rule did beforehand. Where it approves, it approves what is under
   * review by then; what nobody has made yet counts as rejected.
   */
  static ReviewDecision expired(Review.Open review, Instant end) {
    NeedsReview request = review.request();
    Payload edited = review.standing().edited();
    Decision meant = Clockwork.onSilence(request.getRule());
    boolean approves = meant == Decision.approve;
    Decision decision =
        !approves
            ? meant
            : edited != null
                ? Decision.edit_and_approve
                : isWork(request) ? Decision.reject : Decision.approve;
    String meaning =
        switch (decision) {
          case approve, edit_and_approve -> "it counts as approved then";
          case reject, request_changes -> "it counts as rejected then";
          case abort -> "the workflow ends then";
        };
    return made(
        request,
        By.policy(request.getReviewId() + ":expired", end),
        decision,
        approves && decision == Decision.reject
            ? "nobody did it in time, so there is nothing that could count as approved"
            : "nobody decided in time; the rule says that " + meaning,
        decision == Decision.edit_and_approve ? edited : null);
  }

  private Optional<Refusal> contentRefusal(Review.Open review, ReviewDecision wanted) {
    Payload edited = wanted.getEditedOutput();
    if (wanted.getReason().length() > limits.maxText()) {
      return Optional.of(tooLong(limits.maxText()));
    }
    if (edited != null && wanted.getDecision() != Decision.edit_and_approve) {
      return Optional.of(new Refusal.Malformed("only edit_and_approve carries an output"));
    }
    boolean silent = wanted.getReason().isBlank();
    return switch (wanted.getDecision()) {
      case approve ->
          isWork(review.request()) && review.standing().edited() == null
              ? Optional.of(new Refusal.OutputMissing())
              : Optional.empty();
      case reject -> silent ? Optional.of(new Refusal.ReasonMissing()) : Optional.empty();
      case edit_and_approve -> editRefusal(review.request(), edited);
      case request_changes ->
          silent
              ? Optional.of(new Refusal.Missing("say in 'reason' what shall be changed"))
              : changesRefusal(review.request());
      case abort ->
          silent
              ? Optional.of(new Refusal.Missing("say in 'reason' why the workflow shall end"))
              : Optional.empty();
    };
  }

  /** There is nothing yet that could be approved. */
  private static boolean isWork(NeedsReview request) {
    return request.getPurpose().equals(WORK);
  }

  static Refusal tooLong(int most) {
    return new Refusal.Malformed("the text is longer than " + most + " characters");
  }

  private static Optional<Refusal> changesRefusal(NeedsReview request) {
    if (!request.getMayChange()) {
      return Optional.of(
          new Refusal.NoChanges(
              "nothing runs again for this review; approve, edit or reject what there is"));
    }
    int most = request.getRule().getMaxChanges();
    if (request.getChanges() >= most) {
      return Optional.of(
          new Refusal.NoChanges(
              "changes were asked for "
                  + request.getChanges()
                  + " times, which is as often as the definition allows; approve, edit or reject"
                  + " what there is"));
    }
    return Optional.empty();
  }

  private Optional<Refusal> editRefusal(NeedsReview request, @Nullable Payload edited) {
    if (!request.getRule().getEdit()) {
      return Optional.of(new Refusal.EditNotAllowed());
    }
    if (edited == null) {
      return Optional.of(new Refusal.Malformed("edit_and_approve needs the edited output"));
    }
    List<String> violations =
        outputs.violations(request.getOutputSchema(), request.getSubject(), edited);
    return violations.isEmpty()
        ? Optional.empty()
        : Optional.of(new Refusal.InvalidEdit(violations));
  }
}
