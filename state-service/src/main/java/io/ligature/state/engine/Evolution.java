package io.ligature.state.engine;

import io.ligature.avro.Decision;
import io.ligature.avro.Failure;
import io.ligature.avro.OnExceeded;
import io.ligature.avro.Payload;
import io.ligature.avro.ReviewDecision;
import io.ligature.schemas.AttemptId;
import io.ligature.schemas.ErrorKind;
import io.ligature.schemas.Money;
import io.ligature.schemas.wire.Payloads;
import io.ligature.state.engine.TaskRow.Inner;
import io.ligature.state.engine.WorkflowRow.Saga;
import io.ligature.state.engine.WorkflowRow.Signals;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Folds events into rows. It has no rule of its own and refuses nothing. */
final class Evolution {

  /** Inputs that an id tells apart: the same one twice changes nothing. */
  private static final Set<String> COMMANDS =
      Set.of(
          "CancelWorkflow",
          "PauseWorkflow",
          "ResumeWorkflow",
          "SignalWorkflow",
          "RetryTask",
          "SkipTask",
          "ExtendBudget");

  private static final Duration REVIEW_GRACE = Duration.ofMinutes(1);

  private Evolution() {}

  static void fold(Overlay state, EventEntry entry) {
    String task = Reactions.taskOf(entry.event());
    boolean was = task == null || !(state.task(task).state() instanceof TaskState.Pending);
    apply(state, entry);
    if (task != null && !was && !(state.task(task).state() instanceof TaskState.Pending)) {
      begun(state, task);
    }
    if (COMMANDS.contains(entry.cause())) {
      state.put(state.workflow().seen(entry.causeId()));
    }
    state.put(state.workflow().at(entry.sequence()));
  }

