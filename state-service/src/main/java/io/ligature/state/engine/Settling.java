package io.ligature.state.engine;

import io.ligature.avro.AttemptAnswered;
import io.ligature.avro.AttemptJudged;
import io.ligature.avro.Failure;
import io.ligature.avro.ResultMetadata;
import io.ligature.avro.ShadowRecorded;
import io.ligature.schemas.AttemptId;
import io.ligature.schemas.Money;
import io.ligature.state.engine.AttemptRow.Details;
import io.ligature.state.engine.AttemptRow.Shadow;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Folds the begin and the end of attempts into their rows and the ledgers. */
final class Settling {

  private Settling() {}

  static void scheduled(
      Overlay state, AttemptId id, Money hold, Instant expiresAt, List<String> out, Instant at) {
    TaskRow row = begun(state.task(id.task()), id.number(), at);
    state.put(
        row.numbered(id.number(), List.copyOf(out))
            .holding(hold)
            .in(new TaskState.Scheduled(expiresAt, 0)));
    Books.hold(state, id.task(), hold);
  }

  /** What came for it too early stays booked, but its result is waited for again. */
  static TaskRow begun(TaskRow row, int number, Instant at) {
    AttemptRow known = row.attemptOf(number);
    AttemptRow fresh = AttemptRow.scheduled(number, at);
    return row.with(known == null ? fresh : fresh.booked(known.charged(), known.costKnown()));
  }

  static AttemptRow current(TaskRow row, Instant at) {
    AttemptRow known = row.attemptOf(row.attempt());
    return known != null ? known : AttemptRow.scheduled(row.attempt(), at);
  }

  record Settlement(
      int number,
      @Nullable String agent,
      @Nullable Failure failure,
      @Nullable ResultMetadata metadata,
      Money charged,
      boolean costKnown) {}

  /** Closes the attempt: its hold goes, what it is charged stays. */
  static TaskRow settle(Overlay state, TaskRow row, Settlement s, Instant at) {
    AttemptRow known = row.attemptOf(s.number());
    AttemptRow old = known != null ? known : AttemptRow.scheduled(s.number(), at);
    ResultMetadata metadata = s.metadata();
    Money hold = s.number() == row.attempt() ? row.held() : Money.ZERO;
    Books.settle(state, row.task(), hold, s.charged());
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
            old.resultSeen() && old.endedAt() != null ? old.endedAt() : at,
            metadata == null ? old.details() : Details.of(metadata, old.details()));
    TaskRow settled = row.with(closed);
    return s.number() == row.attempt() ? settled.holding(Money.ZERO) : settled;
  }

  /** A critic is to judge what the attempt made; until then that is kept aside. */
  static void answered(Overlay state, AttemptAnswered e, Instant at) {
    AttemptId id = AttemptId.parse(e.getId());
    TaskRow row =
        settle(
            state,
            state.task(id.task()),
            new Settlement(
                id.number(),
                e.getAgent(),
                null,
                e.getMetadata(),
                Money.of(e.getCharged()),
                e.getCostKnown()),
            at);
    state.put(
        row.with(current(row, at).graded(e.getGrade()))
            .whoseOutputMeets(e.getOutputSchema())
            .in(new TaskState.BeingJudged(id.number(), e.getCritic())));
    state.put(Slot.subject(id.task()), e.getOutput());
  }

  static void judged(Overlay state, AttemptJudged e) {
    AttemptId id = AttemptId.parse(e.getId());
    TaskRow row = state.task(id.task());
    AttemptRow attempt = row.attemptOf(id.number());
    if (attempt != null) {
      state.put(row.with(attempt.judged(e.getScore())));
    }
  }

  static void shadowed(Overlay state, ShadowRecorded e) {
    AttemptId id = AttemptId.parse(e.getId());
    TaskRow row = state.task(id.task());
    AttemptRow attempt = row.attemptOf(id.number());
    if (attempt != null) {
      state.put(row.with(attempt.shadowed(new Shadow(e.getAgent(), e.getAgrees()))));
    }
  }

  static void childEnded(Overlay state, io.ligature.avro.ChildEnded e, Instant at) {
    TaskRow row =
        settle(
            state,
            state.task(e.getTask()),
            new Settlement(
                e.getAttempt(),
                null,
                e.getFailure(),
                null,
                Money.of(e.getCharged()),
                e.getCostKnown()),
            at);
    Failure failure = e.getFailure();
    state.put(failure == null ? row : row.failedBy(Evolution.kindOf(failure.getKind())));
  }
}
