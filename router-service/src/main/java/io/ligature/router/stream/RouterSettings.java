package io.ligature.router.stream;

import io.ligature.router.routing.Ledger;
import io.ligature.router.routing.RoutingSettings;
import io.ligature.schemas.Money;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;

/** Settings of the router; {@code docs/routing.md} explains them. */
@ConfigMapping(prefix = "ligature.router")
public interface RouterSettings {

  /** An executor whose last heartbeat is older is dead. */
  @WithDefault("10s")
  Duration executorTimeout();

  /** Probability that a result is accepted, for agents that do not tell. */
  @WithDefault("0.9")
  double expectedAcceptance();

  /** How many counted calls the expected acceptance is worth. */
  @WithDefault("20")
  double priorWeight();

  /** Output tokens that a call is priced with before any is measured. */
  @WithDefault("500")
  long expectedOutputTokens();

  /** Candidates that an explanation lists. */
  @WithDefault("20")
  int maxCandidates();

  /** What one look of a person at a result costs, in the deployment's currency. */
  @WithDefault("0")
  BigDecimal reviewCost();

  /** Scores that are higher by no more than this share are decided by latency. */
  @WithDefault("0.01")
  double tie();

  /** Share of the tasks that go to an agent of which little is known; 0: none. */
  @WithDefault("0.02")
  double exploration();

  /** How many times the lowest score such an agent's may be. */
  @WithDefault("4")
  double explorationFactor();

  /** How much more than the lowest score a sticky task's agent may have, as a share. */
  @WithDefault("0.5")
  double stickySpread();

  /** How long an agent of a lower tier is waited for before a higher one gets the task. */
  @WithDefault("1s")
  Duration fallbackPatience();

  /** Calls in a minute from which on a breaker may open. */
  @WithDefault("10")
  int breakerCalls();

  /** Share of them that failures must exceed. */
  @WithDefault("0.5")
  double breakerFailures();

  /** First pause of a breaker that opens, and of a quota that was exceeded. */
  @WithDefault("5s")
  Duration cooldown();

  /** To which pauses double. */
  @WithDefault("60s")
  Duration longestCooldown();

  /** What a placed task counts at least between tenants, in the deployment's currency. */
  @WithDefault("0.001")
  BigDecimal fairFloor();

  /** How long this router keeps what it was granted of a quota although others want it. */
  @WithDefault("1s")
  Duration quotaTurn();

  /** How often it reports to the other routers when there is nothing to say. */
  @WithDefault("1s")
  Duration reportInterval();

  /** A task that waits longer is reported to its workflow with the reason. */
  @WithDefault("1s")
  Duration reportUnplacedAfter();

  /** A task that waits longer goes back to its workflow. */
  @WithDefault("30s")
  Duration parkAfter();

  /** Tasks that wait in memory; when there are more, no more are read. */
  @WithDefault("10000")
  int maxWaiting();

  /** Records of a partition between the first unfinished and the last read one. */
  @WithDefault("50000")
  int maxUncommitted();

  /** How much further back than the first unfinished record the log of assignments is read. */
  @WithDefault("1m")
  Duration tailSlack();

  /** Assignments that are remembered in each partition. */
  @WithDefault("20000")
  int seenPerPartition();

  /** How long they are remembered. */
  @WithDefault("15m")
  Duration seenAge();

  /** How often finished offsets are committed. */
  @WithDefault("1s")
  Duration commitInterval();

  /** How long a request waits for the router's own view before it gives up. */
  @WithDefault("5s")
  Duration viewTimeout();

  /** Stable name of this process in its group, so that a restart in place moves no partition. */
  Optional<String> instanceId();

  /** Folder whose YAML files hold agents to register at the start. */
  Optional<String> agentsFolder();

  /** The part that decisions depend on. */
  default RoutingSettings routing() {
    return new RoutingSettings(
        executorTimeout(),
        expectedAcceptance(),
        priorWeight(),
        expectedOutputTokens(),
        maxCandidates(),
        reviewCost().movePointRight(Money.SCALE).doubleValue(),
        tie(),
        exploration(),
        explorationFactor(),
        stickySpread(),
        fallbackPatience(),
        breakerCalls(),
        breakerFailures(),
        cooldown(),
        longestCooldown());
  }

  /**
   * Refuses what cannot work together.
   *
   * @throws IllegalArgumentException that names the key
   */
  default void check() {
    routing();
    atLeastOne("max-waiting", maxWaiting());
    atLeastOne("max-uncommitted", maxUncommitted());
    atLeastOne("seen-per-partition", seenPerPartition());
    positive("report-unplaced-after", reportUnplacedAfter());
    positive("seen-age", seenAge());
    positive("commit-interval", commitInterval());
    positive("view-timeout", viewTimeout());
    positive("quota-turn", quotaTurn());
    positive("report-interval", reportInterval());
    if (reportInterval().multipliedBy(3).compareTo(Ledger.LEASE.dividedBy(2)) > 0) {
      throw new IllegalArgumentException(
          "ligature.router.report-interval: "
              + reportInterval()
              + " is too long for a lease of "
              + Ledger.LEASE
              + "; give at most a sixth of that");
    }
    if (fairFloor().signum() <= 0) {
      throw new IllegalArgumentException("ligature.router.fair-floor: give more than 0");
    }
    if (tailSlack().isNegative()) {
      throw new IllegalArgumentException("ligature.router.tail-slack: give 0 or more");
    }
    if (parkAfter().compareTo(reportUnplacedAfter()) < 0) {
      throw new IllegalArgumentException(
          "ligature.router.park-after: "
              + parkAfter()
              + " is shorter than ligature.router.report-unplaced-after ("
              + reportUnplacedAfter()
              + "); give at least that");
    }
    if (seenAge().compareTo(tailSlack()) < 0) {
      throw new IllegalArgumentException(
          "ligature.router.seen-age: "
              + seenAge()
              + " is shorter than ligature.router.tail-slack ("
              + tailSlack()
              + "), so that what is read at the start would be forgotten at once");
    }
  }

  private static void atLeastOne(String key, int value) {
    if (value < 1) {
      throw new IllegalArgumentException("ligature.router." + key + ": give 1 or more");
    }
  }

  private static void positive(String key, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException("ligature.router." + key + ": give more than 0");
    }
  }
}
