package io.ligature.state.engine;

import io.ligature.avro.ReviewWithdrawn;
import io.ligature.avro.TaskCancel;
import io.ligature.schemas.AttemptId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the world has to do because of an event; timers follow from the rows alone. */
final class Reactions {

  private Reactions() {}

  /**
   * @param before the event's task as it was; null when the event is not about one
   */
  static void to(Transition t, @Nullable TaskRow before, Event event, List<Effect> effects) {
    switch (event) {
      case Event.AttemptScheduled(var e) -> effects.add(new Effect.DispatchTask(e.getEnvelope()));
      case Event.AttemptOffered(var e) ->
          effects.add(
              new Effect.DispatchTask(Envelopes.again(t, AttemptId.parse(e.getId()).task())));
      case Event.AttemptFailed(var e) -> {
        if (e.getMetadata() == null) {
          effects.add(cancel(t, e.getId(), e.getFailure().getMessage()));
        }
      }
      case Event.TaskCancelled(var e) -> {
        if (before != null) {
          stop(t, before, e.getReason(), effects);
        }
      }
      case Event.ReviewRequested(var e) -> {
        withdrawOpen(t, before, "another review takes its place", effects);
        if (e.getReview().getPassed() == null) {
          effects.add(new Effect.RequestReview(e.getReview()));
        }
      }
      case Event.ReviewDecided(var e) -> {
        if (e.getDecision().getDecisionId().endsWith(Reviews.EXPIRED)) {
          effects.add(withdraw(t, e.getDecision().getReviewId(), e.getDecision().getReason()));
        }
      }
      case Event.WorkflowStarted e -> {}
      case Event.WorkflowRefused e -> {}
      case Event.AttemptAdopted e -> {}
      case Event.AttemptUnplaced e -> {}
      case Event.AttemptStarted e -> {}
      case Event.AttemptProgressed e -> {}
      case Event.RetryScheduled e -> {}
      case Event.TaskSucceeded e -> {}
      case Event.TaskFailed(var e) -> withdrawOpen(t, before, e.getFailure().getMessage(), effects);
      case Event.TaskSkipped(var e) -> withdrawOpen(t, before, e.getReason(), effects);
      case Event.StaleResultRecorded(var e) -> {
        if (!t.isOpen() && e.getCharged().signum() != 0) {
          Children.tellParent(t);
        }
      }
      case Event.BudgetExceeded e -> {}
      case Event.BudgetExtended e -> {}
      case Event.CommandRejected e -> {}
      case Event.WorkflowCompleted e -> Children.tellParent(t);
      case Event.WorkflowFailed e -> Children.tellParent(t);
      case Event.WorkflowCancelled e -> Children.tellParent(t);
      case Event.WorkflowQuarantined e -> {}
      case Event.TaskTimed e -> {}
      case Event.TaskExpanded e -> {}
      case Event.WaitStarted e -> {}
      case Event.SignalAwaited e -> {}
      case Event.SignalReceived e -> {}
      case Event.SignalTaken e -> {}
      case Event.ChildStarted e -> {}
      case Event.ChildEnded e -> {}
      case Event.TaskHeld e -> {}
      case Event.VariableSet e -> {}
      case Event.TaskReopened e -> {}
      case Event.WorkflowReopened e -> {}
      case Event.WorkflowPaused e -> {}
      case Event.WorkflowResumed e -> {}
      case Event.CompensationStarted e -> {}
      case Event.AttemptAnswered e -> {}
      case Event.AttemptJudged e -> {}
      case Event.ShadowRecorded e -> {}
    }
  }

