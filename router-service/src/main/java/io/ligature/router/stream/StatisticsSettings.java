package io.ligature.router.stream;

import io.ligature.router.statistics.HalfLife;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Settings of the statistics on agents; {@code docs/routing.md} explains them. */
@ConfigMapping(prefix = "ligature.router.statistics")
public interface StatisticsSettings {

  /** Time in which what was counted comes to count a half. */
  @WithDefault("1d")
  Duration halfLife();

  /** How often a router tells the others what it has counted. */
  @WithDefault("5s")
  Duration publishInterval();

  /** How often what has faded meanwhile is worked out anew. */
  @WithDefault("1m")
  Duration refreshInterval();

  /** Agents times capabilities that are counted in each partition. */
  @WithDefault("10000")
  int maxTracked();

  /** Tasks that are remembered in each partition while they are open. */
  @WithDefault("50000")
  int maxOpen();

  /** Events that are read again at a start at most, to know the open tasks. */
  @WithDefault("50000")
  int lookBack();

  /** Agents times capabilities that have figures of their own in the metrics. */
  @WithDefault("100")
  int maxMetrics();

  /**
   * Refuses what cannot be.
   *
   * @throws IllegalArgumentException that names the key
   */
  default void check() {
    var _ = new HalfLife(halfLife());
    positive("publish-interval", publishInterval());
    positive("refresh-interval", refreshInterval());
    atLeast(1, "max-tracked", maxTracked());
    atLeast(1, "max-open", maxOpen());
    atLeast(0, "look-back", lookBack());
    atLeast(0, "max-metrics", maxMetrics());
  }

  private static void atLeast(int least, String key, int value) {
    if (value < least) {
      throw new IllegalArgumentException(
          "ligature.router.statistics." + key + ": give " + least + " or more");
    }
  }

  private static void positive(String key, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException(
          "ligature.router.statistics." + key + ": give more than 0");
    }
  }
}
