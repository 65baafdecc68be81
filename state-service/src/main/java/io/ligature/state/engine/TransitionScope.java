package io.ligature.state.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.ligature.avro.Grade;
import io.ligature.schemas.definition.ExpressionException;
import io.ligature.schemas.definition.Scope;
import io.ligature.schemas.definition.TaskDefinition.ForEach;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What expressions see of a transition's state; a payload is parsed only when one reads it.
 *
 * @param path of the task they stand in, from which loops and fan-outs around it are looked up
 * @param block path of the block whose names they mean
 * @param own names that exist for this expression only
 */
record TransitionScope(Transition t, String path, String block, Map<String, JsonNode> own)
    implements Scope {

  /** As an expression of a task sees it. */
  static TransitionScope of(Transition t, String task) {
    return new TransitionScope(t, task, t.plan().blockAround(task), Map.of());
  }

  /** As the output of a block, or of the workflow, sees it. */
  static TransitionScope inside(Transition t, String block) {
    return new TransitionScope(t, block, block, Map.of());
  }

  TransitionScope with(Map<String, JsonNode> names) {
    return new TransitionScope(t, path, block, names);
  }

  @Override
  public JsonNode input() {
    return t.json(Slot.INPUT);
  }

  @Override
  public TaskFacts task(String name) {
    String task = t.plan().resolve(block, name);
    TaskRow row = t.task(task);
    AttemptRow last = row.lastAttempt();
    boolean known = last != null && last.costKnown();
    return new TaskFacts(
        word(row.state()),
        row.state() instanceof TaskState.Succeeded ? t.json(Slot.output(task)) : null,
        last == null ? null : last.trusted(),
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
    return t.json(Slot.variable(name));
  }

  @Override
  public JsonNode local(String name) {
    JsonNode mine = own.get(name);
    if (mine != null) {
      return mine;
    }
    for (String at = path; !at.isEmpty(); at = Paths.parent(at)) {
      JsonNode found = found(at, name);
      if (found != null) {
        return found;
      }
    }
    throw new ExpressionException("there is no '" + name + "' at " + path);
  }

  private @Nullable JsonNode found(String at, String name) {
    return switch (t.plan().node(at).kind()) {
      case ITEM -> {
        String item = ((ForEach) t.definitionOf(Paths.parent(at)).action()).item();
        if (name.equals(item)) {
          yield t.json(Slot.item(at));
        }
        yield name.equals("index") ? IntNode.valueOf(Paths.number(at)) : null;
      }
      case ITERATION -> {
        int number = Paths.number(at);
        if (name.equals("last")) {
          yield number == 1
              ? NullNode.getInstance()
              : t.json(Slot.output(Paths.iteration(Paths.parent(at), number - 1)));
        }
        yield name.equals("iteration") ? IntNode.valueOf(number) : null;
      }
      case UNDO -> name.equals("output") ? t.json(Slot.output(Paths.parent(at))) : null;
      case CRITIC -> name.equals("output") ? t.json(Slot.subject(Paths.parent(at))) : null;
      case MEMBER, BRANCH -> null;
    };
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
      case TaskState.Expanded s -> "running";
      case TaskState.WaitingForChild s -> "running";
      case TaskState.BeingJudged s -> "running";
      case TaskState.WaitingForAgent s -> "waiting";
      case TaskState.WaitingForRetry s -> "waiting";
      case TaskState.WaitingForReview s -> "waiting";
      case TaskState.WaitingForTime s -> "waiting";
      case TaskState.WaitingForSignal s -> "waiting";
      case TaskState.Held s -> "waiting";
      case TaskState.Succeeded s -> "succeeded";
      case TaskState.Failed s -> "failed";
      case TaskState.Skipped s -> "skipped";
      case TaskState.Cancelled s -> "cancelled";
    };
  }
}
