package io.ligature.executor.execution;

import io.ligature.avro.AgentStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** How one agent does in this executor. */
public final class AgentFigures {

  private static final Duration WINDOW = Duration.ofMinutes(1);
  private static final int MOST_RECENT = 10_000;
  private static final int LATENCIES = 50;

  private record Ended(Instant at, boolean good) {}

  private final String agent;
  private final ArrayDeque<Ended> recent = new ArrayDeque<>();
  private final ArrayDeque<Long> latencies = new ArrayDeque<>();
  private int inFlight;
  private long succeeded;
  private long failed;
  private @Nullable Instant cooldownUntil;
  private boolean changed;

  public AgentFigures(String agent) {
    this.agent = agent;
  }

  public synchronized void begun() {
    inFlight++;
    changed = true;
  }

  /** A call that says nothing about the agent, because it was cancelled or refused. */
  public synchronized void dropped() {
    inFlight--;
    changed = true;
  }

  public synchronized void ended(boolean good, Duration latency, Instant at) {
    inFlight--;
    if (good) {
      succeeded++;
    } else {
      failed++;
    }
    recent.add(new Ended(at, good));
    if (recent.size() > MOST_RECENT) {
      recent.removeFirst();
    }
    latencies.add(latency.toMillis());
    if (latencies.size() > LATENCIES) {
      latencies.removeFirst();
    }
    changed = true;
  }

  /** A later end only moves later. */
  public synchronized void coolDown(Instant until) {
    if (cooldownUntil == null || until.isAfter(cooldownUntil)) {
      cooldownUntil = until;
      changed = true;
    }
  }

  /** True once after each change. */
  public synchronized boolean takeChanged() {
    boolean was = changed;
    changed = false;
    return was;
  }

  public synchronized AgentStatus status(String executor, String pool, Instant now) {
    Instant from = now.minus(WINDOW);
    while (!recent.isEmpty() && recent.getFirst().at.isBefore(from)) {
      recent.removeFirst();
    }
    int failures = (int) recent.stream().filter(each -> !each.good).count();
    Long latency =
        latencies.isEmpty()
            ? null
            : Math.round(latencies.stream().mapToLong(each -> each).average().orElse(0));
    return new AgentStatus(
        agent,
        executor,
        pool,
        inFlight,
        succeeded,
        failed,
        recent.size(),
        failures,
        latency,
        cooldownUntil,
        now,
        null);
  }
}
