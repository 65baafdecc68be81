package io.ligature.router.statistics;

import io.ligature.avro.AgentStatistics;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * All numbers of one agent at one capability, decayed to the beginning of one epoch.
 *
 * <p>Tallies of different parts of the events add up to the tally of the whole, whatever the order.
 */
public final class Tally {

  private final HalfLife halfLife;
  private final Map<Count, Double> counts = new EnumMap<>(Count.class);
  private final Map<String, Double> failed = new TreeMap<>();
  private Histogram latency = new Histogram();
  private Histogram cost = new Histogram();
  private Verdicts verdicts = new Verdicts();
  private long epoch = Long.MIN_VALUE;

  public Tally(HalfLife halfLife) {
    this.halfLife = halfLife;
  }

  /**
   * What a record tells; one that was written with another half-life fades by the new one from its
   * epoch on.
   */
  public static Tally of(AgentStatistics record, HalfLife halfLife) {
    Tally tally = new Tally(halfLife);
    for (Count count : Count.values()) {
      Double told = record.getCounts().get(count.wireName());
      if (told != null) {
        tally.counts.put(count, told);
      }
    }
    tally.failed.putAll(record.getFailed());
    tally.latency = Histogram.of(record.getLatency());
    tally.cost = Histogram.of(record.getCost());
    tally.verdicts = Verdicts.of(record.getVerdicts());
    tally.epoch = record.getEpoch();
    if (record.getHalfLife() != halfLife.millis()) {
      Instant told = Instant.ofEpochMilli(record.getEpoch() * record.getHalfLife());
      tally.epoch = halfLife.epochOf(told);
      tally.scale(halfLife.weightIn(told));
    }
    return tally;
  }

  public AgentStatistics toRecord(String agent, String capability, int partition, long nextOffset) {
    Map<String, Double> told = new TreeMap<>();
    counts.forEach((count, value) -> told.put(count.wireName(), value));
    return new AgentStatistics(
        agent,
        capability,
        partition,
        nextOffset,
        halfLife.millis(),
        epoch,
        told,
        new TreeMap<>(failed),
        latency.toRecord(),
        cost.toRecord(),
        verdicts.toRecord());
  }

  void count(Count count, Instant at) {
    add(count, 1, at);
  }

  void accepted(boolean repaired, Instant at) {
    count(Count.ACCEPTED, at);
    if (repaired) {
      count(Count.REPAIRED, at);
    }
  }

  /** Takes back what was counted for a thing of that instant. */
  void takeBack(Count count, Instant at) {
    add(count, -1, at);
  }

  void add(Count count, double amount, Instant at) {
    counts.merge(count, amount * weight(at), Double::sum);
  }

  void failed(String kind, Instant at) {
    failed.merge(kind, weight(at), Double::sum);
  }

  void latency(Duration latency, Instant at) {
    this.latency.add((double) latency.toMillis(), weight(at));
  }

  /** Micros that a call cost. */
  void cost(long micros, Instant at) {
    cost.add((double) micros, weight(at));
    add(Count.COST, (double) micros, at);
    add(Count.COST_CALLS, 1, at);
  }

  void verdict(double confidence, boolean stood, Instant at) {
    verdicts.add(confidence, stood, weight(at));
  }

  void takeBackVerdict(double confidence, boolean stood, Instant at) {
    verdicts.add(confidence, stood, -weight(at));
  }

  /** Adds another tally of the same half-life. */
  public void add(Tally other) {
    if (other.epoch == Long.MIN_VALUE) {
      return;
    }
    if (other.epoch > epoch) {
      moveTo(other.epoch);
    }
    Tally faded = this.epoch == other.epoch ? other : other.copy();
    faded.moveTo(epoch);
    faded.counts.forEach((count, value) -> counts.merge(count, value, Double::sum));
    faded.failed.forEach((kind, value) -> failed.merge(kind, value, Double::sum));
    latency.add(faded.latency);
    cost.add(faded.cost);
    verdicts.add(faded.verdicts);
  }

  /** The numbers as they are at an instant. */
  public Figures at(Instant now) {
    return new Figures(this, epoch == Long.MIN_VALUE ? 0 : halfLife.left(epoch, now));
  }

  double value(Count count) {
    return Math.max(0, counts.getOrDefault(count, 0.0));
  }

  Map<String, Double> failed() {
    return failed;
  }

  Histogram latency() {
    return latency;
  }

  Histogram cost() {
    return cost;
  }

  Verdicts verdicts() {
    return verdicts;
  }

  private Tally copy() {
    return of(toRecord("", "", 0, 0), halfLife);
  }

  /** What a thing of that instant counts, in the sums as they are told. */
  private double weight(Instant at) {
    long own = halfLife.epochOf(at);
    if (own > epoch) {
      moveTo(own);
    }
    return halfLife.weightIn(at) * HalfLife.halved(epoch - own);
  }

  private void moveTo(long later) {
    if (epoch != Long.MIN_VALUE && later != epoch) {
      scale(HalfLife.halved(later - epoch));
    }
    epoch = later;
  }

  private void scale(double factor) {
    counts.replaceAll((count, value) -> value * factor);
    failed.replaceAll((kind, value) -> value * factor);
    latency.scale(factor);
    cost.scale(factor);
    verdicts.scale(factor);
  }
}
