package io.ligature.executor.stream;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Which other executors live, from their heartbeats. */
final class Executors {

  private final Duration deadAfter;
  private final Map<String, Instant> lastSigns = new ConcurrentHashMap<>();
  private final Set<String> ended = ConcurrentHashMap.newKeySet();

  Executors(Duration deadAfter) {
    this.deadAfter = deadAfter;
  }

  void sign(String executor, Instant at) {
    ended.remove(executor);
    lastSigns.merge(executor, at, (a, b) -> a.isAfter(b) ? a : b);
  }

  /** It has said goodbye. */
  void ended(String executor) {
    ended.add(executor);
    lastSigns.remove(executor);
  }

  /** Forgets the long dead. */
  void expire(Instant now) {
    Instant from = now.minus(deadAfter.multipliedBy(100));
    lastSigns.values().removeIf(at -> at.isBefore(from));
  }

  /** A claim is a sign of life as well. */
  boolean lives(String executor, Instant claimedAt, Instant now) {
    if (ended.contains(executor)) {
      return false;
    }
    Instant last = lastSigns.getOrDefault(executor, claimedAt);
    Instant sign = last.isAfter(claimedAt) ? last : claimedAt;
    return sign.plus(deadAfter).isAfter(now);
  }
}
