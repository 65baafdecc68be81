package io.ligature.state.engine;

import io.ligature.avro.BudgetExtended;
import io.ligature.avro.CommandRejected;
import io.ligature.avro.Failure;
import io.ligature.avro.StartAccepted;
import io.ligature.avro.WorkflowQuarantined;
import io.ligature.avro.WorkflowRefused;
import io.ligature.avro.WorkflowStarted;
import io.ligature.schemas.AttemptId;
import io.ligature.schemas.ErrorKind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides what a workflow does next.
 *
 * <p>The shell calls {@link #decide} for each record of the inbox and each timer that is due, then
 * writes what the outcome says: rows, audit events, effects. When {@code decide} throws, that is a
 * fault of the engine's own: the shell writes the outcome of {@link #quarantine} instead. The same
 * rows, plans and command always give the same outcome.
 */
public final class Engine {

  private final Tuning tuning;

  public Engine(Tuning tuning) {
    this.tuning = tuning;
  }

  /** One command; one outcome. Reads {@code rows} and changes nothing. */
  public Outcome decide(Rows rows, Plans plans, Command command) {
    Overlay state = new Overlay(rows, plans, command.workflowId());
    Transition t = new Transition(state, tuning, command.cause());
    String ignored = apply(t, command);
    if (ignored != null) {
      return Outcome.ignored(ignored);
    }
    Scheduling.propagate(t);
    return t.outcome();
  }

  /** Leaves a workflow alone for good, because the engine met a fault of its own in it. */
  public Outcome quarantine(
      Rows rows, Plans plans, String workflowId, Cause cause, String reason, String origin) {
    Overlay state = new Overlay(rows, plans, workflowId);
    WorkflowRow row = state.workflowOrNull();
    if (row != null && !row.isOpen()) {
      return Outcome.ignored("the workflow is " + row.status().wireName());
    }
    Transition t = new Transition(state, tuning, cause);
    t.emit(new Event.WorkflowQuarantined(new WorkflowQuarantined(reason, origin)));
    return t.outcome();
  }

  /** The rows that follow from events of one workflow; the law says that they equal the stored. */
  public static Changes fold(Rows rows, Plans plans, String workflowId, List<EventEntry> entries) {
    Overlay state = new Overlay(rows, plans, workflowId);
    for (EventEntry entry : entries) {
      Evolution.fold(state, entry);
    }
    state.countWaiting();
    return state.changes();
  }

  /** Why it changed nothing; null when it did something. */
  private static @Nullable String apply(Transition t, Command command) {
    WorkflowRow row = t.state().workflowOrNull();
    return switch (command) {
      case Command.StartWorkflow(var accepted, var cause) -> start(t, row, accepted);
      case Command.RefuseStart(var refused, var cause) -> {
        if (row != null) {
          yield "a duplicate start";
        }
        var start = refused.getStart();
        t.emit(
            new Event.WorkflowRefused(
                new WorkflowRefused(
                    start.getDefinition(),
                    start.getRequester(),
                    start.getTenant(),
                    refused.getViolations())));
        yield null;
      }
      case Command.ReportResult(var result, var cause) ->
          forAttempt(t, row, result.getId(), id -> Results.result(t, id, result));
      case Command.ReportStarted(var started, var cause) ->
          forAttempt(t, row, started.getId(), id -> Results.started(t, id, started));
      case Command.ReportProgress(var progress, var cause) ->
          forAttempt(t, row, progress.getId(), id -> Results.progress(t, id, progress));
      case Command.ReportUnplaced(var unplaced, var cause) ->
          forAttempt(t, row, unplaced.getId(), id -> Placing.unplaced(t, id, unplaced));
      case Command.ReportShadow(var shadow, var cause) ->
          forAttempt(t, row, shadow.getId(), id -> Shadows.record(t, id, shadow));
      case Command.DecideReview(var decision, var cause) ->
          notRunning(row) != null ? notRunning(row) : Reviews.decide(t, decision);
      case Command.CancelWorkflow(var id, var reason, var compensate, var cause) -> {
        if (ignoredCommand(row, cause) != null) {
          yield ignoredCommand(row, cause);
        }
        if (isUndoneFor(t, cause)) {
          yield "it is being undone already, and its parent waits for that no more";
        }
        Ending.cancel(t, reason, compensate);
        yield null;
      }
      case Command.PauseWorkflow c -> {
        if (ignoredCommand(row, c.cause()) != null) {
          yield ignoredCommand(row, c.cause());
        }
        Control.pause(t, c);
        yield null;
      }
      case Command.ResumeWorkflow c -> {
        if (ignoredCommand(row, c.cause()) != null) {
          yield ignoredCommand(row, c.cause());
        }
        Control.resume(t, c);
        yield null;
      }
      case Command.Signal c -> {
        if (ignoredCommand(row, c.cause()) != null) {
          yield ignoredCommand(row, c.cause());
        }
        Signalling.receive(t, c);
        yield null;
      }
      case Command.SkipTask c -> {
        if (ignoredCommand(row, c.cause()) != null) {
          yield ignoredCommand(row, c.cause());
        }
        Control.skip(t, c);
        yield null;
      }
      case Command.RetryTask c -> {
        if (row == null || row.definition().version() == 0) {
          yield "an unknown workflow";
        }
        if (isRepeated(row, c.cause())) {
          yield "a duplicate of command " + c.cause().inputId();
        }
        Control.retry(t, c);
        yield null;
      }
      case Command.ReportChild c -> row == null ? "an unknown workflow" : Children.report(t, c);
      case Command.ExtendBudget(var id, var amount, var reason, var cause) -> {
        if (ignoredCommand(row, cause) != null) {
          yield ignoredCommand(row, cause);
        }
        boolean hasBudget = t.workflow().ledger().maxCost() != null;
        t.emit(
            hasBudget && amount.micros() > 0
                ? new Event.BudgetExtended(new BudgetExtended(amount.toDecimal(), reason, null))
                : rejected(
                    cause,
                    hasBudget
                        ? "a budget is only ever raised: give an amount above 0"
                        : "the workflow has no budget, so nothing holds it back"));
        yield null;
      }
      case Command.Unsupported(var id, var reason, var cause) -> {
        if (ignoredCommand(row, cause) != null) {
          yield ignoredCommand(row, cause);
        }
        t.emit(rejected(cause, reason));
        yield null;
      }
      case Command.FireTimer(var timer, var cause) ->
          notRunning(row) != null ? notRunning(row) : fire(t, timer);
    };
  }

  private static Event rejected(Cause cause, String reason) {
    return new Event.CommandRejected(new CommandRejected(cause.input(), reason));
  }

  private static @Nullable String start(
      Transition t, @Nullable WorkflowRow row, StartAccepted accepted) {
    if (row != null && row.status() != WorkflowStatus.REFUSED) {
      return "a duplicate start";
    }
    Plan plan = t.state().plan(Openings.refOf(accepted));
    Instant deadline = deadline(t, accepted, plan.definition().deadline());
    t.emit(new Event.WorkflowStarted(new WorkflowStarted(accepted, deadline)));
    Scheduling.begin(t, accepted);
    return null;
  }

  /** The start's, else the definition's; a child has its parent's too, and the earlier counts. */
  private static @Nullable Instant deadline(
      Transition t, StartAccepted accepted, @Nullable Duration usual) {
    Instant asked = accepted.getStart().getDeadline();
    boolean both = asked != null && usual != null && accepted.getParent() != null;
    if (both) {
      Instant own = t.now().plus(usual);
      return own.isBefore(asked) ? own : asked;
    }
    return asked != null || usual == null ? asked : t.now().plus(usual);
  }

  /** What to do with a report on an attempt of a task that exists. */
  private interface Report {
    @Nullable String on(AttemptId id);
  }

  private static @Nullable String forAttempt(
      Transition t, @Nullable WorkflowRow row, String attempt, Report report) {
    if (row == null) {
      return "an unknown workflow";
    }
    AttemptId id;
    try {
      id = AttemptId.parse(attempt);
    } catch (IllegalArgumentException e) {
      return e.getMessage();
    }
    if (!id.workflowId().equals(row.workflowId())) {
      return "attempt " + attempt + " is not one of workflow " + row.workflowId();
    }
    if (row.definition().version() == 0
        || !t.plan().has(id.task())
        || !(t.definitionOf(id.task()).action()
            instanceof io.ligature.schemas.definition.TaskDefinition.AgentWork)) {
      return "no agent's work is called " + id.task();
    }
    return report.on(id);
  }

  private static @Nullable String notRunning(@Nullable WorkflowRow row) {
    if (row == null) {
      return "an unknown workflow";
    }
    return row.isOpen() ? null : "the workflow is " + row.status().wireName();
  }

  private static @Nullable String ignoredCommand(@Nullable WorkflowRow row, Cause cause) {
    if (notRunning(row) != null) {
      return notRunning(row);
    }
    return row != null && isRepeated(row, cause)
        ? "a duplicate of command " + cause.inputId()
        : null;
  }

  /** A parent that ends stops its child's work, not the undoing of it. */
  private static boolean isUndoneFor(Transition t, Cause cause) {
    return t.workflow().status() == WorkflowStatus.COMPENSATING
        && cause.input().equals(Cause.OF_PARENT);
  }

  private static boolean isRepeated(WorkflowRow row, Cause cause) {
    return row.recentCommands().contains(cause.inputId());
  }

  private static @Nullable String fire(Transition t, Timer timer) {
    if (timer.isDeadline()) {
      if (!timer.equals(t.workflow().timer())) {
        return "a timer nobody waits for";
      }
      Ending.fail(
          t,
          null,
          new Failure(
              ErrorKind.TIMEOUT.wireName(),
              "the deadline " + timer.due() + " passed",
              null,
              false));
      return null;
    }
    TaskRow row = t.task(timer.task());
    if (!timer.equals(row.timer())) {
      return "a timer nobody waits for";
    }
    if (row.deadline() != null && !t.now().isBefore(row.deadline())) {
      Remedies.withoutRetry(
          t,
          row.task(),
          new Failure(
              ErrorKind.TIMEOUT.wireName(),
              "the task did not end within its time of " + t.definitionOf(row.task()).timeout(),
              null,
              false));
      return null;
    }
    switch (row.state()) {
      case TaskState.WaitingForTime s -> Waits.end(t, row.task());
      case TaskState.Scheduled s -> Placing.silent(t, row.task(), s.offers());
      case TaskState.Running s ->
          Placing.timeOut(t, row.task(), "no result from " + s.agent() + " within its time");
      case TaskState.WaitingForAgent s -> Placing.offer(t, row.task());
      case TaskState.WaitingForRetry s -> Scheduling.next(t, row.task());
      case TaskState.WaitingForReview s -> Reviews.expire(t, row.task());
      case TaskState.Pending s -> {}
      case TaskState.Expanded s -> {}
      case TaskState.WaitingForSignal s -> {}
      case TaskState.WaitingForChild s -> {}
      case TaskState.BeingJudged s -> {}
      case TaskState.Held s -> {}
      case TaskState.Ended s -> {}
    }
    return null;
  }
}
