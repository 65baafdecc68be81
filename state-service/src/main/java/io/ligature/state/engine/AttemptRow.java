package io.ligature.state.engine;

import io.ligature.avro.Failure;
import io.ligature.avro.Grade;
import io.ligature.avro.ResultMetadata;
import io.ligature.schemas.Money;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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
 * @param confidence as the agent claims it
 * @param endedAt null: not ended
 * @param details of its result
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
    @Nullable Instant endedAt,
    Details details) {

  /**
   * What else is known of an attempt's result.
   *
   * @param millis the call took
   * @param calibratedConfidence null: as claimed
   * @param repairs for people
   * @param servedFrom attempt whose call gave it; null: its own
   * @param inputTokens null: unknown
   * @param score that a critic gave it; null: none did
   * @param shadows that tried the same, in the order in which they reported
   */
  public record Details(
      long millis,
      @Nullable Double calibratedConfidence,
      List<String> repairs,
      @Nullable String servedFrom,
      @Nullable Long inputTokens,
      @Nullable Double score,
      List<Shadow> shadows) {

    public static final Details NONE = new Details(0, null, List.of(), null, null, null, List.of());

    static Details of(ResultMetadata metadata, Details before) {
      return new Details(
          metadata.getDuration(),
          metadata.getCalibratedConfidence(),
          List.copyOf(metadata.getRepairs()),
          metadata.getServedFrom(),
          metadata.getInputTokens(),
          before.score,
          before.shadows);
    }

    private Details judged(double by) {
      return new Details(
          millis, calibratedConfidence, repairs, servedFrom, inputTokens, by, shadows);
    }

    private Details with(Shadow shadow) {
      List<Shadow> all = new ArrayList<>(shadows);
      all.add(shadow);
      return new Details(
          millis, calibratedConfidence, repairs, servedFrom, inputTokens, score, List.copyOf(all));
    }
  }

  /**
   * Another agent that tried the same for comparison.
   *
   * @param agrees whether its output equals the accepted one; null: not known
   */
  public record Shadow(String agent, @Nullable Boolean agrees) {}

  static AttemptRow scheduled(int number, Instant at) {
    return new AttemptRow(
        number, null, null, Money.ZERO, true, false, null, null, null, at, null, Details.NONE);
  }

  AttemptRow claimed(String by, Instant at) {
    return new AttemptRow(
        number,
        by,
        failure,
        charged,
        costKnown,
        resultSeen,
        confidence,
        model,
        grade,
        at,
        endedAt,
        details);
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
        endedAt,
        details);
  }

  AttemptRow graded(Grade by) {
    return new AttemptRow(
        number,
        agent,
        failure,
        charged,
        costKnown,
        resultSeen,
        confidence,
        model,
        by,
        startedAt,
        endedAt,
        details);
  }

  private AttemptRow with(Details next) {
    return new AttemptRow(
        number,
        agent,
        failure,
        charged,
        costKnown,
        resultSeen,
        confidence,
        model,
        grade,
        startedAt,
        endedAt,
        next);
  }

  AttemptRow judged(double score) {
    return with(details.judged(score));
  }

  AttemptRow shadowed(Shadow shadow) {
    return with(details.with(shadow));
  }

  /** The confidence that counts: as corrected by verdicts, else as claimed. */
  @Nullable Double trusted() {
    Double calibrated = details.calibratedConfidence();
    return calibrated != null ? calibrated : confidence;
  }

  /** The figures of its result, as far as they are kept. */
  ResultMetadata figures() {
    return ResultMetadata.newBuilder()
        .setCost(costKnown ? charged.toDecimal() : null)
        .setDuration(details.millis())
        .setModel(model)
        .setConfidence(confidence)
        .setInputTokens(details.inputTokens())
        .setGrade(grade == null ? Grade.clean : grade)
        .setCalibratedConfidence(details.calibratedConfidence())
        .setRepairs(details.repairs())
        .setServedFrom(details.servedFrom())
        .build();
  }

  /** {@code running}, {@code succeeded}, {@code failed} or {@code cancelled}. */
  public String status() {
    if (failure != null) {
      return failure.getKind().equals("cancelled") ? "cancelled" : "failed";
    }
    return endedAt == null ? "running" : "succeeded";
  }
}
