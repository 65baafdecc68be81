package io.ligature.state.engine;

import com.fasterxml.jackson.databind.JsonNode;
import io.ligature.avro.Grade;
import io.ligature.schemas.definition.Scope;
import org.jspecify.annotations.Nullable;

/** What expressions see of a transition's state; a payload is parsed only when one reads it. */
record TransitionScope(Transition t) implements Scope {

  @Override
  public JsonNode input() {
    return t.json(Slot.INPUT);
  }

  @Override
  public TaskFacts task(String name) {
    TaskRow row = t.task(name);
    AttemptRow last = row.lastAttempt();
    boolean known = last != null && last.costKnown();
    return new TaskFacts(
        word(row.state()),
        row.state() instanceof TaskState.Succeeded ? t.json(Slot.output(name)) : null,
        last == null ? null : last.confidence(),
        grade(row.state()),
        last == null || !known ? null : last.charged(),
        row.state() instanceof TaskState.Failed(var failure)
            ? new TaskError(failure.getKind(), failure.getMessage())
            : null);
  }

  @Override
  public WorkflowFacts workflow() {
    WorkflowRow row = t.workflow();
    return new WorkflowFacts(
        row.workflowId(), row.requester(), row.tenant(), row.ledger().spent(), row.ledger().left());
  }

  @Override
  public JsonNode variable(String name) {
    throw new UnsupportedOperationException(name);
  }

  @Override
  public JsonNode local(String name) {
    throw new UnsupportedOperationException(name);
  }

  private static @Nullable String grade(TaskState state) {
    if (state instanceof TaskState.Succeeded(Grade grade)) {
      return grade.name();
    }
    return null;
  }

  private static String word(TaskState state) {
    return switch (state) {
      case TaskState.Pending s -> "pending";
      case TaskState.Scheduled s -> "running";
      case TaskState.Running s -> "running";
      case TaskState.WaitingForAgent s -> "waiting";
      case TaskState.WaitingForRetry s -> "waiting";
      case TaskState.WaitingForReview s -> "waiting";
      case TaskState.Succeeded s -> "succeeded";
      case TaskState.Failed s -> "failed";
      case TaskState.Skipped s -> "skipped";
      case TaskState.Cancelled s -> "cancelled";
    };
  }
}
