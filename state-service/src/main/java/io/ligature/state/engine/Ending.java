package io.ligature.state.engine;

import io.ligature.avro.Failure;
import io.ligature.avro.Payload;
import io.ligature.avro.TaskCancelled;
import io.ligature.avro.WorkflowCancelled;
import io.ligature.avro.WorkflowCompleted;
import io.ligature.avro.WorkflowFailed;
import io.ligature.schemas.ErrorKind;
import io.ligature.schemas.definition.ExpressionException;
import io.ligature.schemas.definition.Template;
import org.jspecify.annotations.Nullable;

/**
 * Ends workflows. Here alone all tasks are looked at; those that never began stay pending and leave
 * no event.
 */
final class Ending {

  private Ending() {}

  static void complete(Transition t) {
    Template output = t.plan().definition().output();
    Payload rendered = null;
    if (output != null) {
      try {
        rendered = Envelopes.render(t, output, "the workflow's output");
      } catch (ExpressionException e) {
        fail(
            t,
            null,
            new Failure(
                ErrorKind.INVALID_INPUT.wireName(), String.valueOf(e.getMessage()), null, false));
        return;
      }
    }
    t.emit(new Event.WorkflowCompleted(new WorkflowCompleted(rendered)));
  }

  static void fail(Transition t, @Nullable String task, Failure failure) {
    stopTasks(
        t,
        task == null ? "the workflow failed" : "the workflow failed because " + task + " failed");
    t.emit(new Event.WorkflowFailed(new WorkflowFailed(task, failure)));
  }

  static void cancel(Transition t, String reason) {
    stopTasks(t, reason);
    t.emit(new Event.WorkflowCancelled(new WorkflowCancelled(reason)));
  }

  private static void stopTasks(Transition t, String reason) {
    for (String task : t.plan().definition().tasks().keySet()) {
      TaskRow row = t.task(task);
      switch (row.state()) {
        case TaskState.Pending s -> {}
        case TaskState.Ended s -> {}
        case TaskState.Active s ->
            t.emit(
                new Event.TaskCancelled(
                    new TaskCancelled(
                        task,
                        reason,
                        Results.chargeWithoutResult(row).toDecimal(),
                        !(s instanceof TaskState.Running))));
      }
    }
  }
}
