package io.ligature.approval.review;

import io.ligature.avro.Decision;
import io.ligature.avro.NeedsReview;
import io.ligature.avro.Payload;
import io.ligature.avro.ReviewCommand;
import io.ligature.avro.ReviewDecision;
import java.time.Instant;
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

  /** Purpose of a review in which a person does the task. */
  private static final String WORK = "work";

  private final OutputCheck outputs;

  public Rules(OutputCheck outputs) {
    this.outputs = outputs;
  }

  /**
   * @param review null: there is none of that id
   */
  public Outcome decide(@Nullable Review review, ReviewCommand command) {
    ReviewDecision wanted = command.getDecision();
    if (review == null || !review.request().getTenant().equals(command.getTenant())) {
      return new Outcome.Refused(new Refusal.Unknown(wanted.getReviewId()));
    }
    Optional<Refusal> personal = reviewerRefusal(review.request(), command);
    if (personal.isPresent()) {
      return new Outcome.Refused(personal.get());
    }
    return switch (review) {
      case Review.Decided decided -> afterDecision(decided.decision(), wanted);
      case Review.Withdrawn gone ->
          new Outcome.Refused(new Refusal.NoLongerNeeded(gone.withdrawal().getReason()));
      case Review.Open open -> whileOpen(open.request(), command);
    };
  }

  /** Whether someone with these roles may decide, whatever the review's state. */
  public static boolean mayDecide(NeedsReview request, String reviewer, List<String> roles) {
    return roles.contains(request.getRule().getRole())
        && !(request.getRule().getFourEyes() && request.getRequester().equals(reviewer));
  }

  private static Optional<Refusal> reviewerRefusal(NeedsReview request, ReviewCommand command) {
    String role = request.getRule().getRole();
    if (!command.getRoles().contains(role)) {
      return Optional.of(new Refusal.WrongRole(role));
    }
    if (!mayDecide(request, command.getDecision().getReviewer(), command.getRoles())) {
      return Optional.of(new Refusal.OwnWorkflow(request.getRequester()));
    }
    return Optional.empty();
  }

  private static Outcome afterDecision(ReviewDecision made, ReviewDecision wanted) {
    boolean same =
        made.getDecisionId().equals(wanted.getDecisionId())
            && made.getReviewer().equals(wanted.getReviewer())
            && made.getDecision() == wanted.getDecision();
    return same
        ? new Outcome.Repeated(made)
        : new Outcome.Refused(new Refusal.AlreadyDecided(made));
  }

  private Outcome whileOpen(NeedsReview request, ReviewCommand command) {
    ReviewDecision wanted = command.getDecision();
    Instant expiry = request.getExpiresAt();
    if (expiry != null && !wanted.getDecidedAt().isBefore(expiry)) {
      return new Outcome.Refused(new Refusal.Expired(expiry));
    }
    Optional<Refusal> content = contentRefusal(request, wanted);
    if (content.isPresent()) {
      return new Outcome.Refused(content.get());
    }
    Payload edited = wanted.getEditedOutput();
    return new Outcome.Accepted(
        // The copying builder looks for classes in loaders that know other copies of them.
        new ReviewDecision(
            wanted.getDecisionId(),
            request.getReviewId(),
            request.getWorkflowId(),
            request.getRootWorkflowId(),
            wanted.getDecision(),
            wanted.getReviewer(),
            request.getRule().getRole(),
            wanted.getReason(),
            edited,
            wanted.getDecidedAt()));
  }

  private Optional<Refusal> contentRefusal(NeedsReview request, ReviewDecision wanted) {
    Payload edited = wanted.getEditedOutput();
    if (edited != null && wanted.getDecision() != Decision.edit_and_approve) {
      return Optional.of(new Refusal.Malformed("only edit_and_approve carries an output"));
    }
    return switch (wanted.getDecision()) {
      case approve -> isWork(request) ? Optional.of(new Refusal.OutputMissing()) : Optional.empty();
      case reject ->
          wanted.getReason().isBlank()
              ? Optional.of(new Refusal.ReasonMissing())
              : Optional.empty();
      case edit_and_approve -> editRefusal(request, edited);
      case request_changes, abort ->
          Optional.of(
              new Refusal.Malformed(
                  "this version takes approve, reject and edit_and_approve, not "
                      + wanted.getDecision()));
    };
  }

  /** There is nothing yet that could be approved. */
  private static boolean isWork(NeedsReview request) {
    return request.getPurpose().equals(WORK);
  }

  private Optional<Refusal> editRefusal(NeedsReview request, @Nullable Payload edited) {
    if (!request.getRule().getEdit()) {
      return Optional.of(new Refusal.EditNotAllowed());
    }
    if (edited == null) {
      return Optional.of(new Refusal.Malformed("edit_and_approve needs the edited output"));
    }
    List<String> violations = outputs.violations(request.getOutputSchema(), edited);
    return violations.isEmpty()
        ? Optional.empty()
        : Optional.of(new Refusal.InvalidEdit(violations));
  }
}
