package io.ligature.router.statistics;

import io.ligature.avro.ResultMetadata;
import io.ligature.schemas.Money;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Takes the figures of one call into a tally. */
final class CallFigures {

  private CallFigures() {}

  /** Of a call that gave a result. */
  static void of(
      Tally tally,
      @Nullable ResultMetadata metadata,
      BigDecimal charged,
      boolean chargeKnown,
      Instant at) {
    latency(tally, metadata, at);
    cost(tally, metadata, charged, chargeKnown, at);
    tokens(tally, metadata, at);
  }

  static void latency(Tally tally, @Nullable ResultMetadata metadata, Instant at) {
    if (metadata != null) {
      tally.latency(Duration.ofMillis(metadata.getDuration()), at);
    }
  }

  /** What the agent told, or else what was charged where that is no guess. */
  static void cost(
      Tally tally,
      @Nullable ResultMetadata metadata,
      BigDecimal charged,
      boolean chargeKnown,
      Instant at) {
    BigDecimal told = metadata == null ? null : metadata.getCost();
    BigDecimal known = told != null ? told : chargeKnown ? charged : null;
    if (known != null && known.signum() >= 0) {
      tally.cost(Money.of(known).micros(), at);
    }
  }

  static void tokens(Tally tally, @Nullable ResultMetadata metadata, Instant at) {
    if (metadata == null
        || (metadata.getInputTokens() == null && metadata.getOutputTokens() == null)) {
      return;
    }
    tally.count(Count.TOKEN_CALLS, at);
    tally.add(Count.INPUT_TOKENS, orNone(metadata.getInputTokens()), at);
    tally.add(Count.CACHED_INPUT_TOKENS, orNone(metadata.getCachedInputTokens()), at);
    tally.add(Count.OUTPUT_TOKENS, orNone(metadata.getOutputTokens()), at);
  }

  private static double orNone(@Nullable Long tokens) {
    return tokens == null ? 0 : tokens;
  }
}
