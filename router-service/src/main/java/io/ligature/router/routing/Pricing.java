package io.ligature.router.routing;

import io.ligature.avro.Price;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a call costs. Money is in micros.
 *
 * @param told false when the registration tells no price at all
 * @param perCall micros for each call
 * @param perInputToken micros for each input token that is not cached
 * @param perCachedToken micros for each cached input token
 * @param perOutputToken micros for each output token
 * @param validFrom epoch milliseconds; before it the price is unknown
 * @param validUntil epoch milliseconds; from it on the price is unknown
 */
public record Pricing(
    boolean told,
    double perCall,
    double perInputToken,
    double perCachedToken,
    double perOutputToken,
    long validFrom,
    long validUntil) {

  private static final double MICROS = 1_000_000.0;

  static Pricing of(Price price) {
    double input = amount(price.getPerMillionInputTokens());
    BigDecimal cached = price.getPerMillionCachedInputTokens();
    Instant from = price.getValidFrom();
    Instant until = price.getValidUntil();
    return new Pricing(
        price.getPerCall() != null
            || price.getPerMillionInputTokens() != null
            || cached != null
            || price.getPerMillionOutputTokens() != null,
        amount(price.getPerCall()) * MICROS,
        input,
        cached == null ? input : cached.doubleValue(),
        amount(price.getPerMillionOutputTokens()),
        from == null ? Long.MIN_VALUE : from.toEpochMilli(),
        until == null ? Long.MAX_VALUE : until.toEpochMilli());
  }

  boolean knownAt(long now) {
    return told && now >= validFrom && now < validUntil;
  }

  /**
   * Micros that a call of this size is expected to cost; of no meaning when no price is known.
   *
   * @param cachedShare of the input tokens, 0 to 1
   */
  double estimate(long inputTokens, double outputTokens, double cachedShare) {
    double input = perInputToken + (perCachedToken - perInputToken) * cachedShare;
    return perCall + input * inputTokens + perOutputToken * outputTokens;
  }

  private static double amount(@Nullable BigDecimal amount) {
    return amount == null ? 0 : amount.doubleValue();
  }
}
