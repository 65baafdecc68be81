package io.ligature.router.statistics;

import java.time.Duration;
import java.time.Instant;

/**
 * How numbers fade: what counts 1 now counts a half after this time.
 *
 * <p>It is forward decay (Cormode, Shkapenyuk, Srivastava, Xu: Forward Decay, ICDE 2009) with an
 * exponential weight. A thing that happened at an instant is added with the weight {@code 2^(age of
 * the epoch at that instant)}, and all sums are told as of the beginning of an epoch, which lasts
 * one half-life. To move a sum to a later epoch is to halve it, which floating point does exactly;
 * so a sum depends on what was added and not on when it was looked at.
 */
public record HalfLife(Duration duration) {

  public HalfLife {
    if (duration.toMillis() < 1) {
      throw new IllegalArgumentException(
          "ligature.router.statistics.half-life: give at least a millisecond");
    }
  }

  long millis() {
    return duration.toMillis();
  }

  long epochOf(Instant at) {
    return Math.floorDiv(at.toEpochMilli(), millis());
  }

  /** What a thing of that instant counts in sums as of the beginning of its own epoch. */
  double weightIn(Instant at) {
    return Math.pow(2, (double) Math.floorMod(at.toEpochMilli(), millis()) / millis());
  }

  /** What has become of 1 as of an epoch's beginning; above 1 for an instant before it. */
  double left(long epoch, Instant at) {
    return halved(epochOf(at) - epoch) / weightIn(at);
  }

  /** 1, halved as many times; doubled where the number is below 0. */
  static double halved(long times) {
    return Math.scalb(1.0, (int) -Math.clamp(times, -1_000L, 1_100L));
  }
}
