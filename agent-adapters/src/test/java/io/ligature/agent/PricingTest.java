package io.ligature.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.ligature.avro.Price;
import io.ligature.schemas.Money;
import java.math.BigDecimal;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class PricingTest {

  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  private static BigDecimal money(String amount) {
    return Money.of(amount).toDecimal();
  }

  private static CallMetadata tokens(Long input, Long cached, Long output) {
    return new CallMetadata(null, null, null, input, cached, output, null);
  }

  @Test
  void takesTheCostTheAgentTells() {
    Price price = new Price(money("1"), null, null, null, null, null, null);

    assertThat(Pricing.cost(price, CallMetadata.UNKNOWN.withCost(Money.of("0.02")), NOW))
        .isEqualTo(Money.of("0.02"));
  }

  @Test
  void takesThePriceOfACallOtherwise() {
    assertThat(
            Pricing.cost(
                new Price(money("0.3"), null, null, null, null, null, null),
                CallMetadata.UNKNOWN,
                NOW))
        .isEqualTo(Money.of("0.3"));
  }

  @Test
  void leavesTheCostUnknownWithoutAPrice() {
    assertThat(Pricing.cost(new Price(), CallMetadata.UNKNOWN, NOW)).isNull();
  }

  @Test
  void leavesTheCostUnknownWhenTokensArePricedAndNotCounted() {
    Price price = new Price(money("0.3"), money("2"), null, null, null, null, null);

    assertThat(Pricing.cost(price, CallMetadata.UNKNOWN, NOW)).isNull();
  }

  @Test
  void countsCachedTokensAtTheirOwnPrice() {
    Price price = new Price(money("0.1"), money("10"), money("1"), money("20"), null, null, null);

    // 0.1 + (100k - 40k) * 10/M + 40k * 1/M + 5k * 20/M
    assertThat(Pricing.cost(price, tokens(100_000L, 40_000L, 5_000L), NOW))
        .isEqualTo(Money.of("0.84"));
  }

  @Test
  void countsCachedTokensAsInputWhereTheyHaveNoPrice() {
    Price price = new Price(null, money("10"), null, null, null, null, null);

    assertThat(Pricing.cost(price, tokens(100_000L, 40_000L, null), NOW)).isEqualTo(Money.of("1"));
  }

  @Test
  void roundsUpToAMillionth() {
    Price price = new Price(null, money("0.25"), null, null, null, null, null);

    assertThat(Pricing.cost(price, tokens(1L, null, null), NOW)).isEqualTo(new Money(1));
  }

  @Test
  void knowsAFreeAgent() {
    assertThat(Pricing.isFree(new Price(money("0"), null, null, money("0"), null, null, null), NOW))
        .isTrue();
    assertThat(Pricing.isFree(new Price(money("0"), money("1"), null, null, null, null, null), NOW))
        .isFalse();
    assertThat(Pricing.isFree(new Price(), NOW)).isFalse();
  }

  @Test
  void knowsTheCostOfAFailureWhoseTokensWereCounted() {
    Price price = new Price(money("0.3"), money("10"), null, money("20"), null, null, null);

    assertThat(Pricing.costOfFailure(price, tokens(100_000L, null, 5_000L), NOW))
        .isEqualTo(Money.of("1.4"));
  }

  @Test
  void leavesTheCostOfAFailureUnknownWhereNothingWasCounted() {
    assertThat(Pricing.costOfFailure(priceOf(null, null), CallMetadata.UNKNOWN, NOW)).isNull();
  }

  @Test
  void takesNothingForAFailureOfAFreeAgent() {
    Price free = new Price(money("0"), null, null, null, null, null, null);

    assertThat(Pricing.costOfFailure(free, CallMetadata.UNKNOWN, NOW)).isEqualTo(Money.ZERO);
  }

  @Test
  void leavesTheCostUnknownWhereThePriceDoesNotHold() {
    assertThat(Pricing.cost(priceOf(NOW.plusMillis(1), null), CallMetadata.UNKNOWN, NOW)).isNull();
    assertThat(Pricing.cost(priceOf(null, NOW), CallMetadata.UNKNOWN, NOW)).isNull();
  }

  @Test
  void holdsFromItsFirstInstantUntilJustBeforeItsLast() {
    assertThat(Pricing.cost(priceOf(NOW, NOW.plusMillis(1)), CallMetadata.UNKNOWN, NOW))
        .isEqualTo(Money.of("0.3"));
  }

  @Test
  void takesTheCostTheAgentTellsAlsoWhereThePriceDoesNotHold() {
    assertThat(
            Pricing.cost(priceOf(null, NOW), CallMetadata.UNKNOWN.withCost(Money.of("0.02")), NOW))
        .isEqualTo(Money.of("0.02"));
  }

  @Test
  void doesNotTakeAnAgentForFreeWhoseZeroHasExpired() {
    assertThat(Pricing.isFree(new Price(money("0"), null, null, null, null, null, NOW), NOW))
        .isFalse();
  }

  private static Price priceOf(Instant from, Instant until) {
    return new Price(money("0.3"), null, null, null, null, from, until);
  }
}