  private static void apply(Overlay state, EventEntry entry) {
    Instant at = entry.at();
    switch (entry.event()) {
      case Event.WorkflowStarted(var e) -> Openings.started(state, e, entry);
      case Event.WorkflowRefused(var e) -> Openings.refused(state, e, entry);
      case Event.AttemptScheduled(var e) ->
          Settling.scheduled(
              state,
              AttemptId.parse(e.getEnvelope().getId()),
              Money.of(e.getHold()),
              e.getExpiresAt(),
              e.getEnvelope().getExcludedAgents(),
              at);
      case Event.AttemptAdopted(var e) ->
          Settling.scheduled(
              state,
              AttemptId.parse(e.getId()),
              Money.of(e.getHold()),
              e.getExpiresAt(),
              List.of(),
              at);
      case Event.AttemptOffered(var e) -> {
        TaskRow row = rowOf(state, e.getId());
        state.put(
            row.in(
                row.state() instanceof TaskState.WaitingForAgent w
                    ? new TaskState.WaitingForAgent(w.reason(), e.getExpiresAt(), false, w.offers())
                    : new TaskState.Scheduled(
                        e.getExpiresAt(),
                        row.state() instanceof TaskState.Scheduled s ? s.offers() + 1 : 1)));
      }
      case Event.AttemptUnplaced(var e) -> {
        TaskRow row = rowOf(state, e.getId());
        boolean parked = e.getOfferedAgainAt() != null;
        int offers = row.state() instanceof TaskState.WaitingForAgent w ? w.offers() : 0;
        state.put(
            row.in(
                new TaskState.WaitingForAgent(
                    e.getReason(), e.getExpiresAt(), parked, parked ? offers + 1 : offers)));
      }
      case Event.AttemptStarted(var e) -> {
        TaskRow row = rowOf(state, e.getId());
        state.put(
            row.in(
                    new TaskState.Running(
                        e.getAgent(), e.getExecutor(), at, e.getExpiresAt(), null, null))
                .with(Settling.current(row, at).claimed(e.getAgent(), at)));
      }
      case Event.AttemptProgressed(var e) -> {
        TaskRow row = rowOf(state, e.getId());
        if (row.state() instanceof TaskState.Running r) {
          state.put(
              row.in(
                  new TaskState.Running(
                      r.agent(),
                      r.executor(),
                      r.since(),
                      r.expiresAt(),
                      e.getShare(),
                      e.getMessage())));
        }
      }
      case Event.AttemptFailed(var e) -> {
        AttemptId id = AttemptId.parse(e.getId());
        TaskRow row =
            Settling.settle(
                state,
                state.task(id.task()),
                new Settling.Settlement(
                    id.number(),
                    e.getAgent(),
                    e.getFailure(),
                    e.getMetadata(),
                    money(e.getCharged()),
                    e.getCostKnown()),
                at);
        row = row.failedBy(kindOf(e.getFailure().getKind()));
        if (e.getOutput() != null) {
          state.put(Slot.subject(id.task()), e.getOutput());
        }
        boolean made = e.getOutput() != null || e.getOutputSchema() != null;
        state.put(made ? row.whoseOutputMeets(e.getOutputSchema()) : row);
      }
      case Event.RetryScheduled(var e) ->
          state.put(
              state
                  .task(e.getTask())
                  .in(
                      new TaskState.WaitingForRetry(
                          e.getDueAt(), List.copyOf(e.getExcludedAgents()), e.getReason())));
      case Event.TaskSucceeded(var e) -> {
        TaskRow row = state.task(e.getTask());
        if (e.getMetadata() != null) {
          row =
              Settling.settle(
                  state,
                  row,
                  new Settling.Settlement(
                      e.getAttempt(),
                      e.getAgent(),
                      null,
                      e.getMetadata(),
                      money(e.getCharged()),
                      e.getCostKnown()),
                  at);
        }
        state.put(Slot.output(e.getTask()), e.getOutput());
        if (e.getAttempt() > 0 && state.plan().node(e.getTask()).hasUndo()) {
          WorkflowRow header = state.workflow();
          row = row.undoneBefore(header.saga().last());
          state.put(header.with(new Saga(e.getTask(), header.saga().end())));
        }
        Ends.end(state, row, new TaskState.Succeeded(e.getGrade()));
      }
      case Event.TaskFailed(var e) ->
          Ends.end(state, state.task(e.getTask()), new TaskState.Failed(e.getFailure()));
      case Event.TaskSkipped(var e) ->
          Ends.end(state, state.task(e.getTask()), new TaskState.Skipped(e.getReason()));
      case Event.TaskCancelled(var e) -> {
        TaskRow row = state.task(e.getTask());
        AttemptRow last = row.attemptOf(row.attempt());
        if (last != null && last.endedAt() == null) {
          row =
              Settling.settle(
                  state,
                  row,
                  new Settling.Settlement(
                      last.number(),
                      last.agent(),
                      new Failure("cancelled", e.getReason(), null, false),
                      null,
                      money(e.getCharged()),
                      e.getCostKnown()),
                  at);
        }
        Ends.end(state, row, new TaskState.Cancelled(e.getReason()));
      }
      case Event.ReviewRequested(var e) -> reviewRequested(state, e, at);
      case Event.ReviewDecided(var e) -> reviewDecided(state, e.getTask(), e.getDecision());
      case Event.StaleResultRecorded(var e) -> {
        AttemptId id = AttemptId.parse(e.getId());
        TaskRow row = state.task(id.task());
        AttemptRow known = row.attemptOf(id.number());
        AttemptRow old = known != null ? known : AttemptRow.scheduled(id.number(), at);
        Money charged = money(e.getCharged());
        state.put(
            row.with(
                new AttemptRow(
                    old.number(),
                    old.agent() != null ? old.agent() : e.getAgent(),
                    old.failure(),
                    old.charged().plus(charged),
                    e.getCostKnown(),
                    true,
                    old.confidence(),
                    old.model(),
                    old.grade(),
                    old.startedAt(),
                    old.endedAt() != null ? old.endedAt() : at,
                    old.details())));
        Books.settle(state, id.task(), Money.ZERO, charged);
      }
      case Event.BudgetExceeded(var e) ->
          state.put(state.task(e.getTask()).failedBy(ErrorKind.BUDGET_EXCEEDED));
      case Event.BudgetExtended(var e) -> {
        Books.extend(state, e.getTask() == null ? Paths.ROOT : e.getTask(), money(e.getAmount()));
      }
      case Event.CommandRejected e -> {}
      case Event.WorkflowCompleted(var e) -> {
        state.put(Slot.RESULT, e.getOutput());
        state.put(
            state.workflow().ended(WorkflowStatus.COMPLETED, at, null, null).with(Signals.NONE));
      }
      case Event.WorkflowFailed(var e) ->
          state.put(state.workflow().ended(WorkflowStatus.FAILED, at, e.getFailure(), e.getTask()));
      case Event.WorkflowCancelled(var e) ->
          state.put(
              state
                  .workflow()
                  .ended(
                      WorkflowStatus.CANCELLED,
                      at,
                      new Failure("cancelled", e.getReason(), null, false),
                      null));
      case Event.TaskTimed(var e) -> state.put(state.task(e.getTask()).until(e.getDeadline()));
      case Event.TaskExpanded(var e) -> expanded(state, e);
      case Event.WaitStarted(var e) ->
          state.put(state.task(e.getTask()).in(new TaskState.WaitingForTime(e.getDueAt())));
      case Event.SignalAwaited(var e) -> {
        state.put(
            state
                .task(e.getTask())
                .in(new TaskState.WaitingForSignal(e.getName(), e.getCorrelation())));
        var wait = new Signals.Wait(e.getTask(), e.getName(), e.getCorrelation());
        state.put(state.workflow().with(state.workflow().signals().waiting(wait)));
      }
      case Event.SignalReceived(var e) -> {
        if (e.getTask() == null) {
          var kept = new Signals.Kept(e.getCommandId(), e.getName(), e.getCorrelation());
          state.put(state.workflow().with(state.workflow().signals().keeping(kept)));
          state.put(Slot.signal(e.getCommandId()), e.getPayload());
        }
      }
      case Event.SignalTaken(var e) -> {
        state.put(state.workflow().with(state.workflow().signals().withoutKept(e.getCommandId())));
        state.put(Slot.signal(e.getCommandId()), null);
      }
      case Event.ChildStarted(var e) -> {
        TaskRow row = Settling.begun(state.task(e.getTask()), e.getAttempt(), at);
        state.put(
            row.numbered(e.getAttempt(), List.of())
                .holding(money(e.getHold()))
                .in(
                    new TaskState.WaitingForChild(
                        e.getChildWorkflowId(), e.getDefinition(), e.getVersion())));
        Books.hold(state, e.getTask(), money(e.getHold()));
      }
      case Event.ChildEnded(var e) -> Settling.childEnded(state, e, at);
      case Event.TaskHeld(var e) ->
          state.put(state.task(e.getTask()).in(new TaskState.Held(e.getReason())));
      case Event.VariableSet(var e) -> state.put(Slot.variable(e.getName()), e.getValue());
      case Event.TaskReopened(var e) -> {
        Ends.reopen(state, state.task(e.getTask()));
        if (e.getInput() != null) {
          state.put(Slot.ownInput(e.getTask()), e.getInput());
          state.put(state.task(e.getTask()).withOwnInput());
        }
        if (e.getFeedback() != null) {
          state.put(state.task(e.getTask()).wished(e.getFeedback()));
        }
      }
      case Event.WorkflowReopened(var e) -> state.put(state.workflow().reopened(e.getDeadline()));
      case Event.WorkflowPaused(var e) -> state.put(state.workflow().in(WorkflowStatus.PAUSED));
      case Event.WorkflowResumed(var e) -> state.put(state.workflow().in(WorkflowStatus.RUNNING));
      case Event.CompensationStarted(var e) -> {
        var end =
            new Saga.End(
                WorkflowStatus.valueOf(e.getEnd().toUpperCase(Locale.ROOT)),
                e.getTask(),
                e.getFailure());
        WorkflowRow row = state.workflow();
        state.put(row.in(WorkflowStatus.COMPENSATING).with(new Saga(row.saga().last(), end)));
      }
      case Event.AttemptAnswered(var e) -> Settling.answered(state, e, at);
      case Event.AttemptJudged(var e) -> Settling.judged(state, e);
      case Event.ShadowRecorded(var e) -> Settling.shadowed(state, e);
      case Event.WorkflowQuarantined(var e) -> {
        WorkflowRow known = state.workflowOrNull();
        WorkflowRow row = known != null ? known : Openings.empty(entry, "", "", "", at);
        state.put(
            row.ended(
                WorkflowStatus.QUARANTINED,
                at,
                new Failure("quarantined", e.getReason(), null, false),
                null));
      }
    }
  }

