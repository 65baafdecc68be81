package io.ligature.state.engine;

import io.ligature.avro.Decision;
import io.ligature.avro.Failure;
import io.ligature.avro.Grade;
import io.ligature.avro.OnExceeded;
import io.ligature.avro.Payload;
import io.ligature.avro.ResultMetadata;
import io.ligature.avro.ReviewDecision;
import io.ligature.avro.StartAccepted;
import io.ligature.avro.WorkflowStart;
import io.ligature.schemas.AttemptId;
import io.ligature.schemas.ErrorKind;
import io.ligature.schemas.Money;
import io.ligature.schemas.definition.Definition;
import io.ligature.state.engine.TaskRow.JoinCount;
import io.ligature.state.engine.WorkflowRow.Counts;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Folds events into rows. It has no rule of its own and refuses nothing. */
final class Evolution {

  private Evolution() {}

  static void fold(Overlay state, EventEntry entry) {
    apply(state, entry);
    state.put(state.workflow().at(entry.sequence()));
  }

  private static void apply(Overlay state, EventEntry entry) {
    Instant at = entry.at();
    switch (entry.event()) {
      case Event.WorkflowStarted(var e) -> started(state, e, entry);
      case Event.WorkflowRefused(var e) -> refused(state, e, entry);
      case Event.AttemptScheduled(var e) ->
          scheduled(
              state,
              AttemptId.parse(e.getEnvelope().getId()),
              Money.of(e.getHold()),
              e.getExpiresAt(),
              e.getEnvelope().getExcludedAgents(),
              at);
      case Event.AttemptAdopted(var e) ->
          scheduled(
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
                .with(current(row, at).claimed(e.getAgent(), at)));
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
            settle(
                state,
                state.task(id.task()),
                new Settlement(
                    id.number(),
                    e.getAgent(),
                    e.getFailure(),
                    e.getMetadata(),
                    money(e.getCharged()),
                    e.getCostKnown()),
                at);
        state.put(row.failedBy(kindOf(e.getFailure().getKind())));
        if (e.getOutput() != null) {
          state.put(Slot.subject(id.task()), e.getOutput());
        }
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
              settle(
                  state,
                  row,
                  new Settlement(
                      e.getAttempt(),
                      e.getAgent(),
                      null,
                      e.getMetadata(),
                      money(e.getCharged()),
                      e.getCostKnown()),
                  at);
        }
        state.put(Slot.output(e.getTask()), e.getOutput());
        end(state, row, new TaskState.Succeeded(e.getGrade()));
      }
      case Event.TaskFailed(var e) ->
          end(state, state.task(e.getTask()), new TaskState.Failed(e.getFailure()));
      case Event.TaskSkipped(var e) ->
          end(state, state.task(e.getTask()), new TaskState.Skipped(e.getReason()));
      case Event.TaskCancelled(var e) -> {
        TaskRow row = state.task(e.getTask());
        AttemptRow last = row.attemptOf(row.attempt());
        if (last != null && last.endedAt() == null) {
          row =
              settle(
                  state,
                  row,
                  new Settlement(
                      last.number(),
                      last.agent(),
                      new Failure("cancelled", e.getReason(), null, false),
                      null,
                      money(e.getCharged()),
                      e.getCostKnown()),
                  at);
        }
        end(state, row, new TaskState.Cancelled(e.getReason()));
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
                    old.endedAt() != null ? old.endedAt() : at)));
        state.put(state.workflow().with(state.workflow().ledger().settle(Money.ZERO, charged)));
      }
      case Event.BudgetExceeded(var e) ->
          state.put(state.task(e.getTask()).failedBy(ErrorKind.BUDGET_EXCEEDED));
      case Event.BudgetExtended(var e) ->
          state.put(
              state
                  .workflow()
                  .with(state.workflow().ledger().extend(money(e.getAmount())))
                  .seen(entry.causeId()));
      case Event.CommandRejected(var e) -> state.put(state.workflow().seen(entry.causeId()));
      case Event.WorkflowCompleted(var e) -> {
        state.put(Slot.RESULT, e.getOutput());
        state.put(state.workflow().ended(WorkflowStatus.COMPLETED, at, null, null));
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
      case Event.TaskTimed e -> throw new UnsupportedOperationException();
      case Event.TaskExpanded e -> throw new UnsupportedOperationException();
      case Event.InnerBegun e -> throw new UnsupportedOperationException();
      case Event.WaitStarted e -> throw new UnsupportedOperationException();
      case Event.SignalAwaited e -> throw new UnsupportedOperationException();
      case Event.SignalReceived e -> throw new UnsupportedOperationException();
      case Event.SignalTaken e -> throw new UnsupportedOperationException();
      case Event.ChildStarted e -> throw new UnsupportedOperationException();
      case Event.ChildEnded e -> throw new UnsupportedOperationException();
      case Event.TaskHeld e -> throw new UnsupportedOperationException();
      case Event.VariableSet e -> throw new UnsupportedOperationException();
      case Event.TaskReopened e -> throw new UnsupportedOperationException();
      case Event.WorkflowReopened e -> throw new UnsupportedOperationException();
      case Event.WorkflowPaused e -> throw new UnsupportedOperationException();
      case Event.WorkflowResumed e -> throw new UnsupportedOperationException();
      case Event.CompensationStarted e -> throw new UnsupportedOperationException();
      case Event.WorkflowQuarantined(var e) -> {
        WorkflowRow known = state.workflowOrNull();
        WorkflowRow row = known != null ? known : empty(entry, "", "", "", at);
        state.put(
            row.ended(
                WorkflowStatus.QUARANTINED,
                at,
                new Failure("quarantined", e.getReason(), null, false),
                null));
      }
    }
  }

  private static void started(Overlay state, io.ligature.avro.WorkflowStarted e, EventEntry entry) {
    StartAccepted accepted = e.getAccepted();
    WorkflowStart start = accepted.getStart();
    DefinitionRef ref = refOf(accepted);
    Plan plan = state.plan(ref);
    Integer priority = start.getPriority();
    state.put(
        new WorkflowRow(
            entry.workflowId(),
            entry.rootWorkflowId(),
            WorkflowStatus.RUNNING,
            ref,
            start.getRequester(),
            start.getTenant(),
            priority != null ? priority : plan.definition().priority(),
            Map.copyOf(start.getLabels()),
            entry.at(),
            null,
            e.getDeadline(),
            entry.sequence(),
            ledger(start, plan.definition()),
            new Counts(plan.definition().tasks().size(), 0, 0, 0, 0),
            null,
            null,
            List.of()));
    state.put(Slot.INPUT, start.getInput());
  }

  static DefinitionRef refOf(StartAccepted accepted) {
    var definition = accepted.getDefinition();
    return new DefinitionRef(definition.getName(), definition.getVersion(), definition.getSha256());
  }

  private static Ledger ledger(WorkflowStart start, Definition definition) {
    var own = start.getBudget();
    if (own != null) {
      return new Ledger(money(own.getMaxCost()), own.getOnExceeded(), Money.ZERO, Money.ZERO);
    }
    var rule = definition.budget();
    return rule == null
        ? Ledger.EMPTY
        : new Ledger(
            rule.maxCost(),
            OnExceeded.valueOf(rule.onExceeded().name().toLowerCase(Locale.ROOT)),
            Money.ZERO,
            Money.ZERO);
  }

  private static void refused(Overlay state, io.ligature.avro.WorkflowRefused e, EventEntry entry) {
    state.put(
        empty(entry, e.getDefinition(), e.getRequester(), e.getTenant(), entry.at())
            .ended(
                WorkflowStatus.REFUSED,
                entry.at(),
                new Failure("invalid_input", String.join("; ", e.getViolations()), null, false),
                null));
  }

  private static WorkflowRow empty(
      EventEntry entry, String definition, String requester, String tenant, Instant at) {
    return new WorkflowRow(
        entry.workflowId(),
        entry.rootWorkflowId(),
        WorkflowStatus.RUNNING,
        new DefinitionRef(definition, 0, ""),
        requester,
        tenant,
        0,
        Map.of(),
        at,
        null,
        null,
        entry.sequence(),
        Ledger.EMPTY,
        new Counts(0, 0, 0, 0, 0),
        null,
        null,
        List.of());
  }

  private static void scheduled(
      Overlay state, AttemptId id, Money hold, Instant expiresAt, List<String> out, Instant at) {
    TaskRow row = begun(state.task(id.task()), id.number(), at);
    state.put(
        row.numbered(id.number(), List.copyOf(out))
            .holding(hold)
            .in(new TaskState.Scheduled(expiresAt, 0)));
    state.put(state.workflow().with(state.workflow().ledger().hold(hold)));
  }

  /** What came for it too early stays booked, but its result is waited for again. */
  private static TaskRow begun(TaskRow row, int number, Instant at) {
    AttemptRow known = row.attemptOf(number);
    AttemptRow fresh = AttemptRow.scheduled(number, at);
    return row.with(known == null ? fresh : fresh.booked(known.charged(), known.costKnown()));
  }

  private static AttemptRow current(TaskRow row, Instant at) {
    AttemptRow known = row.attemptOf(row.attempt());
    return known != null ? known : AttemptRow.scheduled(row.attempt(), at);
  }

  private record Settlement(
      int number,
      @Nullable String agent,
      @Nullable Failure failure,
      @Nullable ResultMetadata metadata,
      Money charged,
      boolean costKnown) {}

  /** Closes the attempt: its hold goes, what it is charged stays. */
  private static TaskRow settle(Overlay state, TaskRow row, Settlement s, Instant at) {
    AttemptRow known = row.attemptOf(s.number());
    AttemptRow old = known != null ? known : AttemptRow.scheduled(s.number(), at);
    ResultMetadata metadata = s.metadata();
    Money hold = s.number() == row.attempt() ? row.held() : Money.ZERO;
    state.put(state.workflow().with(state.workflow().ledger().settle(hold, s.charged())));
    AttemptRow closed =
        new AttemptRow(
            s.number(),
            s.agent() != null ? s.agent() : old.agent(),
            s.failure(),
            old.charged().plus(s.charged()),
            s.costKnown(),
            old.resultSeen() || metadata != null,
            metadata == null ? old.confidence() : metadata.getConfidence(),
            metadata == null ? old.model() : metadata.getModel(),
            metadata == null ? old.grade() : metadata.getGrade(),
            old.startedAt(),
            at);
    TaskRow settled = row.with(closed);
    return s.number() == row.attempt() ? settled.holding(Money.ZERO) : settled;
  }

  private static void end(Overlay state, TaskRow row, TaskState.Ended end) {
    state.put(row.in(end));
    state.put(Slot.subject(row.task()), null);
    state.put(state.workflow().with(state.workflow().counts().ended(end)));
    for (String dependent : state.plan().dependents(row.task())) {
      TaskRow other = state.task(dependent);
      JoinCount join = other.join();
      state.put(
          other.with(
              switch (end) {
                case TaskState.Succeeded s ->
                    new JoinCount(join.succeeded() + 1, join.failed(), join.skipped());
                case TaskState.Failed s ->
                    new JoinCount(join.succeeded(), join.failed() + 1, join.skipped());
                case TaskState.Skipped s ->
                    new JoinCount(join.succeeded(), join.failed(), join.skipped() + 1);
                case TaskState.Cancelled s -> join;
              }));
    }
  }

  private static void reviewRequested(
      Overlay state, io.ligature.avro.ReviewRequested e, Instant at) {
    var review = e.getReview();
    TaskRow row = state.task(review.getTask());
    if (e.getMetadata() != null) {
      row =
          settle(
              state,
              row,
              new Settlement(
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
    var purpose = TaskState.Purpose.valueOf(e.getPurpose().toUpperCase(Locale.ROOT));
    ReviewRow opened =
        new ReviewRow(
            review.getReviewId(), review.getRule().getRole(), at, null, null, null, null, null);
    state.put(
        row.in(new TaskState.WaitingForReview(purpose, e.getKind(), review.getExpiresAt()))
            .reviewed(row.reviews() + 1, opened, row.feedback()));
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

  static Grade gradeOf(ResultMetadata metadata) {
    return metadata.getGrade();
  }
}
