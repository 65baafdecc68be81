package io.ligature.state.engine;

import io.ligature.avro.AttemptAdopted;
import io.ligature.avro.AttemptFailed;
import io.ligature.avro.AttemptProgressed;
import io.ligature.avro.AttemptStarted;
import io.ligature.avro.Failure;
import io.ligature.avro.Grade;
import io.ligature.avro.ResultMetadata;
import io.ligature.avro.ResultStatus;
import io.ligature.avro.StaleResultRecorded;
import io.ligature.avro.TaskProgress;
import io.ligature.avro.TaskResult;
import io.ligature.avro.TaskStarted;
import io.ligature.avro.TaskSucceeded;
import io.ligature.schemas.AttemptId;
import io.ligature.schemas.ErrorKind;
import io.ligature.schemas.Money;
import io.ligature.schemas.definition.TaskDefinition.AgentWork;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** What executors report. Each method gives back why a report changed nothing, or null. */
final class Results {

  private Results() {}

  /** What an attempt cost, as far as it is known. */
  private record Cost(Money amount, boolean known) {}

  static @Nullable String result(Transition t, AttemptId id, TaskResult result) {
    TaskRow row = t.task(id.task());
    AttemptRow attempt = row.attemptOf(id.number());
    if (attempt != null && attempt.resultSeen()) {
      return "a duplicate: the result of " + id + " is booked";
    }
    if (isNow(t, row, id)) {
      accept(t, id, result);
      return null;
    }
    if (isLater(t, row, id)) {
      adopt(t, row, id);
      accept(t, id, result);
      return null;
    }
    if (comesAfterAll(t, row, id) && isAcceptable(t, id, result)) {
      succeed(t, id, result);
      return null;
    }
    stale(t, id, result, whyStale(t, row));
    return null;
  }

  /** Its attempt is the one the task waits for. */
  static boolean isNow(Transition t, TaskRow row, AttemptId id) {
    return t.isOpen() && id.number() == row.attempt() && isInFlight(row.state());
  }

  /** Its attempt was dispatched by a run that was undone, and will be dispatched again. */
  private static boolean isLater(Transition t, TaskRow row, AttemptId id) {
    return t.isOpen()
        && id.number() > row.attempt()
        && id.number() <= t.tuning().maxAttempts()
        && row.attempt() > 0
        && (isInFlight(row.state()) || row.state() instanceof TaskState.WaitingForRetry);
  }

  /** The engine had given its attempt up, but has not begun another. */
  private static boolean comesAfterAll(Transition t, TaskRow row, AttemptId id) {
    return t.isOpen()
        && id.number() == row.attempt()
        && row.state() instanceof TaskState.WaitingForRetry;
  }

  static boolean isInFlight(TaskState state) {
    return switch (state) {
      case TaskState.Scheduled s -> true;
      case TaskState.Running s -> true;
      case TaskState.WaitingForAgent s -> true;
      case TaskState.Pending s -> false;
      case TaskState.WaitingForRetry s -> false;
      case TaskState.WaitingForReview s -> false;
      case TaskState.Expanded s -> false;
      case TaskState.WaitingForTime s -> false;
      case TaskState.WaitingForSignal s -> false;
      case TaskState.WaitingForChild s -> false;
      case TaskState.BeingJudged s -> false;
      case TaskState.Held s -> false;
      case TaskState.Ended s -> false;
    };
  }

  private static String whyStale(Transition t, TaskRow row) {
    return t.isOpen()
        ? "the task is " + row.state().wireName() + " and waits for no such attempt"
        : "the workflow is " + t.workflow().status().wireName();
  }

  private static void adopt(Transition t, TaskRow row, AttemptId id) {
    AgentWork work = workOf(t, id);
    if (isInFlight(row.state())) {
      giveUp(
          t,
          row,
          new Failure(
              ErrorKind.TIMEOUT.wireName(),
              "given up: attempt " + id.number() + " had been dispatched already",
              null,
              false));
    }
    t.emit(
        new Event.AttemptAdopted(
            new AttemptAdopted(
                id.toString(),
                Attempts.holdOf(work).toDecimal(),
                Attempts.unclaimedUntil(t, work))));
  }

  /** Closes the current attempt without a result; one that was claimed may have been billed. */
  static void giveUp(Transition t, TaskRow row, Failure failure) {
    Cost cost = withoutResult(row);
    t.emit(
        new Event.AttemptFailed(
            new AttemptFailed(
                t.attemptId(row.task(), row.attempt()).toString(),
                null,
                failure,
                null,
                null,
                cost.amount().toDecimal(),
                cost.known(),
                null)));
  }

  private static Cost withoutResult(TaskRow row) {
    boolean mayHaveSpent =
        row.state() instanceof TaskState.Running
            || row.state() instanceof TaskState.WaitingForChild;
    return mayHaveSpent
        ? new Cost(row.held().minus(bookedFor(row, row.attempt())), false)
        : new Cost(Money.ZERO, true);
  }

  static Money chargeWithoutResult(TaskRow row) {
    return withoutResult(row).amount();
  }

  private static Money bookedFor(TaskRow row, int number) {
    AttemptRow known = row.attemptOf(number);
    return known == null ? Money.ZERO : known.charged();
  }

