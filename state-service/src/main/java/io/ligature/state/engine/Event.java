package io.ligature.state.engine;

import org.apache.avro.specific.SpecificRecord;

/**
 * What happened. Each case wraps the record that stands in the audit trail, so that nothing is
 * copied between the two and a switch over the cases is still exhaustive.
 */
public sealed interface Event {

  /** The body of the audit record. */
  SpecificRecord body();

  record WorkflowStarted(io.ligature.avro.WorkflowStarted body) implements Event {}

  record WorkflowRefused(io.ligature.avro.WorkflowRefused body) implements Event {}

  record AttemptScheduled(io.ligature.avro.AttemptScheduled body) implements Event {}

  record AttemptAdopted(io.ligature.avro.AttemptAdopted body) implements Event {}

  record AttemptOffered(io.ligature.avro.AttemptOffered body) implements Event {}

  record AttemptUnplaced(io.ligature.avro.AttemptUnplaced body) implements Event {}

  record AttemptStarted(io.ligature.avro.AttemptStarted body) implements Event {}

  record AttemptProgressed(io.ligature.avro.AttemptProgressed body) implements Event {}

  record AttemptFailed(io.ligature.avro.AttemptFailed body) implements Event {}

  record RetryScheduled(io.ligature.avro.RetryScheduled body) implements Event {}

  record TaskSucceeded(io.ligature.avro.TaskSucceeded body) implements Event {}

  record TaskFailed(io.ligature.avro.TaskFailed body) implements Event {}

  record TaskSkipped(io.ligature.avro.TaskSkipped body) implements Event {}

  record TaskCancelled(io.ligature.avro.TaskCancelled body) implements Event {}

  record ReviewRequested(io.ligature.avro.ReviewRequested body) implements Event {}

  record ReviewDecided(io.ligature.avro.ReviewDecided body) implements Event {}

  record StaleResultRecorded(io.ligature.avro.StaleResultRecorded body) implements Event {}

  record BudgetExceeded(io.ligature.avro.BudgetExceeded body) implements Event {}

  record BudgetExtended(io.ligature.avro.BudgetExtended body) implements Event {}

  record CommandRejected(io.ligature.avro.CommandRejected body) implements Event {}

  record WorkflowCompleted(io.ligature.avro.WorkflowCompleted body) implements Event {}

  record WorkflowFailed(io.ligature.avro.WorkflowFailed body) implements Event {}

  record WorkflowCancelled(io.ligature.avro.WorkflowCancelled body) implements Event {}

  record WorkflowQuarantined(io.ligature.avro.WorkflowQuarantined body) implements Event {}

  record TaskTimed(io.ligature.avro.TaskTimed body) implements Event {}

  record TaskExpanded(io.ligature.avro.TaskExpanded body) implements Event {}

  record WaitStarted(io.ligature.avro.WaitStarted body) implements Event {}

  record SignalAwaited(io.ligature.avro.SignalAwaited body) implements Event {}

  record SignalReceived(io.ligature.avro.SignalReceived body) implements Event {}

  record SignalTaken(io.ligature.avro.SignalTaken body) implements Event {}

  record ChildStarted(io.ligature.avro.ChildStarted body) implements Event {}

  record ChildEnded(io.ligature.avro.ChildEnded body) implements Event {}

  record TaskHeld(io.ligature.avro.TaskHeld body) implements Event {}

  record VariableSet(io.ligature.avro.VariableSet body) implements Event {}

  record TaskReopened(io.ligature.avro.TaskReopened body) implements Event {}

  record WorkflowReopened(io.ligature.avro.WorkflowReopened body) implements Event {}

  record WorkflowPaused(io.ligature.avro.WorkflowPaused body) implements Event {}

  record WorkflowResumed(io.ligature.avro.WorkflowResumed body) implements Event {}

  record CompensationStarted(io.ligature.avro.CompensationStarted body) implements Event {}

  record AttemptAnswered(io.ligature.avro.AttemptAnswered body) implements Event {}

  record AttemptJudged(io.ligature.avro.AttemptJudged body) implements Event {}

  record ShadowRecorded(io.ligature.avro.ShadowRecorded body) implements Event {}
}
