package io.ligature.state.engine;

import io.ligature.avro.Failure;
import io.ligature.avro.Grade;
import io.ligature.schemas.Money;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One attempt of a task, as far as the view, the next attempt and the ledger need it.
 *
 * @param number from 1
 * @param agent null while nobody has called one
 * @param failure why it did not end the task; null when it did or has not ended
 * @param charged booked for it so far; a result only ever books the difference
 * @param costKnown false: {@code charged} is a guess
 * @param resultSeen true: its result was booked, and another one for it is a duplicate
 * @param endedAt null: not ended
 */
public record AttemptRow(
    int number,
    @Nullable String agent,
    @Nullable Failure failure,
    Money charged,
    boolean costKnown,
    boolean resultSeen,
    @Nullable Double confidence,
    @Nullable String model,
    @Nullable Grade grade,
    Instant startedAt,
    @Nullable Instant endedAt) {

  static AttemptRow scheduled(int number, Instant at) {
    return new AttemptRow(number, null, null, Money.ZERO, true, false, null, null, null, at, null);
  }

  AttemptRow claimed(String by, Instant at) {
    return new AttemptRow(
        number, by, failure, charged, costKnown, resultSeen, confidence, model, grade, at, endedAt);
  }

  AttemptRow booked(Money more, boolean known) {
    return new AttemptRow(
        number,
        agent,
        failure,
        charged.plus(more),
        known,
        resultSeen,
        confidence,
        model,
        grade,
        startedAt,
        endedAt);
  }

  /** {@code running}, {@code succeeded}, {@code failed} or {@code cancelled}. */
  public String status() {
    if (failure != null) {
      return failure.getKind().equals("cancelled") ? "cancelled" : "failed";
    }
    return endedAt == null ? "running" : "succeeded";
  }
}
