package io.ligature.executor.stream;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** Attempts that nobody waits for, remembered for a while because they may be yet to come. */
final class Cancels {

  private static final int MOST = 50_000;

  private final long ageNanos;
  private final LinkedHashMap<String, Long> seen = new LinkedHashMap<>();

  Cancels(Duration age) {
    this.ageNanos = age.toNanos();
  }

  synchronized void add(String attempt, long nowNanos) {
    seen.remove(attempt);
    seen.put(attempt, nowNanos);
    Map.Entry<String, Long> first = seen.firstEntry();
    while (first != null && (seen.size() > MOST || nowNanos - first.getValue() > ageNanos)) {
      seen.remove(first.getKey());
      first = seen.firstEntry();
    }
  }

  synchronized boolean contains(String attempt) {
    return seen.containsKey(attempt);
  }
}
