package io.ligature.executor.stream;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.function.IntSupplier;

/** The executor's figures; {@code docs/agents.md} lists them. */
final class ExecutorMetrics {

  private final MeterRegistry registry;
  private final Counter duplicates;
  private final Counter claims;
  private final Counter retakes;
  private final Counter resent;
  private final Counter skipped;
  private final Counter deadLetters;

  ExecutorMetrics(MeterRegistry registry) {
    this.registry = registry;
    duplicates = registry.counter("ligature.executor.duplicates");
    claims = registry.counter("ligature.executor.claims");
    retakes = registry.counter("ligature.executor.retakes");
    resent = registry.counter("ligature.executor.results.again");
    skipped = registry.counter("ligature.executor.skipped");
    deadLetters = registry.counter("ligature.executor.dead.letters");
  }

  void inFlight(IntSupplier calls, IntSupplier waiting) {
    Gauge.builder("ligature.executor.in.flight", calls::getAsInt).register(registry);
    Gauge.builder("ligature.executor.waiting.for.claims", waiting::getAsInt).register(registry);
  }

  /** Outcome: success, needs_review, or the failure's kind. */
  void called(String agent, String outcome, Duration duration) {
    registry.timer("ligature.executor.calls", "agent", agent, "outcome", outcome).record(duration);
  }

  /** The attempt was handed over again while it was in flight. */
  void duplicate() {
    duplicates.increment();
  }

  /** A stored result was sent again. */
  void resent() {
    resent.increment();
  }

  /** The attempt had a result from a former owner of the partition. */
  void skipped() {
    skipped.increment();
  }

  void claimed() {
    claims.increment();
  }

  /** The attempt is called again because its claimant died. */
  void retaken() {
    retakes.increment();
  }

  void deadLetter() {
    deadLetters.increment();
  }
}
