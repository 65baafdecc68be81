package io.ligature.router.statistics;

import io.ligature.avro.WeightedHistogram;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * Decayed numbers of values in logarithmic buckets, good for quantiles with a relative error of at
 * most 5 %.
 *
 * <p>It is the sketch of Masson, Rim and Lee (DDSketch, VLDB 2019): bucket {@code i} holds {@code
 * (g^(i-1), g^i]} and stands for {@code 2 g^i / (g + 1)}. Two of them are added bucket by bucket.
 */
final class Histogram {

  private static final double GROWTH = 1.1;
  private static final double LOG_GROWTH = Math.log(GROWTH);

  /** Values above {@code g^LAST} (about 1.4 × 10^16) are held in the last bucket. */
  static final int LAST = 390;

  /** What is left of a value after about 40 half-lives counts no more. */
  private static final double NOTHING = 1e-12;

  private final TreeMap<Integer, Double> buckets = new TreeMap<>();
  private double zero;

  static Histogram of(WeightedHistogram record) {
    Histogram histogram = new Histogram();
    histogram.zero = record.getZero();
    int size = Math.min(record.getBuckets().size(), record.getWeights().size());
    for (int i = 0; i < size; i++) {
      histogram.buckets.merge(
          Math.clamp(record.getBuckets().get(i), 0, LAST), record.getWeights().get(i), Double::sum);
    }
    return histogram;
  }

  WeightedHistogram toRecord() {
    List<Integer> keys = new ArrayList<>(buckets.keySet());
    return new WeightedHistogram(keys, new ArrayList<>(buckets.values()), zero);
  }

  void add(double value, double weight) {
    if (value < 1) {
      zero += weight;
    } else {
      int bucket = (int) Math.min(LAST, Math.ceil(Math.log(value) / LOG_GROWTH));
      buckets.merge(bucket, weight, Double::sum);
    }
  }

  void add(Histogram other) {
    zero += other.zero;
    other.buckets.forEach((bucket, weight) -> buckets.merge(bucket, weight, Double::sum));
  }

  void scale(double factor) {
    zero *= factor;
    buckets.replaceAll((bucket, weight) -> weight * factor);
    buckets.values().removeIf(weight -> weight < NOTHING);
  }

  double total() {
    double total = zero;
    for (double weight : buckets.values()) {
      total += weight;
    }
    return total;
  }

  /** Empty without any value. */
  OptionalDouble quantile(double share) {
    double total = total();
    if (!(total > 0)) {
      return OptionalDouble.empty();
    }
    double wanted = share * total;
    double passed = zero;
    if (passed >= wanted && zero > 0) {
      return OptionalDouble.of(0);
    }
    for (Map.Entry<Integer, Double> bucket : buckets.entrySet()) {
      passed += bucket.getValue();
      if (passed >= wanted) {
        return OptionalDouble.of(middle(bucket.getKey()));
      }
    }
    return OptionalDouble.of(buckets.isEmpty() ? 0 : middle(buckets.lastKey()));
  }

  private static double middle(int bucket) {
    return bucket == 0 ? 1 : 2 * Math.pow(GROWTH, bucket) / (GROWTH + 1);
  }
}
