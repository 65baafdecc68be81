package io.ligature.state.engine;

import io.ligature.avro.CompensationStarted;
import io.ligature.avro.Failure;
import io.ligature.avro.Payload;
import io.ligature.avro.WorkflowCancelled;
import io.ligature.avro.WorkflowCompleted;
import io.ligature.avro.WorkflowFailed;
import io.ligature.schemas.ErrorKind;
import io.ligature.schemas.definition.ExpressionException;
import io.ligature.schemas.definition.Template;
import org.jspecify.annotations.Nullable;

/** Ends workflows; tasks that never began stay pending and leave no event. */
final class Ending {

  private Ending() {}

  static void complete(Transition t) {
    Template output = t.plan().definition().output();
    Payload rendered = null;
    if (output != null) {
      try {
        rendered =
            Envelopes.render(
                t, output, TransitionScope.inside(t, Paths.ROOT), "the workflow's output");
      } catch (ExpressionException e) {
        fail(t, null, Scheduling.invalid(e));
        return;
      }
    }
    t.emit(new Event.WorkflowCompleted(new WorkflowCompleted(rendered)));
  }

  static void fail(Transition t, @Nullable String task, Failure failure) {
    Stopping.inside(
        t,
        Paths.ROOT,
        task == null ? "the workflow failed" : "the workflow failed because " + task + " failed");
    if (t.workflow().saga().last() == null) {
      t.emit(new Event.WorkflowFailed(new WorkflowFailed(task, failure)));
    } else {
      compensate(t, WorkflowStatus.FAILED, task, failure);
    }
  }

  /**
   * @param compensate true: what its tasks did is undone first
   */
  static void cancel(Transition t, String reason, boolean compensate) {
    if (t.workflow().status() == WorkflowStatus.COMPENSATING) {
      Compensations.stop(t, reason);
    }
    Stopping.inside(t, Paths.ROOT, reason);
    boolean undoes =
        compensate
            && t.workflow().saga().last() != null
            && t.workflow().status() != WorkflowStatus.COMPENSATING;
    if (undoes) {
      Failure failure = new Failure(ErrorKind.CANCELLED.wireName(), reason, null, false);
      compensate(t, WorkflowStatus.CANCELLED, null, failure);
    } else {
      t.emit(new Event.WorkflowCancelled(new WorkflowCancelled(reason)));
    }
  }

  private static void compensate(
      Transition t, WorkflowStatus end, @Nullable String task, Failure failure) {
    t.emit(new Event.CompensationStarted(new CompensationStarted(end.wireName(), task, failure)));
    Compensations.begin(t);
  }
}
