package io.ligature.state.engine.codec;

import io.ligature.avro.WorkflowEvent;
import io.ligature.state.engine.Event;
import io.ligature.state.engine.EventEntry;

/** Between the engine's events and the records of the audit trail; nothing is lost either way. */
public final class EventCodec {

  private EventCodec() {}

  public static WorkflowEvent toRecord(EventEntry entry) {
    return new WorkflowEvent(
        entry.workflowId(),
        entry.rootWorkflowId(),
        entry.sequence(),
        entry.at(),
        entry.actor(),
        entry.cause(),
        entry.causeId(),
        entry.event().body());
  }

  public static EventEntry toEntry(WorkflowEvent event) {
    return new EventEntry(
        event.getWorkflowId(),
        event.getRootWorkflowId(),
        event.getSequence(),
        event.getAt(),
        event.getActor(),
        event.getCause(),
        event.getCauseId(),
        wrap(event.getBody()));
  }

  private static Event wrap(Object body) {
    return switch (body) {
      case io.ligature.avro.WorkflowStarted e -> new Event.WorkflowStarted(e);
      case io.ligature.avro.WorkflowRefused e -> new Event.WorkflowRefused(e);
      case io.ligature.avro.AttemptScheduled e -> new Event.AttemptScheduled(e);
      case io.ligature.avro.AttemptAdopted e -> new Event.AttemptAdopted(e);
      case io.ligature.avro.AttemptOffered e -> new Event.AttemptOffered(e);
      case io.ligature.avro.AttemptUnplaced e -> new Event.AttemptUnplaced(e);
      case io.ligature.avro.AttemptStarted e -> new Event.AttemptStarted(e);
      case io.ligature.avro.AttemptProgressed e -> new Event.AttemptProgressed(e);
      case io.ligature.avro.AttemptFailed e -> new Event.AttemptFailed(e);
      case io.ligature.avro.RetryScheduled e -> new Event.RetryScheduled(e);
      case io.ligature.avro.TaskSucceeded e -> new Event.TaskSucceeded(e);
      case io.ligature.avro.TaskFailed e -> new Event.TaskFailed(e);
      case io.ligature.avro.TaskSkipped e -> new Event.TaskSkipped(e);
      case io.ligature.avro.TaskCancelled e -> new Event.TaskCancelled(e);
      case io.ligature.avro.ReviewRequested e -> new Event.ReviewRequested(e);
      case io.ligature.avro.ReviewDecided e -> new Event.ReviewDecided(e);
      case io.ligature.avro.StaleResultRecorded e -> new Event.StaleResultRecorded(e);
      case io.ligature.avro.BudgetExceeded e -> new Event.BudgetExceeded(e);
      case io.ligature.avro.BudgetExtended e -> new Event.BudgetExtended(e);
      case io.ligature.avro.CommandRejected e -> new Event.CommandRejected(e);
      case io.ligature.avro.WorkflowCompleted e -> new Event.WorkflowCompleted(e);
      case io.ligature.avro.WorkflowFailed e -> new Event.WorkflowFailed(e);
      case io.ligature.avro.WorkflowCancelled e -> new Event.WorkflowCancelled(e);
      case io.ligature.avro.WorkflowQuarantined e -> new Event.WorkflowQuarantined(e);
      case io.ligature.avro.TaskTimed e -> new Event.TaskTimed(e);
      case io.ligature.avro.TaskExpanded e -> new Event.TaskExpanded(e);
      case io.ligature.avro.WaitStarted e -> new Event.WaitStarted(e);
      case io.ligature.avro.SignalAwaited e -> new Event.SignalAwaited(e);
      case io.ligature.avro.SignalReceived e -> new Event.SignalReceived(e);
      case io.ligature.avro.SignalTaken e -> new Event.SignalTaken(e);
      case io.ligature.avro.ChildStarted e -> new Event.ChildStarted(e);
      case io.ligature.avro.ChildEnded e -> new Event.ChildEnded(e);
      case io.ligature.avro.TaskHeld e -> new Event.TaskHeld(e);
      case io.ligature.avro.VariableSet e -> new Event.VariableSet(e);
      case io.ligature.avro.TaskReopened e -> new Event.TaskReopened(e);
      case io.ligature.avro.WorkflowReopened e -> new Event.WorkflowReopened(e);
      case io.ligature.avro.WorkflowPaused e -> new Event.WorkflowPaused(e);
      case io.ligature.avro.WorkflowResumed e -> new Event.WorkflowResumed(e);
      case io.ligature.avro.CompensationStarted e -> new Event.CompensationStarted(e);
      case io.ligature.avro.AttemptAnswered e -> new Event.AttemptAnswered(e);
      case io.ligature.avro.AttemptJudged e -> new Event.AttemptJudged(e);
      case io.ligature.avro.ShadowRecorded e -> new Event.ShadowRecorded(e);
      case Object other ->
          throw new IllegalArgumentException("not an event's body: " + other.getClass().getName());
    };
  }
}
