package io.ligature.router.stream;

import io.ligature.avro.TaskAssignment;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What was assigned in one partition, oldest first; bounded by number and by age. */
final class SeenAttempts {

  private final int limit;
  private final Duration age;
  private final Map<String, Seen> seen = new LinkedHashMap<>();

  SeenAttempts(int limit, Duration age) {
    this.limit = limit;
    this.age = age;
  }

  /**
   * @param open true until its result has been seen
   */
  record Seen(String agent, String version, String pool, Instant assignedAt, boolean open) {
    static Seen of(TaskAssignment assignment) {
      return new Seen(
          assignment.getAgent(),
          assignment.getAgentVersion(),
          assignment.getPool(),
          assignment.getAssignedAt(),
          true);
    }
  }

  @Nullable Seen get(String attempt) {
    return seen.get(attempt);
  }

  /** Keeps the first assignment of an attempt: it is the one that an executor acted on. */
  boolean add(String attempt, Seen assignment) {
    return seen.putIfAbsent(attempt, assignment) == null;
  }

  /** The attempt needs its agent no more; null when it was not open. */
  @Nullable Seen close(String attempt) {
    Seen known = seen.get(attempt);
    if (known == null || !known.open()) {
      return null;
    }
    seen.put(
        attempt, new Seen(known.agent(), known.version(), known.pool(), known.assignedAt(), false));
    return known;
  }

  /** Forgets what is too old or too much; returns the ones that were open. */
  List<Seen> evict(Instant now) {
    List<Seen> dropped = new ArrayList<>();
    Instant oldest = now.minus(age);
    Iterator<Seen> all = seen.values().iterator();
    while (all.hasNext()) {
      Seen each = all.next();
      if (seen.size() <= limit && !each.assignedAt().isBefore(oldest)) {
        break;
      }
      all.remove();
      if (each.open()) {
        dropped.add(each);
      }
    }
    return dropped;
  }

  List<Seen> open() {
    return seen.values().stream().filter(Seen::open).toList();
  }

  int size() {
    return seen.size();
  }
}
