package io.ligature.router.statistics;

import io.ligature.avro.ConfidenceVerdicts;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * What became of results, by the confidence that the agent had claimed, in bins of equal width.
 * Decayed like everything else.
 */
final class Verdicts {

  static final int BINS = 10;

  private final double[] good = new double[BINS];
  private final double[] bad = new double[BINS];
  private final double[] claimed = new double[BINS];
  private double squaredError;

  static Verdicts of(ConfidenceVerdicts record) {
    Verdicts verdicts = new Verdicts();
    copy(record.getGood(), verdicts.good);
    copy(record.getBad(), verdicts.bad);
    copy(record.getClaimed(), verdicts.claimed);
    verdicts.squaredError = record.getSquaredError();
    return verdicts;
  }

  ConfidenceVerdicts toRecord() {
    return new ConfidenceVerdicts(list(good), list(bad), list(claimed), squaredError);
  }

  /** A weight below 0 takes a verdict back. */
  void add(double confidence, boolean stood, double weight) {
    int bin = Math.clamp((int) (confidence * BINS), 0, BINS - 1);
    (stood ? good : bad)[bin] += weight;
    claimed[bin] += confidence * weight;
    double miss = (stood ? 1 : 0) - confidence;
    squaredError += miss * miss * weight;
  }

  void add(Verdicts other) {
    for (int i = 0; i < BINS; i++) {
      good[i] += other.good[i];
      bad[i] += other.bad[i];
      claimed[i] += other.claimed[i];
    }
    squaredError += other.squaredError;
  }

  void scale(double factor) {
    for (int i = 0; i < BINS; i++) {
      good[i] *= factor;
      bad[i] *= factor;
      claimed[i] *= factor;
    }
    squaredError *= factor;
  }

  double good(int bin) {
    return Math.max(0, good[bin]);
  }

  double bad(int bin) {
    return Math.max(0, bad[bin]);
  }

  double count(int bin) {
    return good(bin) + bad(bin);
  }

  /** Mean of the claimed confidences in a bin; its middle where there is none. */
  double claimed(int bin) {
    double count = count(bin);
    double middle = (bin + 0.5) / BINS;
    return count > 1e-9
        ? Math.clamp(claimed[bin] / count, (double) bin / BINS, (bin + 1.0) / BINS)
        : middle;
  }

  double count() {
    double sum = 0;
    for (int i = 0; i < BINS; i++) {
      sum += count(i);
    }
    return sum;
  }

  /** Sum of squared differences between claim and verdict. */
  double squaredError() {
    return Math.max(0, squaredError);
  }

  private static List<Double> list(double[] values) {
    return DoubleStream.of(values).boxed().toList();
  }

  private static void copy(List<Double> from, double[] to) {
    for (int i = 0; i < Math.min(from.size(), to.length); i++) {
      to[i] = from.get(i);
    }
  }
}
