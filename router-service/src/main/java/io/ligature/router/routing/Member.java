package io.ligature.router.routing;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One registered agent with its figures. */
public final class Member {

  private static final double CACHED_MEMORY = 0.1;

  private final Agent agent;
  private final Pool pool;
  private final Health health;
  private final Quota quota;
  private int outstanding;
  private double cachedShare;

  /** Executors that serve the same agents. */
  static final class Pool {
    /** Epoch milliseconds of the newest heartbeat of any of them. */
    long heartbeat = Long.MIN_VALUE / 2;
  }

  Member(Agent agent, Pool pool, Health health, Quota quota, @Nullable Member before) {
    this.agent = agent;
    this.pool = pool;
    this.health = health;
    this.quota = quota;
    this.cachedShare = before == null ? 0 : before.cachedShare;
  }

  public Agent agent() {
    return agent;
  }

  public Quota quota() {
    return quota;
  }

  Health health() {
    return health;
  }

  /** Assigned by this router, without a result that it has seen. */
  public int outstanding() {
    return outstanding;
  }

  void outstanding(int calls) {
    outstanding = calls;
  }

  /** Calls in flight in living executors. */
  public int inFlight(Instant now, RoutingSettings settings) {
    return health.inFlight(now.toEpochMilli() - settings.executorTimeout().toMillis());
  }

  public boolean alive(Instant now, RoutingSettings settings) {
    return alive(now.toEpochMilli() - settings.executorTimeout().toMillis());
  }

  boolean alive(long aliveSince) {
    return pool.heartbeat >= aliveSince;
  }

  /** Null when no executor of its pool was ever heard of. */
  public @Nullable Instant heartbeat() {
    return pool.heartbeat < 0 ? null : Instant.ofEpochMilli(pool.heartbeat);
  }

  /** The end of its own pause or of its quota's; null when none was ever asked for. */
  public @Nullable Instant cooldownUntil() {
    long until = cooldownMillis();
    return until == 0 ? null : Instant.ofEpochMilli(until);
  }

  long cooldownMillis() {
    return Math.max(health.pause().until(), quota.pause().until());
  }

  /** {@code closed}, {@code open} or {@code half_open}. */
  public String breaker(Instant now) {
    return health.breaker().state(now.toEpochMilli()).name().toLowerCase(java.util.Locale.ROOT);
  }

  public long succeeded() {
    return health.succeeded();
  }

  public long failed() {
    return health.failed();
  }

  /** Measured, or else as registered; null: unknown. */
  public @Nullable Duration latency() {
    long millis = latencyMillis();
    return millis == Long.MAX_VALUE ? null : Duration.ofMillis(millis);
  }

  long latencyMillis() {
    if (health.latency() >= 0) {
      return health.latency();
    }
    Long told = agent.registration().getExpectedLatency();
    return told == null ? Long.MAX_VALUE : told;
  }

  /** Posterior mean of a Beta distribution: the expectation counts as much as its weight. */
  public double acceptance(RoutingSettings settings) {
    return acceptance(settings, (double) health.succeeded(), (double) health.failed());
  }

  double acceptance(RoutingSettings settings, double accepted, double turnedDown) {
    Double told = agent.registration().getExpectedAcceptance();
    double expected = told == null ? settings.expectedAcceptance() : told;
    double weight = settings.priorWeight();
    return (expected * weight + accepted) / (weight + accepted + turnedDown);
  }

  /** Share of the input tokens of the last calls that came from the provider's cache. */
  double cachedShare() {
    return cachedShare;
  }

  void cached(double share) {
    cachedShare += (Math.clamp(share, 0.0, 1.0) - cachedShare) * CACHED_MEMORY;
  }
}
