package io.ligature.state.engine;

import io.ligature.avro.CommandRejected;
import io.ligature.avro.Failure;
import io.ligature.avro.TaskReopened;
import io.ligature.avro.WorkflowPaused;
import io.ligature.avro.WorkflowReopened;
import io.ligature.avro.WorkflowResumed;
import io.ligature.schemas.ErrorKind;
import io.ligature.schemas.definition.TaskDefinition.ForEach;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What operators ask for. What cannot be done leaves an event that says why. */
final class Control {

  private Control() {}

  static void pause(Transition t, Command.PauseWorkflow command) {
    if (t.workflow().status() != WorkflowStatus.RUNNING) {
      reject(t, "the workflow is " + t.workflow().status().wireName() + ", not running");
      return;
    }
    t.emit(new Event.WorkflowPaused(new WorkflowPaused(command.reason())));
    pauseChildren(t, Paths.ROOT, command.reason());
  }

  private static void pauseChildren(Transition t, String outer, String reason) {
    for (String task : Stopping.begun(t, outer)) {
      TaskState state = t.task(task).state();
      if (state instanceof TaskState.Expanded) {
        pauseChildren(t, task, reason);
      } else if (state instanceof TaskState.WaitingForChild child) {
        t.effect(new Effect.PauseChild(child.childWorkflowId(), reason));
      }
    }
  }

  static void resume(Transition t, Command.ResumeWorkflow command) {
    if (!t.isPaused()) {
      reject(t, "the workflow is " + t.workflow().status().wireName() + ", not paused");
      return;
    }
    t.emit(new Event.WorkflowResumed(new WorkflowResumed(command.reason())));
    resume(t, Paths.ROOT, command.reason());
  }

  private static void resume(Transition t, String outer, String reason) {
    for (String task : Stopping.begun(t, outer)) {
      if (!Scheduling.isLive(t, outer)) {
        return;
      }
      TaskRow row = t.task(task);
      if (row.state() instanceof TaskState.Expanded
          || row.state() instanceof TaskState.BeingJudged) {
        resume(t, task, reason);
      } else if (row.state() instanceof TaskState.WaitingForChild child) {
        t.effect(new Effect.ResumeChild(child.childWorkflowId(), reason));
      } else if (row.state() instanceof TaskState.Held) {
        if (hasBegun(row)) {
          Scheduling.next(t, task);
        } else {
          Scheduling.start(t, task);
        }
      }
    }
  }

  /** Its condition has been looked at. */
  private static boolean hasBegun(TaskRow row) {
    return row.attempt() > 0 || row.reviews() > 0;
  }

  static void retry(Transition t, Command.RetryTask command) {
    String task = command.task();
    if (!t.plan().has(task)) {
      reject(t, "there is no task '" + task + "'");
      return;
    }
    WorkflowRow workflow = t.workflow();
    TaskRow row = t.task(task);
    if (workflow.isOpen()) {
      retryNow(t, row, command);
    } else if (isCritic(t, task)) {
      return;
    } else if (workflow.status() != WorkflowStatus.FAILED || workflow.saga().end() != null) {
      reject(
          t,
          workflow.saga().end() != null
              ? "what the workflow did has been undone; re-run it as a new one"
              : "the workflow is "
                  + workflow.status().wireName()
                  + "; only a failed one goes on again; re-run it as a new one");
    } else if (workflow.tree().parent() != null) {
      reject(
          t,
          "its parent has taken the failure; retry task '"
              + workflow.tree().parent().getTask()
              + "' of "
              + workflow.tree().parent().getWorkflowId());
    } else if (!(row.state() instanceof TaskState.Failed)) {
      reject(t, "task '" + task + "' is " + row.state().wireName() + ", not failed");
    } else if (hasConsequences(t, task)) {
      reject(
          t,
          "what follows from the failure of '" + task + "' has begun; re-run from it as a new one");
    } else if (row.inner() != null) {
      reject(
          t,
          "task '"
              + task
              + "' consists of others; retry the one inside of it that failed, or re-run");
    } else {
      reopen(t, command);
    }
  }

  /** Whether what it is inside of ended well all the same, or a task behind has begun. */
  private static boolean hasConsequences(Transition t, String task) {
    for (String at = task; !at.isEmpty(); at = Paths.parent(at)) {
      TaskState state = t.task(at).state();
      if (state instanceof TaskState.Succeeded || state instanceof TaskState.Skipped) {
        return true;
      }
      for (String dependent : t.plan().dependents(at)) {
        if (!(t.task(dependent).state() instanceof TaskState.Pending)
            && !(t.task(dependent).state() instanceof TaskState.Skipped)
            && state instanceof TaskState.Failed) {
          return true;
        }
      }
    }
    return false;
  }

  private static void retryNow(Transition t, TaskRow row, Command.RetryTask command) {
    if (command.input() != null) {
      reject(t, "a task gets another input only after it has failed for good");
      return;
    }
    switch (row.state()) {
      case TaskState.WaitingForRetry s -> Scheduling.next(t, row.task());
      case TaskState.WaitingForAgent s -> Placing.offer(t, row.task());
      case TaskState.Active s ->
          reject(t, "task '" + row.task() + "' is " + s.wireName() + "; there is nothing to retry");
      case TaskState.Ended s ->
          reject(
              t,
              "task '"
                  + row.task()
                  + "' is "
                  + s.wireName()
                  + " and what follows from that has begun; re-run from it as a new workflow");
    }
  }

