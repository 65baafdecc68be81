package io.ligature.state.engine;

import io.ligature.avro.TaskCancelled;
import io.ligature.avro.WorkflowCancelled;
import io.ligature.avro.WorkflowFailed;
import io.ligature.state.engine.WorkflowRow.Saga;
import org.jspecify.annotations.Nullable;

/**
 * Undoes what tasks did, one after the other, the last that succeeded first. They are linked by
 * their rows; one that cannot be undone is left so, and the next is.
 */
final class Compensations {

  private Compensations() {}

  static void begin(Transition t) {
    undo(t, t.workflow().saga().last());
  }

  /**
   * @param done path of the task whose compensation has ended
   */
  static void after(Transition t, String done) {
    if (t.workflow().status() == WorkflowStatus.COMPENSATING) {
      undo(t, t.task(done).undoNext());
    }
  }

  private static void undo(Transition t, @Nullable String task) {
    if (task != null) {
      Scheduling.next(t, Paths.undo(task));
      return;
    }
    Saga.End end = t.workflow().saga().end();
    if (end == null) {
      throw new IllegalStateException(
          "expected an end of workflow " + t.state().workflowId() + " behind its compensations");
    }
    t.emit(
        end.status() == WorkflowStatus.FAILED
            ? new Event.WorkflowFailed(new WorkflowFailed(end.task(), end.failure()))
            : new Event.WorkflowCancelled(new WorkflowCancelled(end.failure().getMessage())));
  }

  /** Ends the compensation that runs; those behind it are left undone. */
  static void stop(Transition t, String reason) {
    for (String task = t.workflow().saga().last(); task != null; task = t.task(task).undoNext()) {
      TaskRow row = t.task(Paths.undo(task));
      if (row.state().isWaiting()) {
        t.emit(
            new Event.TaskCancelled(
                new TaskCancelled(
                    row.task(),
                    reason,
                    Results.chargeWithoutResult(row).toDecimal(),
                    !(row.state() instanceof TaskState.Running))));
        return;
      }
    }
  }
}
