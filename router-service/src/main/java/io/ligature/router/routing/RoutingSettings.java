package io.ligature.router.routing;

import java.time.Duration;

/**
 * What an operator can say about routing.
 *
 * @param executorTimeout an executor whose last heartbeat is older is dead
 * @param expectedAcceptance of an agent whose registration does not say
 * @param priorWeight how many counted calls the expected acceptance is worth
 * @param expectedOutputTokens that a call is priced with before it is made
 * @param maxCandidates that an explanation lists
 */
public record RoutingSettings(
    Duration executorTimeout,
    double expectedAcceptance,
    double priorWeight,
    long expectedOutputTokens,
    int maxCandidates) {

  public static final RoutingSettings DEFAULTS =
      new RoutingSettings(Duration.ofSeconds(10), 0.9, 20, 500, 20);

  public RoutingSettings {
    if (executorTimeout.isNegative() || executorTimeout.isZero()) {
      throw refused("executor-timeout", executorTimeout, "a duration above 0");
    }
    if (!(expectedAcceptance > 0 && expectedAcceptance <= 1)) {
      throw refused("expected-acceptance", expectedAcceptance, "a number above 0, at most 1");
    }
    if (!(priorWeight > 0)) {
      throw refused("prior-weight", priorWeight, "a number above 0");
    }
    if (expectedOutputTokens < 0) {
      throw refused("expected-output-tokens", expectedOutputTokens, "0 or more");
    }
    if (maxCandidates < 1) {
      throw refused("max-candidates", maxCandidates, "1 or more");
    }
  }

  private static IllegalArgumentException refused(String key, Object value, String wanted) {
    return new IllegalArgumentException(
        "ligature.router." + key + ": " + value + " is refused; give " + wanted);
  }
}
