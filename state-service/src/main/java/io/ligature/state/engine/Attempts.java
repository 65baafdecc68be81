package io.ligature.state.engine;

import io.ligature.avro.AttemptScheduled;
import io.ligature.avro.BudgetExceeded;
import io.ligature.avro.Failure;
import io.ligature.avro.Grade;
import io.ligature.avro.OnExceeded;
import io.ligature.avro.TaskEnvelope;
import io.ligature.schemas.ErrorKind;
import io.ligature.schemas.Money;
import io.ligature.schemas.definition.TaskDefinition.AgentWork;
import io.ligature.schemas.definition.TaskDefinition.ReviewRule;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Begins an agent's work: the hold on the money, and the envelope. */
final class Attempts {

  static final ReviewRule BUDGET_RULE = new ReviewRule("operator", 1, false, false);

  private Attempts() {}

  static void begin(Transition t, String task, AgentWork work) {
    TaskRow row = t.task(task);
    int number = row.attempt() + 1;
    if (number > t.tuning().maxAttempts()) {
      giveUpForGood(t, row);
      return;
    }
    boolean undoes = t.plan().node(task).kind() == Node.Kind.UNDO;
    Money hold = undoes ? holdOf(work) : affordable(t, task, holdOf(work));
    if (hold == null) {
      exceed(t, task, holdOf(work));
      return;
    }
    List<String> excluded = Critics.excluding(t, task, row);
    TaskEnvelope envelope = Envelopes.of(t, task, number, hold, excluded);
    t.emit(
        new Event.AttemptScheduled(
            new AttemptScheduled(envelope, hold.toDecimal(), unclaimedUntil(t, work))));
  }

  /** No more attempts, whatever the ladders say. */
  static void giveUpForGood(Transition t, TaskRow row) {
    AttemptRow last = row.lastAttempt();
    Failure failure = last == null ? null : last.failure();
    Scheduling.fail(
        t,
        row.task(),
        new Failure(
            failure == null ? ErrorKind.MODEL_ERROR.wireName() : failure.getKind(),
            "gave up after " + t.tuning().maxAttempts() + " attempts, the most one task may have",
            null,
            false));
  }

  /**
   * What may be held of it: all, less where the definition lets it degrade; null: it does not fit.
   */
  static @Nullable Money affordable(Transition t, String task, Money wanted) {
    Ledger ledger = Books.ledger(t.state(), task);
    if (ledger.covers(wanted)) {
      return wanted;
    }
    Money left = ledger.left();
    boolean less = ledger.onExceeded() == OnExceeded.degrade && left != null && left.micros() > 0;
    return less ? left : null;
  }

  /** An attempt that had to do with less money than the definition gives it is not a clean one. */
  static Grade graded(TaskRow row, AgentWork work, Grade grade) {
    boolean less = Results.isInFlight(row.state()) && row.held().compareTo(holdOf(work)) < 0;
    return less && grade.compareTo(Grade.degraded) < 0 ? Grade.degraded : grade;
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

  static void exceed(Transition t, String task, Money wanted) {
    Ledger ledger = Books.ledger(t.state(), task);
    Money left = ledger.left();
    Money remaining = left == null ? Money.ZERO : left;
    t.emit(
        new Event.BudgetExceeded(
            new BudgetExceeded(
                task, wanted.toDecimal(), remaining.toDecimal(), ledger.onExceeded())));
    String message =
        "it may cost " + wanted + ", but only " + remaining + " is neither spent nor held";
    if (ledger.onExceeded() == OnExceeded.review) {
      Reviews.openForBudget(t, task, BUDGET_RULE, message);
      return;
    }
    Failure failure = new Failure(ErrorKind.BUDGET_EXCEEDED.wireName(), message, null, false);
    if (t.definitionOf(task).isRetried()) {
      Remedies.apply(t, task, failure);
    } else {
      Remedies.withoutRetry(t, task, failure);
    }
  }
}
