package io.ligature.router.stream;

import io.ligature.router.routing.RoutingSettings;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
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

  /** Output tokens that a call is priced with before it is made. */
  @WithDefault("500")
  long expectedOutputTokens();

  /** Candidates that an explanation lists. */
  @WithDefault("20")
  int maxCandidates();

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
        maxCandidates());
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