  private static void accept(Transition t, AttemptId id, TaskResult result) {
    switch (result.getStatus()) {
      case success -> {
        Failure fault = faultOf(t, id, result);
        if (fault != null) {
          fail(t, id, result, fault);
        } else {
          succeed(t, id, result);
        }
      }
      case failure -> fail(t, id, result, failureOf(result));
      case needs_review ->
          Reviews.openForResult(
              t, id, result, charge(t, id, result).amount(), charge(t, id, result).known());
    }
  }

  private static boolean isAcceptable(Transition t, AttemptId id, TaskResult result) {
    return result.getStatus() == ResultStatus.success && faultOf(t, id, result) == null;
  }

  /** Why a success is none; null when it is one. */
  private static @Nullable Failure faultOf(Transition t, AttemptId id, TaskResult result) {
    Double least = workOf(t, id).limits().qualityThreshold();
    Double claimed = result.getMetadata().getConfidence();
    Double calibrated = result.getMetadata().getCalibratedConfidence();
    Double confidence = calibrated != null ? calibrated : claimed;
    if (least != null && confidence != null && confidence < least) {
      String corrected = calibrated == null ? "" : ", corrected from " + claimed + ",";
      return new Failure(
          ErrorKind.LOW_CONFIDENCE.wireName(),
          "confidence " + confidence + corrected + " is below the qualityThreshold " + least,
          null,
          false);
    }
    return Critics.faultOfVerdict(t, id.task(), result.getOutput());
  }

  private static Failure failureOf(TaskResult result) {
    Failure failure = result.getError();
    return failure != null
        ? failure
        : new Failure(ErrorKind.MODEL_ERROR.wireName(), "failed without a reason", null, false);
  }

  private static void succeed(Transition t, AttemptId id, TaskResult result) {
    Cost charge = charge(t, id, result);
    ResultMetadata metadata = result.getMetadata();
    AgentWork work = workOf(t, id);
    Grade grade = Attempts.graded(t.task(id.task()), work, metadata.getGrade());
    if (work.validation() != null) {
      Critics.ask(t, id, result, grade, charge.amount(), charge.known());
      return;
    }
    t.emit(
        new Event.TaskSucceeded(
            new TaskSucceeded(
                id.task(),
                id.number(),
                result.getAgent(),
                result.getOutput(),
                metadata,
                grade,
                charge.amount().toDecimal(),
                charge.known())));
  }

  private static void fail(Transition t, AttemptId id, TaskResult result, Failure failure) {
    Cost charge = charge(t, id, result);
    t.emit(
        new Event.AttemptFailed(
            new AttemptFailed(
                id.toString(),
                result.getAgent(),
                failure,
                result.getMetadata(),
                result.getOutput(),
                charge.amount().toDecimal(),
                charge.known(),
                result.getOutputSchema())));
    Remedies.apply(t, id.task(), failure);
  }

  private static void stale(Transition t, AttemptId id, TaskResult result, String why) {
    Cost charge = charge(t, id, result);
    t.emit(
        new Event.StaleResultRecorded(
            new StaleResultRecorded(
                id.toString(),
                result.getAgent(),
                why,
                charge.amount().toDecimal(),
                charge.known())));
  }

  /** The cost, less what is booked for the attempt already. */
  private static Cost charge(Transition t, AttemptId id, TaskResult result) {
    TaskRow row = t.task(id.task());
    Money hold = isNow(t, row, id) ? row.held() : Attempts.holdOf(workOf(t, id));
    Cost cost = costOf(result, hold);
    return new Cost(cost.amount().minus(bookedFor(row, id.number())), cost.known());
  }

  private static Cost costOf(TaskResult result, Money hold) {
    BigDecimal known = result.getMetadata().getCost();
    if (known != null) {
      return new Cost(Money.of(known), true);
    }
    Failure failure = result.getError();
    boolean free =
        result.getStatus() == ResultStatus.failure
            && (failure == null || !failure.getPossiblyBilled());
    return free ? new Cost(Money.ZERO, true) : new Cost(hold, false);
  }

  static @Nullable String started(Transition t, AttemptId id, TaskStarted started) {
    TaskRow row = t.task(id.task());
    if (!isNow(t, row, id)) {
      if (!isLater(t, row, id)) {
        return "a claim for an attempt nobody waits for: " + id;
      }
      adopt(t, row, id);
    } else if (row.state() instanceof TaskState.Running running
        && running.executor().equals(started.getExecutor())) {
      return "a duplicate: " + id + " is claimed by " + started.getExecutor();
    }
    t.emit(
        new Event.AttemptStarted(
            new AttemptStarted(
                id.toString(),
                started.getAgent(),
                started.getExecutor(),
                Attempts.claimedUntil(t, workOf(t, id)))));
    return null;
  }

  static @Nullable String progress(Transition t, AttemptId id, TaskProgress progress) {
    TaskRow row = t.task(id.task());
    if (!isNow(t, row, id) || !(row.state() instanceof TaskState.Running)) {
      return "progress of an attempt that does not run: " + id;
    }
    t.emit(
        new Event.AttemptProgressed(
            new AttemptProgressed(id.toString(), progress.getShare(), progress.getMessage())));
    return null;
  }

  private static AgentWork workOf(Transition t, AttemptId id) {
    return Envelopes.workOf(t, id.task());
  }
}