  /** An inner task began: what it is inside of knows how many have. */
  private static void begun(Overlay state, String task) {
    Node.Kind kind = state.plan().node(task).kind();
    if (kind == Node.Kind.ITEM || kind == Node.Kind.ITERATION) {
      TaskRow outer = state.task(Paths.parent(task));
      Inner inner = Ends.innerOf(outer);
      int number = Paths.number(task) + (kind == Node.Kind.ITEM ? 1 : 0);
      state.put(outer.with(inner.started(number)));
    }
  }

  private static void expanded(Overlay state, io.ligature.avro.TaskExpanded e) {
    TaskRow before = state.task(e.getTask());
    TaskRow row = before.with(Inner.of(e.getSize(), e.getBranch())).in(new TaskState.Expanded());
    BigDecimal share = e.getShare();
    OnExceeded onExceeded = e.getOnExceeded();
    if (share != null && onExceeded != null) {
      row = row.sharing(new Ledger(money(share), onExceeded, Money.ZERO, Money.ZERO));
    }
    state.put(row);
    Books.move(state, before, row);
    Payload items = e.getItems();
    if (items != null) {
      var list = Payloads.parse(items);
      for (int i = 0; i < list.size(); i++) {
        state.put(Slot.item(Paths.indexed(e.getTask(), i)), Payloads.json(list.get(i)));
      }
    }
  }

