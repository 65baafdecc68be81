package io.ligature.agent;

import io.ligature.avro.Price;
import io.ligature.schemas.Money;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a call cost, from what the agent says and what its registration says. */
public final class Pricing {

  private static final BigDecimal MILLION = BigDecimal.valueOf(1_000_000);

  private Pricing() {}

  /**
   * The cost the agent told; else the registered prices, where they hold at that time and all that
   * they need is known; else null. Cached input tokens have their own price where one is
   * registered.
   */
  public static @Nullable Money cost(Price price, CallMetadata told, Instant at) {
    if (told.cost() != null) {
      return told.cost();
    }
    if (!isValid(price, at)) {
      return null;
    }
    BigDecimal perCall = price.getPerCall();
    BigDecimal input = price.getPerMillionInputTokens();
    BigDecimal cached = price.getPerMillionCachedInputTokens();
    BigDecimal output = price.getPerMillionOutputTokens();
    if (perCall == null && input == null && cached == null && output == null) {
      return null;
    }
    BigDecimal inputCost = inputCost(input, cached, told);
    BigDecimal outputCost = tokens(output, told.outputTokens());
    if (inputCost == null || outputCost == null) {
      return null;
    }
    BigDecimal whole = perCall == null ? BigDecimal.ZERO : perCall;
    return Money.of(whole.add(inputCost).add(outputCost));
  }

  /**
   * The cost of a call that failed: what the agent told, and else the registered prices where the
   * agent counted tokens, which it does for work done. Without a count it is unknown unless the
   * agent is free.
   */
  public static @Nullable Money costOfFailure(Price price, CallMetadata told, Instant at) {
    boolean counted = told.inputTokens() != null || told.outputTokens() != null;
    return told.cost() != null || counted || isFree(price, at) ? cost(price, told, at) : null;
  }

  /** A price holds from {@code validFrom} on, and until just before {@code validUntil}. */
  public static boolean isValid(Price price, Instant at) {
    Instant from = price.getValidFrom();
    Instant until = price.getValidUntil();
    return (from == null || !at.isBefore(from)) && (until == null || at.isBefore(until));
  }

  /** True when no call of the agent costs anything at that time. */
  public static boolean isFree(Price price, Instant at) {
    return isValid(price, at)
        && isZero(price.getPerCall())
        && isZeroOrNull(price.getPerMillionInputTokens())
        && isZeroOrNull(price.getPerMillionCachedInputTokens())
        && isZeroOrNull(price.getPerMillionOutputTokens());
  }

  private static @Nullable BigDecimal inputCost(
      @Nullable BigDecimal input, @Nullable BigDecimal cached, CallMetadata told) {
    Long all = told.inputTokens();
    Long fromCache = told.cachedInputTokens();
    if (cached == null || fromCache == null) {
      return tokens(input, all);
    }
    BigDecimal cachedCost = tokens(cached, fromCache);
    BigDecimal freshCost = tokens(input, all == null ? null : Math.max(0, all - fromCache));
    return cachedCost == null || freshCost == null ? null : cachedCost.add(freshCost);
  }

  /** Null when there is a price, but no count. */
  private static @Nullable BigDecimal tokens(@Nullable BigDecimal perMillion, @Nullable Long many) {
    if (isZeroOrNull(perMillion)) {
      return BigDecimal.ZERO;
    }
    // One millionth of a price with six digits has twelve; nothing is rounded here.
    return many == null || perMillion == null
        ? null
        : perMillion.multiply(BigDecimal.valueOf(many)).divide(MILLION);
  }

  private static boolean isZero(@Nullable BigDecimal price) {
    return price != null && price.signum() == 0;
  }

  private static boolean isZeroOrNull(@Nullable BigDecimal price) {
    return price == null || price.signum() == 0;
  }
}
