package io.ligature.executor.stream;

import io.ligature.avro.AgentStatus;
import io.ligature.executor.execution.AgentFigures;
import io.ligature.executor.execution.Made;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;

/** Counts how each agent does here, and tells it: on change, and by heartbeat. */
final class Statuses {

  /** The agent of the heartbeat that an executor gives even when it calls nobody. */
  static final String ANY_AGENT = "*";

  private final String executor;
  private final String pool;
  private final Duration cooldown;
  private final Duration longestCooldown;
  private final Outbox outbox;
  private final IntSupplier inFlight;
  private final Map<String, AgentFigures> figures = new ConcurrentHashMap<>();

  Statuses(
      String executor,
      String pool,
      Duration cooldown,
      Duration longestCooldown,
      Outbox outbox,
      IntSupplier inFlight) {
    this.executor = executor;
    this.pool = pool;
    this.cooldown = cooldown;
    this.longestCooldown = longestCooldown;
    this.outbox = outbox;
    this.inFlight = inFlight;
  }

  void begun(String agent) {
    of(agent).begun();
  }

  void handedOver(String agent) {
    of(agent).dropped();
  }

  void ended(String agent, Made made, Instant now) {
    of(agent).ended(made, now);
  }

  void tellChanges(Instant now) {
    figures.forEach(
        (agent, its) -> {
          if (its.takeChanged()) {
            outbox.status(its.status(executor, pool, now));
          }
        });
  }

  void heartbeat(Instant now) {
    outbox.status(
        new AgentStatus(
            ANY_AGENT, executor, pool, inFlight.getAsInt(), 0L, 0L, 0, 0, null, null, now, null));
    figures.values().forEach(its -> outbox.status(its.status(executor, pool, now)));
  }

  void sayGoodbye() {
    figures.keySet().forEach(agent -> outbox.removeStatus(agent, executor));
    outbox.removeStatus(ANY_AGENT, executor);
  }

  private AgentFigures of(String agent) {
    return figures.computeIfAbsent(
        agent, any -> new AgentFigures(agent, cooldown, longestCooldown));
  }
}
