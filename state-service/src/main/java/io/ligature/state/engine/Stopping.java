package io.ligature.state.engine;

import io.ligature.avro.Failure;
import io.ligature.avro.TaskCancelled;
import io.ligature.schemas.definition.TaskDefinition.Block;
import io.ligature.schemas.definition.TaskDefinition.Choose;
import io.ligature.schemas.definition.TaskDefinition.Composite;
import io.ligature.schemas.definition.TaskDefinition.ForEach;
import io.ligature.schemas.definition.TaskDefinition.Repeat;
import io.ligature.state.engine.TaskRow.Inner;
import java.util.ArrayList;
import java.util.List;

/** Stops what runs. Here alone all tasks are looked at, and only where their whole ends. */
final class Stopping {

  private Stopping() {}

  /** Cancels what has begun and not ended inside of a task, or in the whole workflow. */
  static void inside(Transition t, String outer, String reason) {
    for (String inner : begun(t, outer)) {
      TaskRow row = t.task(inner);
      switch (row.state()) {
        case TaskState.Pending s -> {}
        case TaskState.Ended s -> {}
        case TaskState.Expanded s -> {
          inside(t, inner, reason);
          cancel(t, inner, reason);
        }
        case TaskState.BeingJudged s -> {
          inside(t, inner, reason);
          cancel(t, inner, reason);
        }
        case TaskState.Active s -> cancel(t, inner, reason);
      }
    }
  }

  private static void cancel(Transition t, String task, String reason) {
    TaskRow row = t.task(task);
    boolean known =
        !(row.state() instanceof TaskState.Running
            || row.state() instanceof TaskState.WaitingForChild);
    t.emit(
        new Event.TaskCancelled(
            new TaskCancelled(task, reason, Results.chargeWithoutResult(row).toDecimal(), known)));
  }

  /** Paths of the tasks inside of one that may have begun, in their order. */
  static List<String> begun(Transition t, String outer) {
    List<String> paths = new ArrayList<>();
    if (outer.isEmpty() || t.plan().node(outer).isBlock()) {
      t.plan().members(outer).forEach(name -> paths.add(Paths.member(outer, name)));
      return paths;
    }
    TaskRow row = t.task(outer);
    if (row.state() instanceof TaskState.BeingJudged judged) {
      paths.add(judged.critic());
    }
    Inner inner = row.inner();
    if (inner == null || !(t.definitionOf(outer).action() instanceof Composite composite)) {
      return paths;
    }
    switch (composite) {
      case ForEach each -> {
        for (int i = 0; i < inner.started(); i++) {
          paths.add(Paths.indexed(outer, i));
        }
      }
      case Repeat repeat -> {
        if (inner.started() > 0) {
          paths.add(Paths.iteration(outer, inner.started()));
        }
      }
      case Choose choose -> {
        Integer branch = inner.branch();
        if (branch != null) {
          paths.add(Paths.indexed(outer, branch));
        }
      }
      case Block block -> {}
    }
    return paths;
  }

  /** Ends what a task waits for, so that the task itself can end another way. */
  static void letGo(Transition t, String task, Failure failure) {
    TaskRow row = t.task(task);
    switch (row.state()) {
      case TaskState.Scheduled s -> Results.giveUp(t, row, failure);
      case TaskState.Running s -> Results.giveUp(t, row, failure);
      case TaskState.WaitingForAgent s -> Results.giveUp(t, row, failure);
      case TaskState.WaitingForChild s -> Children.letGo(t, row, s, failure);
      case TaskState.Expanded s -> inside(t, task, failure.getMessage());
      case TaskState.BeingJudged s -> inside(t, task, failure.getMessage());
      case TaskState.Pending s -> {}
      case TaskState.WaitingForRetry s -> {}
      case TaskState.WaitingForReview s -> {}
      case TaskState.WaitingForTime s -> {}
      case TaskState.WaitingForSignal s -> {}
      case TaskState.Held s -> {}
      case TaskState.Ended s -> {}
    }
  }
}
