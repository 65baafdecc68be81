package io.ligature.executor.stream;

import io.ligature.agent.AgentOutcome;
import io.ligature.agent.AgentOutcome.Failed;
import io.ligature.agent.CallFailure;
import io.ligature.avro.AgentStatus;
import io.ligature.executor.execution.AgentFigures;
import io.ligature.executor.execution.Calls.Made;
import io.ligature.schemas.ErrorKind;
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
  private final Outbox outbox;
  private final IntSupplier inFlight;
  private final Map<String, AgentFigures> figures = new ConcurrentHashMap<>();

  Statuses(String executor, String pool, Duration cooldown, Outbox outbox, IntSupplier inFlight) {
    this.executor = executor;
    this.pool = pool;
    this.cooldown = cooldown;
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
    AgentFigures its = of(agent);
    if (!saysSomething(made)) {
      its.dropped();
      return;
    }
    its.ended(!(made.outcome() instanceof Failed), made.duration(), now);
    if (made.outcome() instanceof Failed(CallFailure failure, _)
        && failure.kind() == ErrorKind.RATE_LIMITED) {
      Duration asked = failure.retryAfter();
      boolean longer = asked != null && asked.compareTo(cooldown) > 0;
      its.coolDown(now.plus(longer && asked != null ? asked : cooldown));
    }
  }

  /** What was refused before the call or cancelled is nothing the agent did. */
  private static boolean saysSomething(Made made) {
    AgentOutcome outcome = made.outcome();
    return made.reached()
        && !(outcome instanceof Failed(CallFailure failure, _)
            && failure.kind() == ErrorKind.CANCELLED);
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
    return figures.computeIfAbsent(agent, AgentFigures::new);
  }
}
