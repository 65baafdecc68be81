package io.ligature.router.stream;

import io.ligature.router.routing.Fleet;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** The router's figures; {@code docs/routing.md} lists them. */
final class RouterMetrics {

  private final MeterRegistry registry;
  private final Counter assigned;
  private final Counter unplaced;
  private final Counter again;
  private final Counter reported;
  private final Counter parked;
  private final Counter deadLetters;
  private final Timer decision;
  private final MultiGauge outstanding;
  private final AtomicLong lag;
  private final Map<String, AtomicInteger> waiting = new ConcurrentHashMap<>();

  RouterMetrics(MeterRegistry registry) {
    this.registry = registry;
    assigned = registry.counter("ligature.router.decisions", "outcome", "assigned");
    unplaced = registry.counter("ligature.router.decisions", "outcome", "unplaced");
    again = registry.counter("ligature.router.assignments.again");
    reported = registry.counter("ligature.router.unplaced", "parked", "false");
    parked = registry.counter("ligature.router.unplaced", "parked", "true");
    deadLetters = registry.counter("ligature.router.dead.letters");
    decision = registry.timer("ligature.router.decision.time");
    outstanding = MultiGauge.builder("ligature.router.outstanding").register(registry);
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

  void outstanding(Fleet fleet) {
    outstanding.register(
        fleet.members().stream()
            .map(
                each ->
                    MultiGauge.Row.of(
                        Tags.of("agent", each.agent().id()), (Number) each.outstanding()))
            .toList(),
        true);
  }
}
