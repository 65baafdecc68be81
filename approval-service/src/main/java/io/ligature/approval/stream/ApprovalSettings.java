package io.ligature.approval.stream;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

/** Settings of the approval service; {@code docs/reviews.md} explains them. */
@ConfigMapping(prefix = "ligature.approval")
public interface ApprovalSettings {

  /** Folder of the local store; what is in it can be rebuilt from the changelog. */
  @WithDefault("data/approval-service")
  String directory();

  /** Stable name of this process in its group, so that a restart in place moves no partition. */
  Optional<String> instanceId();

  /** How often a transaction is committed when nobody waits for it. */
  @WithDefault("200ms")
  Duration commitInterval();

  /** How long the fold waits for records before it looks at its timers. */
  @WithDefault("10ms")
  Duration poll();

  /** A transaction that is open longer is aborted by the broker. */
  @WithDefault("10s")
  Duration transactionTimeout();

  /** A process that is silent longer loses its partitions. */
  @WithDefault("10s")
  Duration sessionTimeout();

  /** Copies of the store on other instances. */
  @WithDefault("1")
  int standbyReplicas();

  /** Replicas of the store's changelog; -1: the broker's default. */
  @WithDefault("-1")
  int replicationFactor();

  /** How long a request waits for its decision to take effect before it is answered with 202. */
  @WithDefault("5s")
  Duration answerTimeout();

  /** Reviews on a page unless the request says otherwise. */
  @WithDefault("50")
  int pageSize();

  /** Reviews on a page at most. */
  @WithDefault("200")
  int maxPageSize();

  /** Reviews that one list request looks at, whether the reviewer may see them or not. */
  @WithDefault("10000")
  int maxScan();

  /** Refused commands that a review remembers; later ones are only logged and counted. */
  @WithDefault("50")
  int maxRefusals();

  /** Decided and withdrawn reviews are kept so long. */
  @WithDefault("30d")
  Duration keepEnded();

  /**
   * Refuses what cannot work together.
   *
   * @throws IllegalArgumentException that names the key
   */
  default void check() {
    positive("commit-interval", commitInterval());
    positive("poll", poll());
    positive("answer-timeout", answerTimeout());
    positive("keep-ended", keepEnded());
    atLeastOne("page-size", pageSize());
    atLeastOne("max-refusals", maxRefusals());
    if (maxPageSize() < pageSize()) {
      throw new IllegalArgumentException(
          "ligature.approval.max-page-size: "
              + maxPageSize()
              + " is less than ligature.approval.page-size ("
              + pageSize()
              + ")");
    }
    if (maxScan() < maxPageSize()) {
      throw new IllegalArgumentException(
          "ligature.approval.max-scan: "
              + maxScan()
              + " is less than ligature.approval.max-page-size ("
              + maxPageSize()
              + ")");
    }
    if (transactionTimeout().compareTo(commitInterval()) <= 0) {
      throw new IllegalArgumentException(
          "ligature.approval.transaction-timeout: "
              + transactionTimeout()
              + " is not longer than ligature.approval.commit-interval ("
              + commitInterval()
              + "), so every transaction would be aborted");
    }
    if (sessionTimeout().compareTo(Duration.ofSeconds(6)) < 0) {
      throw new IllegalArgumentException(
          "ligature.approval.session-timeout: give 6s or more; brokers refuse less");
    }
    if (standbyReplicas() < 0) {
      throw new IllegalArgumentException("ligature.approval.standby-replicas: give 0 or more");
    }
    if (replicationFactor() == 0 || replicationFactor() < -1) {
      throw new IllegalArgumentException(
          "ligature.approval.replication-factor: give 1 or more, or -1 for the broker's default");
    }
  }

  private static void atLeastOne(String key, int value) {
    if (value < 1) {
      throw new IllegalArgumentException("ligature.approval." + key + ": give 1 or more");
    }
  }

  private static void positive(String key, Duration value) {
    if (value.isNegative() || value.isZero()) {
      throw new IllegalArgumentException("ligature.approval." + key + ": give more than 0");
    }
  }
}
