package io.ligature.state.engine;

import io.ligature.avro.Failure;
import io.ligature.avro.KeptResult;
import io.ligature.avro.RerunOrigin;
import io.ligature.avro.StartAccepted;
import io.ligature.avro.TaskFailed;
import io.ligature.avro.TaskHeld;
import io.ligature.avro.TaskSkipped;
import io.ligature.avro.TaskTimed;
import io.ligature.schemas.ErrorKind;
import io.ligature.schemas.definition.Expression;
import io.ligature.schemas.definition.ExpressionException;
import io.ligature.schemas.definition.TaskDefinition.AgentWork;
import io.ligature.schemas.definition.TaskDefinition.AwaitSignal;
import io.ligature.schemas.definition.TaskDefinition.ChildWorkflow;
import io.ligature.schemas.definition.TaskDefinition.Composite;
import io.ligature.schemas.definition.TaskDefinition.ReviewGate;
import io.ligature.schemas.definition.TaskDefinition.Wait;
import java.util.List;

/** Begins what is ready, and sees to what follows from each end: joins, conditions, loops. */
final class Scheduling {

  private Scheduling() {}

  static void begin(Transition t, StartAccepted accepted) {
    Variables.begin(t);
    if (!t.goesOn()) {
      return;
    }
    RerunOrigin origin = accepted.getOrigin();
    if (origin != null) {
      origin.getKept().forEach(kept -> keep(t, kept, origin.getWorkflowId()));
    }
    startBlock(t, Paths.ROOT);
  }

  private static void keep(Transition t, KeptResult kept, String from) {
    if (kept.getGrade() == null) {
      skip(t, kept.getTask(), "skipped in " + from + ", of which this is a re-run");
    } else {
      Composites.succeed(t, kept.getTask(), 0, kept.getOutput(), kept.getGrade());
    }
  }

  static void startBlock(Transition t, String block) {
    for (String task : t.plan().roots(block)) {
      if (isLive(t, block)) {
        consider(t, Paths.member(block, task));
      }
    }
  }

  /** Whether tasks inside of it may still begin. */
  static boolean isLive(Transition t, String block) {
    if (!t.goesOn() || block.isEmpty()) {
      return t.goesOn();
    }
    TaskState state = t.task(block).state();
    return state instanceof TaskState.Expanded || state instanceof TaskState.BeingJudged;
  }

  /** Sees to what follows from every end, and ends the workflow when nothing is open. */
  static void propagate(Transition t) {
    for (String ended = t.nextEnded(); ended != null; ended = t.nextEnded()) {
      Node.Kind kind = t.plan().node(ended).kind();
      String outer = Paths.parent(ended);
      if (kind == Node.Kind.UNDO) {
        Compensations.after(t, outer);
      } else if (isLive(t, outer)) {
        try {
          Variables.set(t, ended);
        } catch (ExpressionException e) {
          failInside(t, outer, ended, invalid(e));
          continue;
        }
        switch (kind) {
          case MEMBER -> afterMember(t, ended, outer);
          case ITEM -> Composites.afterItem(t, ended, outer);
          case ITERATION -> Composites.afterIteration(t, ended, outer);
          case BRANCH -> Composites.afterBranch(t, ended, outer);
          case CRITIC -> Critics.after(t, ended, outer);
          case UNDO -> {}
        }
      }
    }
    if (t.goesOn() && t.workflow().counts().open() == 0) {
      Ending.complete(t);
    }
  }

  private static void afterMember(Transition t, String task, String block) {
    List<String> dependents = t.plan().dependents(task);
    if (dependents.isEmpty() && t.task(task).state() instanceof TaskState.Failed(Failure why)) {
      failInside(t, block, task, why);
      return;
    }
    for (String dependent : dependents) {
      if (isLive(t, block)) {
        consider(t, dependent);
      }
    }
    if (!block.isEmpty() && isLive(t, block) && !t.hasEndedInside(block)) {
      Composites.finishBlock(t, block);
    }
  }

  static void consider(Transition t, String task) {
    TaskRow row = t.task(task);
    if (!(row.state() instanceof TaskState.Pending)) {
      return;
    }
    switch (Joins.verdict(t.definitionOf(task).needs(), row.join())) {
      case WAIT -> {}
      case RUN -> start(t, task);
      case SKIP ->
          skip(t, task, "skipped: its join can no longer be met, as predecessors were skipped");
      case FAIL -> failByPredecessor(t, task);
    }
  }

  private static void failByPredecessor(Transition t, String task) {
    for (String need : t.plan().needs(task)) {
      if (t.task(need).state() instanceof TaskState.Failed(Failure failure)) {
        failInside(t, Paths.parent(task), need, failure);
        return;
      }
    }
    throw new IllegalStateException(
        "the join of " + task + " counts a failed predecessor that is not there");
  }

  /** A task failed and nothing next to it can mend that: what encloses it fails. */
  static void failInside(Transition t, String outer, String task, Failure failure) {
    if (outer.isEmpty()) {
      Ending.fail(t, task, failure);
    } else {
      Composites.fail(t, outer, failure);
    }
  }

  /** A task whose needs are met begins, unless its condition says that it is skipped. */
  static void start(Transition t, String task) {
    if (t.isPaused()) {
      hold(t, task);
      return;
    }
    Expression when = t.definitionOf(task).when();
    try {
      if (when != null && !when.isTrue(TransitionScope.of(t, task))) {
        skip(t, task, "skipped: its condition is not true: " + when.text());
        return;
      }
    } catch (ExpressionException e) {
      failInvalid(t, task, e);
      return;
    }
    startAnyway(t, task);
  }

  static void startAnyway(Transition t, String task) {
    time(t, task);
    next(t, task);
  }

  /** A task's own time begins. */
  static void time(Transition t, String task) {
    var timeout = t.definitionOf(task).timeout();
    if (timeout != null) {
      t.emit(new Event.TaskTimed(new TaskTimed(task, t.now().plus(timeout))));
    }
  }

  /** The task's next attempt, review, child or wait. */
  static void next(Transition t, String task) {
    if (t.isPaused()) {
      hold(t, task);
      return;
    }
    try {
      switch (t.definitionOf(task).action()) {
        case AgentWork work -> Attempts.begin(t, task, work);
        case ReviewGate gate -> Reviews.openGate(t, task, gate);
        case ChildWorkflow child -> Children.begin(t, task, child);
        case Wait wait -> Waits.begin(t, task, wait);
        case AwaitSignal signal -> Signalling.begin(t, task, signal);
        case Composite composite -> Composites.begin(t, task, composite);
      }
    } catch (ExpressionException e) {
      failInvalid(t, task, e);
    }
  }

  private static void hold(Transition t, String task) {
    t.emit(new Event.TaskHeld(new TaskHeld(task, "the workflow is paused")));
  }

  /** An expression fails the same way each time, so no retry can mend it. */
  private static void failInvalid(Transition t, String task, ExpressionException problem) {
    Remedies.withoutRetry(t, task, invalid(problem));
  }

  static Failure invalid(ExpressionException problem) {
    return new Failure(
        ErrorKind.INVALID_INPUT.wireName(), String.valueOf(problem.getMessage()), null, false);
  }

  static void fail(Transition t, String task, Failure failure) {
    t.emit(new Event.TaskFailed(new TaskFailed(task, failure)));
  }

  static void skip(Transition t, String task, String reason) {
    t.emit(new Event.TaskSkipped(new TaskSkipped(task, reason)));
  }
}
