package io.ligature.executor.stream;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** Ids that were seen, remembered for a while. */
final class RecentIds {

  private static final int MOST = 50_000;

  private final long ageNanos;
  private final LinkedHashMap<String, Long> seen = new LinkedHashMap<>();

  RecentIds(Duration age) {
    this.ageNanos = age.toNanos();
  }

  /** Returns false when it was remembered already. */
  synchronized boolean add(String id, long nowNanos) {
    boolean fresh = seen.remove(id) == null;
    seen.put(id, nowNanos);
    Map.Entry<String, Long> first = seen.firstEntry();
    while (first != null && (seen.size() > MOST || nowNanos - first.getValue() > ageNanos)) {
      seen.remove(first.getKey());
      first = seen.firstEntry();
    }
    return fresh;
  }

  synchronized boolean contains(String id) {
    return seen.containsKey(id);
  }
}
