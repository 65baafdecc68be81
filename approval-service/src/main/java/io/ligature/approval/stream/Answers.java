package io.ligature.approval.stream;

import io.ligature.approval.review.Outcome;
import io.ligature.approval.review.Refusal;
import io.ligature.approval.review.Review;
import io.ligature.avro.ReviewAnswer;
import io.ligature.avro.ReviewCommand;
import io.ligature.avro.ReviewDecision;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What came of commands as records, so that whichever instance was asked can tell. */
final class Answers {

  private Answers() {}

  static ReviewAnswer of(ReviewCommand command, @Nullable Review review, Outcome outcome) {
    return switch (outcome) {
      case Outcome.Accepted(ReviewDecision decision) ->
          answer(command, review, decision, null, List.of(), false, "");
      case Outcome.Repeated(ReviewDecision decision) ->
          answer(command, review, decision, null, List.of(), true, "");
      case Outcome.Noted(long version, String standing) ->
          answer(command, review, null, null, List.of(), false, standing);
      case Outcome.Refused(Refusal refusal) ->
          answer(
              command,
              review,
              refusal instanceof Refusal.AlreadyDecided(ReviewDecision winner) ? winner : null,
              refusal.kind(),
              details(refusal),
              false,
              "");
    };
  }

  private static ReviewAnswer answer(
      ReviewCommand command,
      @Nullable Review review,
      @Nullable ReviewDecision decision,
      @Nullable String refusal,
      List<String> details,
      boolean again,
      String standing) {
    return new ReviewAnswer(
        command.getDecision().getReviewId(),
        command.getCommandId(),
        review == null ? "" : review.request().getWorkflowId(),
        decision,
        refusal,
        details,
        again,
        review == null ? 0 : review.standing().version(),
        standing,
        command.getDecision().getDecidedAt());
  }

  static Outcome outcome(ReviewAnswer answer) {
    ReviewDecision decision = answer.getDecision();
    if (answer.getRefusal() != null) {
      return new Outcome.Refused(refusal(answer.getRefusal(), answer.getDetails(), decision));
    }
    if (decision != null) {
      return answer.getAgain() ? new Outcome.Repeated(decision) : new Outcome.Accepted(decision);
    }
    return new Outcome.Noted(answer.getVersion(), answer.getStanding());
  }

  private static List<String> details(Refusal refusal) {
    return switch (refusal) {
      case Refusal.Unknown(String id) -> List.of(id);
      case Refusal.WrongRole(String needed) -> List.of(needed);
      case Refusal.OwnWorkflow(String requester) -> List.of(requester);
      case Refusal.AlreadyDecided any -> List.of();
      case Refusal.NoLongerNeeded(String reason) -> List.of(reason);
      case Refusal.Expired(Instant at) -> List.of(at.toString());
      case Refusal.EditNotAllowed any -> List.of();
      case Refusal.InvalidEdit(List<String> violations) -> violations;
      case Refusal.OutputMissing any -> List.of();
      case Refusal.ReasonMissing any -> List.of();
      case Refusal.Missing(String message) -> List.of(message);
      case Refusal.Held(String who, Instant until) -> List.of(who, until.toString());
      case Refusal.NotHeld any -> List.of();
      case Refusal.AlreadyVoted(String who) -> List.of(who);
      case Refusal.DecidedBefore(String earlier) -> List.of(earlier);
      case Refusal.Changed(long version) -> List.of(Long.toString(version));
      case Refusal.NoDelegation(String message) -> List.of(message);
      case Refusal.NoChanges(String message) -> List.of(message);
      case Refusal.TrailFull(int most) -> List.of(Integer.toString(most));
      case Refusal.KeyReused(String commandId) -> List.of(commandId);
      case Refusal.Unseen any -> List.of();
      case Refusal.Malformed(String message) -> List.of(message);
    };
  }

  private static Refusal refusal(
      String kind, List<String> details, @Nullable ReviewDecision winner) {
    return switch (kind) {
      case "unknown" -> new Refusal.Unknown(details.getFirst());
      case "wrong_role" -> new Refusal.WrongRole(details.getFirst());
      case "four_eyes" -> new Refusal.OwnWorkflow(details.getFirst());
      case "already_decided" -> decidedBy(winner);
      case "withdrawn" -> new Refusal.NoLongerNeeded(details.getFirst());
      case "expired" -> new Refusal.Expired(Instant.parse(details.getFirst()));
      case "edit_not_allowed" -> new Refusal.EditNotAllowed();
      case "invalid_edit" -> new Refusal.InvalidEdit(details);
      case "output_missing" -> new Refusal.OutputMissing();
      case "reason_missing" -> new Refusal.ReasonMissing();
      case "missing" -> new Refusal.Missing(details.getFirst());
      case "held" -> new Refusal.Held(details.getFirst(), Instant.parse(details.get(1)));
      case "not_held" -> new Refusal.NotHeld();
      case "already_voted" -> new Refusal.AlreadyVoted(details.getFirst());
      case "decided_before" -> new Refusal.DecidedBefore(details.getFirst());
      case "changed" -> new Refusal.Changed(Long.parseLong(details.getFirst()));
      case "no_delegation" -> new Refusal.NoDelegation(details.getFirst());
      case "no_changes" -> new Refusal.NoChanges(details.getFirst());
      case "trail_full" -> new Refusal.TrailFull(Integer.parseInt(details.getFirst()));
      case "key_reused" -> new Refusal.KeyReused(details.getFirst());
      case "unseen" -> new Refusal.Unseen();
      case "malformed" -> new Refusal.Malformed(details.getFirst());
      default ->
          new Refusal.Malformed(
              "another instance refused it as '" + kind + "', which this one does not know");
    };
  }

  private static Refusal decidedBy(@Nullable ReviewDecision winner) {
    if (winner == null) {
      throw new IllegalStateException("expected the winner beside the refusal, found none");
    }
    return new Refusal.AlreadyDecided(winner);
  }
}
