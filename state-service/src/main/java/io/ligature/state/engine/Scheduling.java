package io.ligature.state.engine;

import io.ligature.avro.AttemptScheduled;
import io.ligature.avro.BudgetExceeded;
import io.ligature.avro.Failure;
import io.ligature.avro.OnExceeded;
import io.ligature.avro.TaskEnvelope;
import io.ligature.avro.TaskFailed;
import io.ligature.avro.TaskSkipped;
import io.ligature.schemas.ErrorKind;
import io.ligature.schemas.Money;
import io.ligature.schemas.definition.Expression;
import io.ligature.schemas.definition.ExpressionException;
import io.ligature.schemas.definition.TaskDefinition;
import io.ligature.schemas.definition.TaskDefinition.AgentWork;
import io.ligature.schemas.definition.TaskDefinition.ReviewGate;
import io.ligature.schemas.definition.TaskDefinition.ReviewRule;
import io.ligature.schemas.definition.TaskDefinition.Skip;
import java.time.Instant;
import java.util.List;

/** Begins what is ready: joins, conditions, attempts and their holds. */
final class Scheduling {

  static final ReviewRule BUDGET_RULE = new ReviewRule("operator", 1, false, false);

  private Scheduling() {}

  static void begin(Transition t) {
    for (String task : t.plan().roots()) {
      if (!t.isRunning()) {
        return;
      }
      consider(t, task);
    }
  }

  /** Lets every ended task's dependents look again, and ends the workflow when nothing is open. */
  static void propagate(Transition t) {
    for (String ended = t.nextEnded(); ended != null; ended = t.nextEnded()) {
      List<String> dependents = t.plan().dependents(ended);
      if (t.isRunning()
          && dependents.isEmpty()
          && t.task(ended).state() instanceof TaskState.Failed(Failure failure)) {
        Ending.fail(t, ended, failure);
      }
      for (String dependent : dependents) {
        if (t.isRunning()) {
          consider(t, dependent);
        }
      }
    }
    if (t.isRunning() && t.workflow().counts().open() == 0) {
      Ending.complete(t);
    }
  }

  private static void consider(Transition t, String task) {
    TaskRow row = t.task(task);
    if (!(row.state() instanceof TaskState.Pending)) {
      return;
    }
    TaskDefinition definition = t.definitionOf(task);
    switch (Joins.verdict(definition.needs(), row.join())) {
      case WAIT -> {}
      case RUN -> run(t, definition);
      case SKIP ->
          skip(t, task, "skipped: its join can no longer be met, as predecessors were skipped");
      case FAIL -> failByPredecessor(t, definition);
    }
  }

  private static void failByPredecessor(Transition t, TaskDefinition definition) {
    for (String need : definition.needs().tasks()) {
      if (t.task(need).state() instanceof TaskState.Failed(Failure failure)) {
        Ending.fail(t, need, failure);
        return;
      }
    }
    throw new IllegalStateException(
        "the join of " + definition.name() + " counts a failed predecessor that is not there");
  }

  private static void run(Transition t, TaskDefinition definition) {
    Expression when = definition.when();
    if (when != null) {
      boolean holds;
      try {
        holds = when.isTrue(new TransitionScope(t));
      } catch (ExpressionException e) {
        failInvalid(t, definition, e);
        return;
      }
      if (!holds) {
        skip(t, definition.name(), "skipped: its condition is not true: " + when.text());
        return;
      }
    }
    next(t, definition.name());
  }

  /** The task's next attempt, or its gate's next review. */
  static void next(Transition t, String task) {
    TaskDefinition definition = t.definitionOf(task);
    try {
      switch (definition.action()) {
        case AgentWork work -> attempt(t, definition, work);
        case ReviewGate gate -> Reviews.openGate(t, definition, gate);
        case TaskDefinition.ChildWorkflow _,
            TaskDefinition.Wait _,
            TaskDefinition.AwaitSignal _,
            TaskDefinition.Composite _ ->
            throw new UnsupportedOperationException();
      }
    } catch (ExpressionException e) {
      failInvalid(t, definition, e);
    }
  }

  private static void attempt(Transition t, TaskDefinition definition, AgentWork work) {
    String task = definition.name();
    TaskRow row = t.task(task);
    int number = row.attempt() + 1;
    if (number > t.tuning().maxAttempts()) {
      AttemptRow last = row.lastAttempt();
      Failure failure = last == null ? null : last.failure();
      fail(
          t,
          task,
          new Failure(
              failure == null ? ErrorKind.MODEL_ERROR.wireName() : failure.getKind(),
              "gave up after " + t.tuning().maxAttempts() + " attempts, the most one task may have",
              null,
              false));
      return;
    }
    Money hold = holdOf(work);
    if (!t.workflow().ledger().covers(hold)) {
      exceed(t, task, hold);
      return;
    }
    List<String> excluded = Remedies.excludedAgents(definition, row);
    TaskEnvelope envelope = Envelopes.of(t, task, number, hold, excluded);
    t.emit(
        new Event.AttemptScheduled(
            new AttemptScheduled(envelope, hold.toDecimal(), unclaimedUntil(t, work))));
  }

  static Money holdOf(AgentWork work) {
    Money maxCost = work.limits().maxCost();
    return maxCost == null ? Money.ZERO : maxCost;
  }

  static Instant unclaimedUntil(Transition t, AgentWork work) {
    return t.now().plus(work.limits().timeout()).plus(t.tuning().queueSlack());
  }

  static Instant claimedUntil(Transition t, AgentWork work) {
    return t.now().plus(work.limits().timeout()).plus(t.tuning().reportSlack());
  }

  private static void exceed(Transition t, String task, Money hold) {
    Ledger ledger = t.workflow().ledger();
    Money left = ledger.left();
    Money remaining = left == null ? Money.ZERO : left;
    t.emit(
        new Event.BudgetExceeded(
            new BudgetExceeded(
                task, hold.toDecimal(), remaining.toDecimal(), ledger.onExceeded())));
    String message =
        "the next attempt may cost "
            + hold
            + ", but only "
            + remaining
            + " of the budget is neither spent nor held";
    if (ledger.onExceeded() == OnExceeded.review) {
      Reviews.openForBudget(t, task, BUDGET_RULE, message);
      return;
    }
    Remedies.apply(
        t, task, new Failure(ErrorKind.BUDGET_EXCEEDED.wireName(), message, null, false));
  }

  /** An expression fails the same way each time, so only skipping can mend it. */
  private static void failInvalid(
      Transition t, TaskDefinition definition, ExpressionException problem) {
    String message = String.valueOf(problem.getMessage());
    var ladder = Remedies.ladder(definition, ErrorKind.INVALID_INPUT);
    if (!ladder.isEmpty() && ladder.getFirst() instanceof Skip) {
      skip(t, definition.name(), "skipped as onError says: " + message);
      return;
    }
    fail(
        t,
        definition.name(),
        new Failure(ErrorKind.INVALID_INPUT.wireName(), message, null, false));
  }

  static void fail(Transition t, String task, Failure failure) {
    t.emit(new Event.TaskFailed(new TaskFailed(task, failure)));
  }

  static void skip(Transition t, String task, String reason) {
    t.emit(new Event.TaskSkipped(new TaskSkipped(task, reason)));
  }
}
