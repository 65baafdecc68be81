package io.ligature.executor.execution;

import io.ligature.agent.AgentOutcome.Failed;
import io.ligature.agent.CallFailure;
import io.ligature.avro.AgentStatus;
import io.ligature.schemas.ErrorKind;
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
  private final Duration cooldown;
  private final Duration longestCooldown;
  private @Nullable Instant cooldownUntil;
  private Duration nextCooldown;
  private boolean changed;

  /**
   * @param cooldown after the first rate limit; doubled by each one that follows without a success
   *     between
   * @param longestCooldown what doubling stops at
   */
  public AgentFigures(String agent, Duration cooldown, Duration longestCooldown) {
    this.agent = agent;
    this.cooldown = cooldown;
    this.longestCooldown = longestCooldown;
    this.nextCooldown = cooldown;
  }

  /**
   * True for what speaks against the agent. The other kinds speak of our rate, our credentials, the
   * input, the content, or of nobody any more waiting.
   */
  static boolean indicts(ErrorKind kind) {
    return switch (kind) {
      case AGENT_CRASH, MODEL_ERROR, SCHEMA_MISMATCH, TIMEOUT, UPSTREAM_UNAVAILABLE -> true;
      case AUTH,
          BUDGET_EXCEEDED,
          CANCELLED,
          CONTEXT_OVERFLOW,
          INVALID_INPUT,
          LIMIT_EXCEEDED,
          LOW_CONFIDENCE,
          NO_AGENT,
          POLICY_BLOCK,
          RATE_LIMITED,
          REJECTED_BY_REVIEWER,
          REJECTED_BY_VALIDATOR ->
          false;
    };
  }

  public synchronized void begun() {
    inFlight++;
    changed = true;
  }

  /** A call that says nothing about the agent. */
  public synchronized void dropped() {
    inFlight--;
    changed = true;
  }

  public void ended(Made made, Instant at) {
    CallFailure failure =
        made.outcome() instanceof Failed(CallFailure why, _) && made.reached() ? why : null;
    if (failure != null && failure.kind() == ErrorKind.RATE_LIMITED) {
      coolDown(failure.retryAfter(), at);
    }
    if (!made.reached() || (failure != null && !indicts(failure.kind()))) {
      dropped();
    } else {
      ended(failure == null, made.duration(), at);
    }
  }

  private synchronized void ended(boolean good, Duration latency, Instant at) {
    inFlight--;
    if (good) {
      succeeded++;
      if (!cools(at)) {
        nextCooldown = cooldown;
      }
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

  /**
   * The end only ever moves later. Many calls that are refused at once are one event: while it
   * cools, only what the agent asks for counts.
   */
  private synchronized void coolDown(@Nullable Duration asked, Instant at) {
    Duration rest = asked == null ? Duration.ZERO : asked;
    if (!cools(at)) {
      rest = longer(rest, nextCooldown);
      Duration doubled = nextCooldown.multipliedBy(2);
      nextCooldown = doubled.compareTo(longestCooldown) > 0 ? longestCooldown : doubled;
    }
    Instant until = at.plus(rest);
    if (cooldownUntil == null || until.isAfter(cooldownUntil)) {
      cooldownUntil = until;
      changed = true;
    }
  }

  private boolean cools(Instant at) {
    return cooldownUntil != null && cooldownUntil.isAfter(at);
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
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
        cooldownUntil == null ? null : ErrorKind.RATE_LIMITED.wireName());
  }
}
