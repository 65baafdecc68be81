package io.ligature.router.stream;

import io.ligature.avro.TaskAssignment;
import io.ligature.router.routing.RoutingRequest;
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
   * @param inputTokens about
   */
  record Seen(String agent, String version, String pool, Instant assignedAt, long inputTokens) {
    static Seen of(TaskAssignment assignment) {
      return new Seen(
          assignment.getAgent(),
          assignment.getAgentVersion(),
          assignment.getPool(),
          assignment.getAssignedAt(),
          RoutingRequest.tokensOf(assignment.getEnvelope().getInput().getSize()));
    }
  }

  @Nullable Seen get(String attempt) {
    return seen.get(attempt);
  }

  /** Keeps the first assignment of an attempt: it is the one that an executor acted on. */
  boolean add(String attempt, Seen assignment) {
    return seen.putIfAbsent(attempt, assignment) == null;
  }

  /** Forgets what is too old or too much; returns its attempts. */
  List<String> evict(Instant now) {
    List<String> dropped = new ArrayList<>();
    Instant oldest = now.minus(age);
    Iterator<Map.Entry<String, Seen>> all = seen.entrySet().iterator();
    while (all.hasNext()) {
      Map.Entry<String, Seen> each = all.next();
      if (seen.size() <= limit && !each.getValue().assignedAt().isBefore(oldest)) {
        break;
      }
      all.remove();
      dropped.add(each.getKey());
    }
    return dropped;
  }

  int size() {
    return seen.size();
  }
}
