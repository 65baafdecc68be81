package io.ligature.router.statistics;

import io.ligature.avro.Calibration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an agent's confidences have been worth, and the curve that corrects them.
 *
 * <p>The curve is the isotonic regression of the verdicts on the claimed confidences by pooling
 * adjacent violators (Ayer, Brunk, Ewing, Reid, Silverman 1955), as Zadrozny and Elkan (KDD 2002)
 * use it for classifiers: the rising step function nearest to what was observed. Each bin begins
 * with two imagined verdicts that the claim is right, the prior Beta(2c, 2(1-c)), so that a bin of
 * few verdicts stays near what was claimed.
 */
public final class Reliability {

  private static final double PRIOR = 2;

  /** A bin with less has faded. */
  private static final double LEAST = 1e-3;

  private final Verdicts verdicts;
  private final double left;

  Reliability(Verdicts verdicts, double left) {
    this.verdicts = verdicts;
    this.left = left;
  }

  /**
   * @param from least claimed confidence of the bin
   * @param to of the next one
   * @param verdicts decayed number
   * @param claimed mean of the claims; null without verdicts
   * @param observed share that stood; null without verdicts
   */
  public record Bin(
      double from,
      double to,
      double verdicts,
      @Nullable Double claimed,
      @Nullable Double observed) {}

  public List<Bin> bins() {
    List<Bin> bins = new ArrayList<>();
    for (int i = 0; i < Verdicts.BINS; i++) {
      double count = verdicts.count(i) * left;
      boolean any = count >= LEAST;
      bins.add(
          new Bin(
              (double) i / Verdicts.BINS,
              (double) (i + 1) / Verdicts.BINS,
              count,
              any ? verdicts.claimed(i) : null,
              any ? verdicts.good(i) / verdicts.count(i) : null));
    }
    return bins;
  }

  /** Decayed number of verdicts on results with a claimed confidence. */
  public double count() {
    return verdicts.count() * left;
  }

  /**
   * Mean squared difference between claim and verdict (Brier 1950), 0 is best; null: no verdict.
   */
  public @Nullable Double brierScore() {
    return count() < LEAST ? null : verdicts.squaredError() / verdicts.count();
  }

  /** Mean distance between claim and observation over the bins, by their verdicts; null: none. */
  public @Nullable Double calibrationError() {
    if (count() < LEAST) {
      return null;
    }
    double sum = 0;
    for (int i = 0; i < Verdicts.BINS; i++) {
      sum += Math.abs(verdicts.count(i) * verdicts.claimed(i) - verdicts.good(i));
    }
    return sum / verdicts.count();
  }

  /** Empty until there are enough verdicts. */
  public Optional<Calibration> calibration(double leastVerdicts) {
    if (count() < Math.max(leastVerdicts, LEAST)) {
      return Optional.empty();
    }
    List<Double> claimed = new ArrayList<>();
    List<Pool> pools = new ArrayList<>();
    for (int i = 0; i < Verdicts.BINS; i++) {
      double count = verdicts.count(i) * left;
      if (count < LEAST) {
        continue;
      }
      double claim = verdicts.claimed(i);
      claimed.add(claim);
      pool(pools, new Pool(verdicts.good(i) * left + PRIOR * claim, count + PRIOR, 1));
    }
    List<Double> observed = new ArrayList<>();
    for (Pool pool : pools) {
      for (int i = 0; i < pool.bins; i++) {
        observed.add(Math.clamp(pool.share(), 0.0, 1.0));
      }
    }
    return Optional.of(new Calibration(claimed, observed, (long) Math.floor(count())));
  }

  /** Puts a bin behind the others, and joins neighbours while the later one is lower. */
  private static void pool(List<Pool> pools, Pool next) {
    Pool last = next;
    while (!pools.isEmpty() && pools.getLast().share() >= last.share()) {
      last = pools.removeLast().with(last);
    }
    pools.add(last);
  }

  private record Pool(double good, double weight, int bins) {
    double share() {
      return good / weight;
    }

    Pool with(Pool later) {
      return new Pool(good + later.good, weight + later.weight, bins + later.bins);
    }
  }
}
