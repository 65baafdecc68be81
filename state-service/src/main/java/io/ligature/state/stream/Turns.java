package io.ligature.state.stream;

import io.ligature.schemas.ChildId;
import java.util.concurrent.locks.StampedLock;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Lets those who read beside the writer see a tree of workflows as it is between two transitions,
 * never in the middle of one.
 *
 * <p>A reader first reads without any lock and looks afterwards whether a transition came between
 * (<a href="https://www.hpl.hp.com/techreports/2012/HPL-2012-68.pdf">seqlock</a>). For a tree that
 * changes all the time it does so in vain; then the writer waits for it, once, as long as the
 * reading takes.
 */
public final class Turns {

  /** More than enough for the trees that change at one moment on one machine. */
  private static final int STRIPES = 1_024;

  private static final int TRIES = 3;

  private final StampedLock[] stripes =
      Stream.generate(StampedLock::new).limit(STRIPES).toArray(StampedLock[]::new);

  /** For the one writer: what it writes in one transition. */
  void write(String workflowId, Runnable writes) {
    StampedLock lock = of(workflowId);
    long stamp = lock.writeLock();
    try {
      writes.run();
    } finally {
      lock.unlockWrite(stamp);
    }
  }

  /**
   * What a reader finds; it may be asked several times, and only what it found last counts.
   *
   * @param reads changes nothing, and reads no other tree
   */
  <T> T read(String workflowId, Supplier<T> reads) {
    StampedLock lock = of(workflowId);
    for (int tried = 0; tried < TRIES; tried++) {
      long stamp = lock.tryOptimisticRead();
      if (stamp == 0) {
        break;
      }
      try {
        T found = reads.get();
        if (lock.validate(stamp)) {
          return found;
        }
      } catch (RuntimeException e) {
        // Half of a transition may look like anything, so this counts only when there was none.
        if (lock.validate(stamp)) {
          throw e;
        }
      }
    }
    long stamp = lock.readLock();
    try {
      return reads.get();
    } finally {
      lock.unlockRead(stamp);
    }
  }

  private StampedLock of(String workflowId) {
    return stripes[Math.floorMod(ChildId.rootOf(workflowId).hashCode(), STRIPES)];
  }
}
