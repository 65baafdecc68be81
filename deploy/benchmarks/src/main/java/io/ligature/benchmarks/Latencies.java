package io.ligature.benchmarks;

import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** Times in nanoseconds, kept to three digits; told in milliseconds. */
final class Latencies {

  private static final long HIGHEST_NANOS = 600_000_000_000L;

  private final Histogram histogram = new ConcurrentHistogram(HIGHEST_NANOS, 3);

  void record(long nanos) {
    histogram.recordValue(Math.clamp(nanos, 1, HIGHEST_NANOS));
  }

  long count() {
    return histogram.getTotalCount();
  }

  double p50() {
    return millis(50);
  }

  double p99() {
    return millis(99);
  }

  double max() {
    return histogram.getMaxValue() / 1e6;
  }

  private double millis(double percentile) {
    return histogram.getValueAtPercentile(percentile) / 1e6;
  }
}
