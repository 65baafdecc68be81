package io.ligature.router.routing;

import io.ligature.avro.AgentCapability;
import io.ligature.avro.AgentRegistration;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What routing needs of a registration, in the form it computes with. Money is in micros, a
 * millionth of the deployment's currency.
 *
 * @param registration as the operator gave it
 * @param capabilities names
 * @param tenants that may use it; empty: all
 * @param hash of its id
 * @param price what a call costs
 * @param limits of its quota, as it tells them
 * @param contextWindow tokens; {@link Long#MAX_VALUE}: unknown
 * @param tier agents of a higher one come later
 * @param weight its share of its group's tasks; negative: it stands alone
 * @param shadow true: it gets copies, and is never chosen
 * @param draining true: it gets nothing new
 */
public record Agent(
    AgentRegistration registration,
    Set<String> capabilities,
    Set<String> tenants,
    long hash,
    Pricing price,
    Limits limits,
    long contextWindow,
    int tier,
    double weight,
    boolean shadow,
    boolean draining) {

  public static Agent of(AgentRegistration registration) {
    Long window = registration.getContextWindow();
    return new Agent(
        registration,
        registration.getCapabilities().stream()
            .map(AgentCapability::getName)
            .collect(Collectors.toUnmodifiableSet()),
        Set.copyOf(registration.getTenants()),
        Hashes.of(registration.getId()),
        Pricing.of(registration.getPrice()),
        Limits.of(registration.getLimits()),
        window == null ? Long.MAX_VALUE : window,
        registration.getFallbackTier(),
        registration.getGroup() == null ? -1 : Math.max(0, registration.getWeight()),
        registration.getShadowShare() != null,
        registration.getDraining());
  }

  public String id() {
    return registration.getId();
  }

  public String pool() {
    return registration.getPool();
  }

  /** Key of the quota its calls are charged to: the one it names, or its own. */
  String quota() {
    String named = registration.getLimits().getQuota();
    return named == null ? Quota.ofAgent(id()) : Quota.named(named);
  }

  boolean serves(String tenant) {
    return tenants.isEmpty() || tenants.contains(tenant);
  }
}
