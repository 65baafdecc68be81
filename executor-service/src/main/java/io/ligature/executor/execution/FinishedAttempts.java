package io.ligature.executor.execution;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Attempts that have a result on the inbox, the last ones.
 *
 * <p>What is remembered of each is where its result stands; the result itself only while there is
 * room for it. When it must be sent again without being here, it is read from the inbox.
 */
public final class FinishedAttempts {

  private final int most;
  private final long mostBytes;
  private final long ageNanos;
  private final LinkedHashMap<String, Finished> byAttempt = new LinkedHashMap<>();
  private long bytes;

  /**
   * @param partition of the inbox
   * @param offset in it
   * @param timestamp when it was written, in epoch milliseconds
   * @param result the record's value, while there is room
   */
  public record Finished(
      int partition, long offset, long timestamp, @Nullable ByteBuffer result, long seenNanos) {

    long size() {
      return result == null ? 0 : result.remaining();
    }

    Finished withoutResult() {
      return new Finished(partition, offset, timestamp, null, seenNanos);
    }
  }

  public FinishedAttempts(int most, long mostBytes, Duration age) {
    this.most = most;
    this.mostBytes = mostBytes;
    this.ageNanos = age.toNanos();
  }

  public synchronized void put(String attempt, Finished finished) {
    remove(attempt);
    byAttempt.put(attempt, finished);
    bytes += finished.size();
    if (bytes > mostBytes) {
      dropResults();
    }
    while (byAttempt.size() > most) {
      remove(byAttempt.firstEntry().getKey());
    }
  }

  public synchronized @Nullable Finished get(String attempt) {
    return byAttempt.get(attempt);
  }

  /** Forgets what is too old. */
  public synchronized void expire(long nowNanos) {
    Map.Entry<String, Finished> first = byAttempt.firstEntry();
    while (first != null && nowNanos - first.getValue().seenNanos > ageNanos) {
      remove(first.getKey());
      first = byAttempt.firstEntry();
    }
  }

  synchronized long bytes() {
    return bytes;
  }

  private void remove(String attempt) {
    Finished old = byAttempt.remove(attempt);
    if (old != null) {
      bytes -= old.size();
    }
  }

  /** The oldest half, so that it is not done for each one. */
  private void dropResults() {
    for (Map.Entry<String, Finished> each : byAttempt.entrySet()) {
      if (bytes <= mostBytes / 2) {
        return;
      }
      bytes -= each.getValue().size();
      each.setValue(each.getValue().withoutResult());
    }
  }
}