  private static void reviewRequested(
      Overlay state, io.ligature.avro.ReviewRequested e, Instant at) {
    var review = e.getReview();
    TaskRow row = state.task(review.getTask());
    if (e.getMetadata() != null) {
      row =
          Settling.settle(
              state,
              row,
              new Settling.Settlement(
                  e.getAttempt(),
                  e.getAgent(),
                  null,
                  e.getMetadata(),
                  money(e.getCharged()),
                  e.getCostKnown()),
              at);
    }
    Payload subject = review.getSubject();
    if (subject != null) {
      state.put(Slot.subject(row.task()), subject);
    }
    if (review.getOutputSchema() != null) {
      row = row.whoseOutputMeets(review.getOutputSchema());
    }
    if (row.state() instanceof TaskState.WaitingForSignal) {
      state.put(state.workflow().with(state.workflow().signals().withoutWait(row.task())));
    }
    var purpose = TaskState.Purpose.valueOf(e.getPurpose().toUpperCase(Locale.ROOT));
    ReviewRow opened =
        new ReviewRow(
            review.getReviewId(), review.getRule().getRole(), at, null, null, null, null, null);
    // The approval service ends the wait; this is for when it is not there.
    Instant end = review.getExpiresAt() == null ? null : review.getExpiresAt().plus(REVIEW_GRACE);
    state.put(
        row.in(new TaskState.WaitingForReview(purpose, e.getKind(), end))
            .reviewed(row.reviews() + 1, opened, row.feedback())
            .until(isOver(row, at) ? null : row.deadline()));
  }

  /** A task whose own time is over has it behind it; people then have as long as they need. */
  private static boolean isOver(TaskRow row, Instant at) {
    Instant deadline = row.deadline();
    return deadline != null && !at.isBefore(deadline);
  }

  private static void reviewDecided(Overlay state, String task, ReviewDecision decision) {
    TaskRow row = state.task(task);
    ReviewRow open = row.review();
    if (open == null) {
      throw new IllegalStateException(
          "expected a review of " + task + " in workflow " + state.workflowId() + ", found none");
    }
    ReviewRow decided =
        new ReviewRow(
            open.reviewId(),
            open.role(),
            open.requestedAt(),
            decision.getDecision(),
            decision.getDecisionId(),
            decision.getReviewer(),
            decision.getReason(),
            decision.getDecidedAt());
    List<String> feedback = row.feedback();
    if (decision.getDecision() == Decision.request_changes) {
      feedback = new ArrayList<>(feedback);
      feedback.add(decision.getReason());
    }
    TaskRow after = row.reviewed(row.reviews(), decided, List.copyOf(feedback));
    state.put(
        decision.getDecision() == Decision.reject
            ? after.failedBy(ErrorKind.REJECTED_BY_REVIEWER)
            : after);
  }

  private static TaskRow rowOf(Overlay state, String attemptId) {
    return state.task(AttemptId.parse(attemptId).task());
  }

  /** A kind this version does not know counts as the model's own error. */
  static ErrorKind kindOf(String wireName) {
    return ErrorKind.ofWireName(wireName).orElse(ErrorKind.MODEL_ERROR);
  }

  static Money money(BigDecimal amount) {
    return Money.of(amount);
  }
}
