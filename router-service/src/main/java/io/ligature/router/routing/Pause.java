package io.ligature.router.routing;

import java.time.Duration;

/**
 * Until when something must be left alone. The end only ever moves later.
 *
 * <p>Each pause that begins after the one before has ended is twice as long, up to a limit, until
 * something goes well again.
 */
final class Pause {

  private long until;
  private long length;

  /** Epoch milliseconds; 0 when there never was one. */
  long until() {
    return until;
  }

  boolean over(long now) {
    return until <= now;
  }

  void atLeastUntil(long instant) {
    until = Math.max(until, instant);
  }

  /** What is asked for is a floor. */
  void begin(long now, long asked, Duration first, Duration longest) {
    if (over(now)) {
      length =
          length == 0
              ? first.toMillis()
              : Math.min(longest.toMillis(), Math.multiplyExact(length, 2));
    }
    atLeastUntil(now + Math.max(asked, length));
  }

  void wentWell() {
    length = 0;
  }
}
