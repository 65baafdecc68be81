package io.ligature.router.routing;

import java.time.Duration;

/**
 * What an operator can say about routing.
 *
 * @param executorTimeout an executor whose last heartbeat is older is dead
 * @param expectedAcceptance of an agent whose registration does not say
 * @param priorWeight how many counted calls the expected acceptance is worth
 * @param expectedOutputTokens that a call is priced with before any is measured
 * @param maxCandidates that an explanation lists
 * @param reviewCost micros that one look of a person costs
 * @param tie scores that are higher by no more than this share are decided by latency
 * @param exploration share of the tasks that go to an agent of which little is known
 * @param explorationFactor how many times the lowest score such an agent's may be
 * @param stickySpread how much more than the lowest score a sticky task's agent may have, as a
 *     share
 * @param fallbackPatience how long an agent of a lower tier is waited for
 * @param breakerCalls in a minute, from which on a breaker may open
 * @param breakerFailures share of them that must be exceeded by failures
 * @param cooldown the first pause of a breaker, and of a quota that was exceeded
 * @param longestCooldown to which pauses double
 */
public record RoutingSettings(
    Duration executorTimeout,
    double expectedAcceptance,
    double priorWeight,
    long expectedOutputTokens,
    int maxCandidates,
    double reviewCost,
    double tie,
    double exploration,
    double explorationFactor,
    double stickySpread,
    Duration fallbackPatience,
    int breakerCalls,
    double breakerFailures,
    Duration cooldown,
    Duration longestCooldown) {

  public static final RoutingSettings DEFAULTS =
      new RoutingSettings(
          Duration.ofSeconds(10),
          0.9,
          20,
          500,
          20,
          0,
          0.01,
          0.02,
          4,
          0.5,
          Duration.ofSeconds(1),
          10,
          0.5,
          Duration.ofSeconds(5),
          Duration.ofSeconds(60));

  public RoutingSettings {
    allow(positive(executorTimeout), "executor-timeout", executorTimeout, "a duration above 0");
    allow(
        expectedAcceptance > 0 && expectedAcceptance <= 1,
        "expected-acceptance",
        expectedAcceptance,
        "a number above 0, at most 1");
    allow(priorWeight > 0, "prior-weight", priorWeight, "a number above 0");
    allow(expectedOutputTokens >= 0, "expected-output-tokens", expectedOutputTokens, "0 or more");
    allow(maxCandidates >= 1, "max-candidates", maxCandidates, "1 or more");
    allow(reviewCost >= 0, "review-cost", reviewCost, "0 or more");
    allow(tie >= 0 && tie <= 1, "tie", tie, "a number from 0 to 1");
    allow(exploration >= 0 && exploration <= 1, "exploration", exploration, "a number from 0 to 1");
    allow(explorationFactor >= 1, "exploration-factor", explorationFactor, "1 or more");
    allow(stickySpread >= 0, "sticky-spread", stickySpread, "0 or more");
    allow(!fallbackPatience.isNegative(), "fallback-patience", fallbackPatience, "0 or more");
    allow(breakerCalls >= 1, "breaker-calls", breakerCalls, "1 or more");
    allow(
        breakerFailures > 0 && breakerFailures < 1,
        "breaker-failures",
        breakerFailures,
        "a number above 0 and below 1");
    allow(positive(cooldown), "cooldown", cooldown, "a duration above 0");
    allow(
        longestCooldown.compareTo(cooldown) >= 0,
        "longest-cooldown",
        longestCooldown,
        "at least ligature.router.cooldown (" + cooldown + ")");
  }

  private static boolean positive(Duration duration) {
    return !duration.isNegative() && !duration.isZero();
  }

  private static void allow(boolean allowed, String key, Object value, String wanted) {
    if (!allowed) {
      throw new IllegalArgumentException(
          "ligature.router." + key + ": " + value + " is refused; give " + wanted);
    }
  }
}
