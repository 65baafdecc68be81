package io.ligature.state.stream;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jboss.logging.Logger;

/**
 * Holds the timers of a newly assigned partition back until what waited in the inbox has been read.
 * A result that is there already must not be judged a timeout: its call would be paid twice.
 *
 * <p>The wait is bounded, because a workflow's deadline must not depend on how fast an inbox that
 * grows all the time is read.
 */
final class CatchUp {

  private static final Logger LOG = Logger.getLogger(CatchUp.class);

  private final CompletableFuture<Long> lastWaiting;
  private final long endMillis;
  private final String partition;
  private long read = -1;
  private boolean over;

  /**
   * @param now milliseconds, by the clock that timers go by
   * @param longest how long the timers are held back at most
   */
  CatchUp(CompletionStage<Long> lastWaiting, long now, Duration longest, String partition) {
    this.lastWaiting = lastWaiting.toCompletableFuture();
    this.endMillis = now + longest.toMillis();
    this.partition = partition;
  }

  void read(long offset) {
    read = offset;
  }

  /** True once timers may fire, and ever after. */
  boolean isOver(long now) {
    if (over) {
      return true;
    }
    if (isRead()) {
      over = true;
    } else if (now >= endMillis) {
      over = true;
      LOG.warnf(
          "timers fire before the inbox has been read partition=%s read=%d last=%s",
          partition, read, isKnown() ? lastWaiting.join() : "unknown");
    }
    return over;
  }

  private boolean isRead() {
    return isKnown() && lastWaiting.join() <= read;
  }

  private boolean isKnown() {
    return lastWaiting.isDone() && !lastWaiting.isCompletedExceptionally();
  }
}
