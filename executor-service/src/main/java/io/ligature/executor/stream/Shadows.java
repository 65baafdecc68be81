package io.ligature.executor.stream;

import io.ligature.agent.ProgressListener;
import io.ligature.avro.TaskAssignment;
import io.ligature.executor.execution.CallControl.Ending;
import io.ligature.executor.execution.Calls;
import io.ligature.executor.execution.Made;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Makes the calls of shadows: copies of attempts for agents that are compared, whose results are
 * recorded and never used.
 *
 * <p>A copy is worth less than a call: its assignment is finished as soon as it is read, nobody
 * claims it, and it is dropped when there are too many, when this executor stops, or when it was
 * assigned before this executor had the partition, because a former owner may have called it.
 */
final class Shadows {

  private final String executor;
  private final int most;
  private final Calls calls;
  private final Outbox outbox;
  private final Statuses statuses;
  private final ExecutorMetrics metrics;
  private final Clock clock;
  private final RecentIds seen;
  private final Map<String, InFlight> running = new ConcurrentHashMap<>();

  /**
   * @param most calls at once
   * @param seen copies that were read
   */
  Shadows(
      String executor,
      int most,
      Calls calls,
      Outbox outbox,
      Statuses statuses,
      ExecutorMetrics metrics,
      Clock clock,
      RecentIds seen) {
    this.executor = executor;
    this.most = most;
    this.calls = calls;
    this.outbox = outbox;
    this.statuses = statuses;
    this.metrics = metrics;
    this.clock = clock;
    this.seen = seen;
  }

  /**
   * @param fresh it was assigned since this executor has the partition
   */
  void take(TaskAssignment assignment, byte[] key, @Nullable String traceparent, boolean fresh) {
    String id = assignment.getEnvelope().getId() + "@" + assignment.getAgent();
    if (!seen.add(id, System.nanoTime())) {
      return;
    }
    if (!fresh || running.size() >= most) {
      metrics.shadowDropped();
      return;
    }
    InFlight call = new InFlight(assignment, key, traceparent, now());
    running.put(id, call);
    statuses.begun(assignment.getAgent());
    Thread.ofVirtual().name(id).start(() -> run(id, call));
  }

  /** Those in flight. */
  Iterable<InFlight> running() {
    return running.values();
  }

  void stop() {
    running.values().forEach(call -> call.control.end(Ending.HANDED_OVER, "executor stops"));
  }

  private void run(String id, InFlight call) {
    try {
      Optional<Made> made =
          calls.make(call.assignment, call.control, call.traceparent, ProgressListener.NONE);
      String agent = call.assignment.getAgent();
      if (made.isEmpty()) {
        statuses.handedOver(agent);
        return;
      }
      statuses.ended(agent, made.get(), now());
      metrics.shadowed();
      outbox.shadow(
          call.key, Results.shadow(call.assignment, made.get(), executor, now()), call.traceparent);
    } finally {
      running.remove(id);
    }
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}