  private static void reopen(Transition t, Command.RetryTask command) {
    t.emit(new Event.WorkflowReopened(new WorkflowReopened(command.reason(), deadline(t))));
    List<String> again = new ArrayList<>();
    for (String outer : outers(command.task())) {
      if (t.task(outer).state() instanceof TaskState.Ended) {
        t.emit(new Event.TaskReopened(new TaskReopened(outer, command.reason(), null, null)));
        Scheduling.time(t, outer);
      }
    }
    t.emit(
        new Event.TaskReopened(
            new TaskReopened(command.task(), command.reason(), command.input(), null)));
    reopenCancelled(t, Paths.ROOT, command.reason(), again);
    again.add(command.task());
    for (String task : again) {
      TaskRow row = t.task(task);
      if (!Scheduling.isLive(t, Paths.parent(task))
          || !(row.state() instanceof TaskState.Pending)) {
        continue;
      }
      if (task.equals(command.task()) || hasBegun(row)) {
        Scheduling.startAnyway(t, task);
      } else {
        Scheduling.start(t, task);
      }
    }
    goOn(t, Paths.ROOT);
  }

  private static List<String> outers(String task) {
    List<String> outers = new ArrayList<>();
    for (String outer = Paths.parent(task); !outer.isEmpty(); outer = Paths.parent(outer)) {
      outers.addFirst(outer);
    }
    return outers;
  }

  private static void reopenCancelled(
      Transition t, String outer, String reason, List<String> again) {
    for (String task : Stopping.begun(t, outer)) {
      TaskRow row = t.task(task);
      if (row.state() instanceof TaskState.Cancelled || isUnhandled(t, row)) {
        t.emit(new Event.TaskReopened(new TaskReopened(task, reason, null, null)));
        if (t.task(task).state() instanceof TaskState.Pending) {
          again.add(task);
        } else {
          Scheduling.time(t, task);
        }
      }
      if (t.task(task).state() instanceof TaskState.Expanded) {
        reopenCancelled(t, task, reason, again);
      }
    }
  }

  /** Whether it failed and nothing but another try can mend that. */
  private static boolean isUnhandled(Transition t, TaskRow row) {
    String task = row.task();
    return row.state() instanceof TaskState.Failed
        && switch (t.plan().node(task).kind()) {
          case MEMBER -> t.plan().dependents(task).isEmpty();
          case ITEM ->
              !(t.definitionOf(Paths.parent(task)).action() instanceof ForEach each
                  && each.collect());
          case BRANCH, ITERATION -> true;
          case UNDO, CRITIC -> false;
        };
  }

  /** Looks again at what the failure kept from beginning. */
  private static void goOn(Transition t, String outer) {
    for (String task : Stopping.begun(t, outer)) {
      if (!Scheduling.isLive(t, outer)) {
        return;
      }
      TaskRow row = t.task(task);
      if (row.state() instanceof TaskState.Expanded) {
        goOn(t, task);
      } else if (t.plan().node(task).kind() == Node.Kind.MEMBER) {
        Scheduling.consider(t, task);
      }
    }
    Composites.goOn(t, outer);
  }

  /** The old one while it has not passed; then as much time as the definition gives. */
  private static @Nullable Instant deadline(Transition t) {
    Instant old = t.workflow().deadline();
    if (old == null || old.isAfter(t.now())) {
      return old;
    }
    Duration usual = t.plan().definition().deadline();
    return usual == null ? null : t.now().plus(usual);
  }

  static void skip(Transition t, Command.SkipTask command) {
    String task = command.task();
    if (!t.plan().has(task) || t.plan().node(task).kind() == Node.Kind.UNDO) {
      reject(t, "there is no task '" + task + "'");
      return;
    }
    if (isCritic(t, task)) {
      return;
    }
    TaskRow row = t.task(task);
    boolean inner = t.plan().node(task).kind() != Node.Kind.MEMBER;
    if (!t.goesOn()) {
      reject(t, "the workflow is " + t.workflow().status().wireName());
    } else if (row.hasEnded()) {
      reject(t, "task '" + task + "' is " + row.state().wireName() + " already");
    } else if (!Scheduling.isLive(t, Paths.parent(task))
        || (inner && row.state() instanceof TaskState.Pending)) {
      reject(t, "task '" + task + "' has not begun");
    } else {
      Stopping.letGo(
          t, task, new Failure(ErrorKind.CANCELLED.wireName(), command.reason(), null, false));
      Scheduling.skip(t, task, "skipped by " + t.cause().actor() + ": " + command.reason());
    }
  }

  /** A critic's judgement cannot be had apart from the task; the command is rejected then. */
  private static boolean isCritic(Transition t, String task) {
    boolean critic = t.plan().node(task).kind() == Node.Kind.CRITIC;
    if (critic) {
      String judged = Paths.parent(task);
      reject(t, "'" + task + "' judges '" + judged + "'; name that one");
    }
    return critic;
  }

  private static void reject(Transition t, String why) {
    t.emit(new Event.CommandRejected(new CommandRejected(t.cause().input(), why)));
  }
}
