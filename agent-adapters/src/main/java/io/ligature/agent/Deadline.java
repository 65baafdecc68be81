package io.ligature.agent;

import java.time.Duration;

/**
 * When a call has to be over.
 *
 * @param nanos on the scale of {@link System#nanoTime}
 * @param whole how long the call may take in all
 */
record Deadline(long nanos, Duration whole) {

  static Deadline in(Duration whole) {
    return new Deadline(System.nanoTime() + whole.toNanos(), whole);
  }

  /** In nanoseconds; 0 when it is over. */
  long left() {
    return Math.max(0, nanos - System.nanoTime());
  }
}
