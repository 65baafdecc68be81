package io.ligature.executor.stream;

import io.ligature.executor.execution.Made.Source;
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
  private final Counter cacheHits;
  private final Counter cacheMisses;
  private final Counter shared;
  private final Counter repaired;
  private final Counter shadows;
  private final Counter shadowsDropped;
  private final Counter partialBytesDropped;

  ExecutorMetrics(MeterRegistry registry) {
    this.registry = registry;
    duplicates = registry.counter("ligature.executor.duplicates");
    claims = registry.counter("ligature.executor.claims");
    retakes = registry.counter("ligature.executor.retakes");
    resent = registry.counter("ligature.executor.results.again");
    skipped = registry.counter("ligature.executor.skipped");
    deadLetters = registry.counter("ligature.executor.dead.letters");
    cacheHits = registry.counter("ligature.executor.cache.hits");
    cacheMisses = registry.counter("ligature.executor.cache.misses");
    shared = registry.counter("ligature.executor.shared.calls");
    repaired = registry.counter("ligature.executor.repaired");
    shadows = registry.counter("ligature.executor.shadows");
    shadowsDropped = registry.counter("ligature.executor.shadows.dropped");
    partialBytesDropped = registry.counter("ligature.executor.partial.dropped.bytes");
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

  /** A stored result was used, or another's call. */
  void served(Source source) {
    switch (source) {
      case CACHE -> cacheHits.increment();
      case SHARED_CALL -> shared.increment();
    }
  }

  /** The task allowed a stored result, and there was none. */
  void missed() {
    cacheMisses.increment();
  }

  /** An answer was accepted after its form was mended. */
  void repaired() {
    repaired.increment();
  }

  void shadowed() {
    shadows.increment();
  }

  /** A copy was not called: too many at once, or it may have been called before. */
  void shadowDropped() {
    shadowsDropped.increment();
  }

  void partialDropped(int bytes) {
    partialBytesDropped.increment(bytes);
  }
}
