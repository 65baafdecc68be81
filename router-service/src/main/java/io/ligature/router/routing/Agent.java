package io.ligature.router.routing;

import io.ligature.avro.AgentCapability;
import io.ligature.avro.AgentRegistration;
import io.ligature.avro.Price;
import java.math.BigDecimal;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What routing needs of a registration, in the form it computes with. Money is in micros, a
 * millionth of the deployment's currency.
 *
 * @param registration as the operator gave it
 * @param capabilities names
 * @param tenants that may use it; empty: all
 * @param priceKnown false when the registration tells no price at all
 * @param perCall micros for each call
 * @param perInputToken micros for each input token
 * @param perOutputToken micros for each output token
 * @param concurrency calls at once; {@link Integer#MAX_VALUE}: no limit
 * @param contextWindow tokens; {@link Long#MAX_VALUE}: unknown
 */
public record Agent(
    AgentRegistration registration,
    Set<String> capabilities,
    Set<String> tenants,
    boolean priceKnown,
    double perCall,
    double perInputToken,
    double perOutputToken,
    int concurrency,
    long contextWindow) {

  private static final double MICROS = 1_000_000.0;

  public static Agent of(AgentRegistration registration) {
    Price price = registration.getPrice();
    Integer concurrency = registration.getLimits().getConcurrency();
    Long window = registration.getContextWindow();
    return new Agent(
        registration,
        registration.getCapabilities().stream()
            .map(AgentCapability::getName)
            .collect(Collectors.toUnmodifiableSet()),
        Set.copyOf(registration.getTenants()),
        price.getPerCall() != null
            || price.getPerMillionInputTokens() != null
            || price.getPerMillionCachedInputTokens() != null
            || price.getPerMillionOutputTokens() != null,
        amount(price.getPerCall()) * MICROS,
        amount(price.getPerMillionInputTokens()),
        amount(price.getPerMillionOutputTokens()),
        concurrency == null ? Integer.MAX_VALUE : concurrency,
        window == null ? Long.MAX_VALUE : window);
  }

  public String id() {
    return registration.getId();
  }

  public String pool() {
    return registration.getPool();
  }

  boolean serves(String tenant) {
    return tenants.isEmpty() || tenants.contains(tenant);
  }

  /** Micros that a call of this size is expected to cost; of no meaning when no price is known. */
  double estimate(long inputTokens, long outputTokens) {
    return perCall + perInputToken * inputTokens + perOutputToken * outputTokens;
  }

  private static double amount(@Nullable BigDecimal amount) {
    return amount == null ? 0 : amount.doubleValue();
  }
}