  /** The task an event is about; null when it is about the workflow. */
  static @Nullable String taskOf(Event event) {
    return switch (event) {
      case Event.AttemptScheduled(var e) -> AttemptId.parse(e.getEnvelope().getId()).task();
      case Event.AttemptAdopted(var e) -> AttemptId.parse(e.getId()).task();
      case Event.AttemptOffered(var e) -> AttemptId.parse(e.getId()).task();
      case Event.AttemptUnplaced(var e) -> AttemptId.parse(e.getId()).task();
      case Event.AttemptStarted(var e) -> AttemptId.parse(e.getId()).task();
      case Event.AttemptProgressed(var e) -> AttemptId.parse(e.getId()).task();
      case Event.AttemptFailed(var e) -> AttemptId.parse(e.getId()).task();
      case Event.StaleResultRecorded(var e) -> AttemptId.parse(e.getId()).task();
      case Event.RetryScheduled(var e) -> e.getTask();
      case Event.TaskSucceeded(var e) -> e.getTask();
      case Event.TaskFailed(var e) -> e.getTask();
      case Event.TaskSkipped(var e) -> e.getTask();
      case Event.TaskCancelled(var e) -> e.getTask();
      case Event.ReviewRequested(var e) -> e.getReview().getTask();
      case Event.ReviewDecided(var e) -> e.getTask();
      case Event.BudgetExceeded(var e) -> e.getTask();
      case Event.WorkflowStarted e -> null;
      case Event.WorkflowRefused e -> null;
      case Event.BudgetExtended e -> null;
      case Event.CommandRejected e -> null;
      case Event.WorkflowCompleted e -> null;
      case Event.WorkflowFailed e -> null;
      case Event.WorkflowCancelled e -> null;
      case Event.WorkflowQuarantined e -> null;
      case Event.TaskTimed(var e) -> e.getTask();
      case Event.TaskExpanded(var e) -> e.getTask();
      case Event.WaitStarted(var e) -> e.getTask();
      case Event.SignalAwaited(var e) -> e.getTask();
      case Event.SignalReceived(var e) -> e.getTask();
      case Event.SignalTaken(var e) -> e.getTask();
      case Event.ChildStarted(var e) -> e.getTask();
      case Event.ChildEnded(var e) -> e.getTask();
      case Event.TaskHeld(var e) -> e.getTask();
      case Event.VariableSet(var e) -> e.getTask();
      case Event.TaskReopened(var e) -> e.getTask();
      case Event.WorkflowReopened e -> null;
      case Event.WorkflowPaused e -> null;
      case Event.WorkflowResumed e -> null;
      case Event.CompensationStarted e -> null;
      case Event.AttemptAnswered(var e) -> AttemptId.parse(e.getId()).task();
      case Event.AttemptJudged(var e) -> AttemptId.parse(e.getId()).task();
      case Event.ShadowRecorded(var e) -> AttemptId.parse(e.getId()).task();
    };
  }

  /** A task ended another way while people were asked. */
  private static void withdrawOpen(
      Transition t, @Nullable TaskRow before, String reason, List<Effect> effects) {
    if (before != null && before.state() instanceof TaskState.WaitingForReview) {
      ReviewRow review = before.review();
      if (review != null && review.decision() == null) {
        effects.add(withdraw(t, review.reviewId(), reason));
      }
    }
  }

  private static void stop(Transition t, TaskRow before, String reason, List<Effect> effects) {
    switch (before.state()) {
      case TaskState.Scheduled s -> effects.add(cancelCurrent(t, before, reason));
      case TaskState.Running s -> effects.add(cancelCurrent(t, before, reason));
      case TaskState.WaitingForAgent s -> effects.add(cancelCurrent(t, before, reason));
      case TaskState.WaitingForReview s -> {
        ReviewRow review = before.review();
        if (review != null) {
          effects.add(withdraw(t, review.reviewId(), reason));
        }
      }
      case TaskState.WaitingForChild s ->
          Children.stop(t, before.task(), s.childWorkflowId(), reason);
      case TaskState.Expanded s -> {}
      case TaskState.BeingJudged s -> {}
      case TaskState.WaitingForTime s -> {}
      case TaskState.WaitingForSignal s -> {}
      case TaskState.Held s -> {}
      case TaskState.Pending s -> {}
      case TaskState.WaitingForRetry s -> {}
      case TaskState.Ended s -> {}
    }
  }

  private static Effect cancelCurrent(Transition t, TaskRow row, String reason) {
    return cancel(t, t.attemptId(row.task(), row.attempt()).toString(), reason);
  }

  private static Effect cancel(Transition t, String attemptId, String reason) {
    return new Effect.CancelTask(new TaskCancel(attemptId, t.state().workflowId(), reason));
  }

  private static Effect withdraw(Transition t, String reviewId, String reason) {
    return new Effect.WithdrawReview(
        new ReviewWithdrawn(reviewId, t.state().workflowId(), reason, t.now()));
  }
}
