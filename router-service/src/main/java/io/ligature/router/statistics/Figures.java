package io.ligature.router.statistics;

import io.ligature.router.routing.TrackRecord;
import io.ligature.schemas.ErrorKind;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A tally as it is at one instant, for people and for routing. */
public final class Figures {

  /**
   * Failures that are not the agent's doing, or are cared for by its limits and cooldown; a call
   * that ended so says nothing of what the agent is worth.
   */
  private static final Set<String> NOT_ITS_FAULT =
      Set.of(
          ErrorKind.RATE_LIMITED.wireName(),
          ErrorKind.CANCELLED.wireName(),
          ErrorKind.NO_AGENT.wireName(),
          ErrorKind.BUDGET_EXCEEDED.wireName(),
          ErrorKind.INVALID_INPUT.wireName(),
          ErrorKind.CONTEXT_OVERFLOW.wireName(),
          ErrorKind.LIMIT_EXCEEDED.wireName());

  private final Tally tally;
  private final double left;

  Figures(Tally tally, double left) {
    this.tally = tally;
    this.left = left;
  }

  static boolean isItsFault(String kind) {
    return !NOT_ITS_FAULT.contains(kind);
  }

  public double count(Count count) {
    return tally.value(count) * left;
  }

  /** By error kind, all kinds. */
  public Map<String, Double> failed() {
    Map<String, Double> failed = new TreeMap<>();
    tally.failed().forEach((kind, value) -> failed.put(kind, value * left));
    return failed;
  }

  /** Calls that gave no result through the agent's own fault. */
  public double failures() {
    double sum = 0;
    for (Map.Entry<String, Double> kind : tally.failed().entrySet()) {
      sum += isItsFault(kind.getKey()) ? kind.getValue() * left : 0;
    }
    return sum;
  }

  public double rejected() {
    return count(Count.REJECTED_BY_VALIDATOR)
        + count(Count.REJECTED_BY_REVIEWER)
        + count(Count.REJECTED_BY_THRESHOLD);
  }

  /** Share of the calls whose results were used; null: no call. */
  public @Nullable Double acceptance() {
    double accepted = count(Count.ACCEPTED);
    double calls = accepted + rejected() + failures();
    return calls > 0 ? accepted / calls : null;
  }

  /** Null: none measured. */
  public @Nullable Duration latency(double quantile) {
    var millis = tally.latency().quantile(quantile);
    return millis.isEmpty() ? null : Duration.ofMillis(Math.round(millis.getAsDouble()));
  }

  /** Micros; null: none known. */
  public @Nullable Long cost(double quantile) {
    var micros = tally.cost().quantile(quantile);
    return micros.isEmpty() ? null : Math.round(micros.getAsDouble());
  }

  /** Micros a call; null: none known. */
  public @Nullable Double meanCost() {
    return mean(Count.COST, Count.COST_CALLS);
  }

  /** Of a sum of tokens; null: none known. */
  public @Nullable Double meanTokens(Count tokens) {
    return mean(tokens, Count.TOKEN_CALLS);
  }

  /** Share of the shadow results that were like the real ones; null: none was compared. */
  public @Nullable Double shadowAgreement() {
    double agreed = count(Count.SHADOW_AGREED);
    double compared = agreed + count(Count.SHADOW_DIFFERED);
    return compared > 0 ? agreed / compared : null;
  }

  /** Everything there is has faded to less than that. */
  public boolean isBelow(double weight) {
    double sum =
        rejected()
            + count(Count.ACCEPTED)
            + count(Count.REVIEWED)
            + tally.verdicts().count() * left;
    for (double value : tally.failed().values()) {
      sum += value * left;
    }
    for (Count shadow : Set.of(Count.SHADOW_AGREED, Count.SHADOW_DIFFERED, Count.SHADOW_FAILED)) {
      sum += count(shadow);
    }
    return sum < weight;
  }

  public Reliability reliability() {
    return new Reliability(tally.verdicts(), left);
  }

  /** What routing makes of it. */
  public TrackRecord track() {
    Double cost = meanCost();
    Double tokens = meanTokens(Count.OUTPUT_TOKENS);
    return new TrackRecord(
        count(Count.ACCEPTED),
        count(Count.REPAIRED),
        rejected(),
        failures(),
        count(Count.REVIEWED),
        latency(0.5),
        cost == null ? -1 : cost,
        tokens == null ? -1 : tokens);
  }

  private @Nullable Double mean(Count sum, Count calls) {
    double count = tally.value(calls);
    return count > 0 ? tally.value(sum) / count : null;
  }
}
