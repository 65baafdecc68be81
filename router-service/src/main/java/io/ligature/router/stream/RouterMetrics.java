package io.ligature.router.stream;

import io.ligature.router.routing.Fleet;
import io.ligature.router.routing.Member;
import io.ligature.router.routing.Permit;
import io.ligature.router.routing.Quota;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToDoubleFunction;

/** The router's figures; {@code docs/routing.md} lists them. */
final class RouterMetrics {

  private final MeterRegistry registry;
  private final Counter assigned;
  private final Counter unplaced;
  private final Counter again;
  private final Counter copies;
  private final Counter reported;
  private final Counter parked;
  private final Counter deadLetters;
  private final Timer decision;
  private final MultiGauge outstanding;
  private final MultiGauge breakers;
  private final MultiGauge cooldowns;
  private final MultiGauge quotaUsed;
  private final MultiGauge quotaAllowed;
  private final AtomicLong lag;
  private final Map<String, AtomicInteger> waiting = new ConcurrentHashMap<>();

  RouterMetrics(MeterRegistry registry) {
    this.registry = registry;
    assigned = registry.counter("ligature.router.decisions", "outcome", "assigned");
    unplaced = registry.counter("ligature.router.decisions", "outcome", "unplaced");
    again = registry.counter("ligature.router.assignments.again");
    copies = registry.counter("ligature.router.copies");
    reported = registry.counter("ligature.router.unplaced", "parked", "false");
    parked = registry.counter("ligature.router.unplaced", "parked", "true");
    deadLetters = registry.counter("ligature.router.dead.letters");
    decision = registry.timer("ligature.router.decision.time");
    outstanding = MultiGauge.builder("ligature.router.outstanding").register(registry);
    breakers = MultiGauge.builder("ligature.router.breaker.open").register(registry);
    cooldowns =
        MultiGauge.builder("ligature.router.cooldown").baseUnit("seconds").register(registry);
    quotaUsed = MultiGauge.builder("ligature.router.quota.used").register(registry);
    quotaAllowed = MultiGauge.builder("ligature.router.quota.allowed").register(registry);
    lag = registry.gauge("ligature.router.lag", new AtomicLong());
  }

  Timer decisionTime() {
    return decision;
  }

  void decided(boolean placed) {
    (placed ? assigned : unplaced).increment();
  }

  void forwardedAgain() {
    again.increment();
  }

  void copied() {
    copies.increment();
  }

  void told(boolean isParked) {
    (isParked ? parked : reported).increment();
  }

  void deadLetter() {
    deadLetters.increment();
  }

  void waits(String reason, int change) {
    waiting
        .computeIfAbsent(
            reason,
            any ->
                registry.gauge(
                    "ligature.router.waiting", Tags.of("reason", any), new AtomicInteger()))
        .addAndGet(change);
  }

  void lag(long records) {
    lag.set(records);
  }

  /** How the agents and their quotas do. */
  void fleet(Fleet fleet, Instant now) {
    outstanding.register(rows(fleet, member -> member.outstanding()), true);
    breakers.register(rows(fleet, member -> member.breaker(now).equals("closed") ? 0 : 1), true);
    cooldowns.register(
        rows(
            fleet,
            member -> {
              Instant until = member.cooldownUntil();
              return until == null || !until.isAfter(now)
                  ? 0
                  : Duration.between(now, until).toMillis() / 1000.0;
            }),
        true);
    List<MultiGauge.Row<?>> used = new ArrayList<>();
    List<MultiGauge.Row<?>> allowed = new ArrayList<>();
    for (Quota quota : fleet.quotas()) {
      for (Permit permit : Permit.values()) {
        if (quota.limits().of(permit) != Long.MAX_VALUE) {
          Tags tags = Tags.of("quota", quota.key(), "permit", permit.wireName());
          used.add(MultiGauge.Row.of(tags, quota.used(permit, now.toEpochMilli())));
          allowed.add(MultiGauge.Row.of(tags, quota.allowance().of(permit)));
        }
      }
    }
    quotaUsed.register(used, true);
    quotaAllowed.register(allowed, true);
  }

  private static List<MultiGauge.Row<?>> rows(Fleet fleet, ToDoubleFunction<Member> figure) {
    List<MultiGauge.Row<?>> rows = new ArrayList<>();
    for (Member each : fleet.members()) {
      rows.add(MultiGauge.Row.of(Tags.of("agent", each.agent().id()), figure.applyAsDouble(each)));
    }
    return rows;
  }
}
