package io.ligature.approval.stream;

import io.ligature.approval.review.ReviewDefaults;
import io.ligature.approval.review.ReviewLimits;
import io.ligature.avro.Escalation;
import io.ligature.avro.OnReviewExpiry;
import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Settings of the approval service; {@code docs/reviews.md} explains them. */
@ConfigMapping(prefix = "ligature.approval")
public interface ApprovalSettings {

  int MOST_TRAIL = 10_000;

  /** Folder of the local store; what is in it can be rebuilt from the changelog. */
  @WithDefault("data/approval-service")
  String directory();

  /** Stable name of this process in its group, so that a restart in place moves no partition. */
  Optional<String> instanceId();

  /** {@code host:port} under which other instances reach this one; each has its own. */
  @WithDefault("localhost:${quarkus.http.port:8084}")
  String advertised();

  /** RocksDB's block cache for all partitions together, with the write buffers in it. */
  @WithDefault("64M")
  @WithName("rocksdb-cache")
  MemorySize rocksdbCache();

  /** Of it, the most that write buffers take. */
  @WithDefault("24M")
  @WithName("rocksdb-write-buffers")
  MemorySize rocksdbWriteBuffers();

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

  /** Reviews that one batch decides at most. */
  @WithDefault("100")
  int maxBatch();

  /** Index rows that an instance looks at for one page, whether they are meant or not. */
  @WithDefault("2500")
  int maxScan();

  /** Refused commands that a review remembers; later ones are only logged and counted. */
  @WithDefault("50")
  int maxRefusals();

  /** Of them, those that one person was not allowed; 0: none is remembered. */
  @WithDefault("5")
  int maxRefusalsOfOne();

  /** Whether only those decide who say which version of the review they read. */
  @WithDefault("false")
  @WithName("decisions.require-if-match")
  boolean requireIfMatch();

  /** Decided and withdrawn reviews are kept so long. */
  @WithDefault("30d")
  Duration keepEnded();

  /** How long a claim holds unless its holder does something. */
  @WithDefault("15m")
  Duration claimLease();

  /** How often a review may be handed on. */
  @WithDefault("2")
  int maxDelegations();

  /** How long a review may be with whom it was handed to. */
  @WithDefault("3d")
  Duration longestDelegation();

  /** Entries of a review's trail; with so many only decisions are taken. */
  @WithDefault("500")
  int maxTrail();

  /** Characters of a reason or comment. */
  @WithDefault("4000")
  int maxText();

  /** How often the service looks for what is due: reminders, escalations, ends. */
  @WithDefault("1s")
  Duration tick();

  /** When those who may decide are reminded, unless the definition says. */
  Optional<List<Duration>> defaultRemind();

  /** When others may decide as well, unless the definition says; goes with the next. */
  Optional<Duration> defaultEscalateAfter();

  /** The role that may decide then. */
  Optional<String> defaultEscalateTo();

  /** When the wait ends, unless the definition says or has a ladder of its own. */
  Optional<Duration> defaultExpireAfter();

  /** What that means: reject, abort or approve. */
  @WithDefault("reject")
  OnReviewExpiry defaultExpireThen();

  /** When people work: how the defaults above are counted; {@code mon,tue 09:00-17:00 ZONE}. */
  Optional<String> defaultBusinessHours();

  /** Approvals that gates and results need, whatever their definition says. */
  @WithDefault("1")
  int leastQuorum();

  /** Whether nobody decides in a workflow that they started, whatever its definition says. */
  @WithDefault("false")
  boolean alwaysFourEyes();

  default ReviewDefaults defaults() {
    List<Escalation> ladder =
        defaultEscalateAfter().isPresent() && defaultEscalateTo().isPresent()
            ? List.of(
                new Escalation(defaultEscalateAfter().get().toMillis(), defaultEscalateTo().get()))
            : List.of();
    return new ReviewDefaults(
        defaultRemind().orElse(List.of()),
        ladder,
        defaultExpireAfter().orElse(null),
        defaultExpireThen(),
        defaultBusinessHours().map(WorkingHours::read).orElse(null),
        leastQuorum(),
        alwaysFourEyes());
  }

  default ReviewLimits limits() {
    return new ReviewLimits(
        claimLease(), maxDelegations(), longestDelegation(), maxTrail(), maxText());
  }

  /**
   * Refuses what cannot work together.
   *
   * @throws IllegalArgumentException that names the key
   */
  default void check() {
    if (!advertised().matches("[^\\s/@]+:\\d{1,5}")) {
      throw new IllegalArgumentException(
          "ligature.approval.advertised: '" + advertised() + "' is not host:port");
    }
    if (rocksdbWriteBuffers().asLongValue() < 1_048_576
        || rocksdbWriteBuffers().asLongValue() >= rocksdbCache().asLongValue()) {
      throw new IllegalArgumentException(
          "ligature.approval.rocksdb-write-buffers: give 1M or more, and less than"
              + " ligature.approval.rocksdb-cache");
    }
    positive("commit-interval", commitInterval());
    positive("poll", poll());
    positive("answer-timeout", answerTimeout());
    positive("keep-ended", keepEnded());
    positive("claim-lease", claimLease());
    positive("longest-delegation", longestDelegation());
    positive("tick", tick());
    atLeastOne("page-size", pageSize());
    atLeastOne("max-batch", maxBatch());
    atLeastOne("max-refusals", maxRefusals());
    atLeastOne("max-text", maxText());
    atLeastOne("least-quorum", leastQuorum());
    defaultBusinessHours().ifPresent(WorkingHours::read);
    if (defaultEscalateAfter().isPresent() != defaultEscalateTo().isPresent()) {
      throw new IllegalArgumentException(
          "ligature.approval.default-escalate-after: give it together with"
              + " ligature.approval.default-escalate-to");
    }
    defaultEscalateAfter().ifPresent(after -> positive("default-escalate-after", after));
    defaultExpireAfter().ifPresent(after -> positive("default-expire-after", after));
    defaultRemind().orElse(List.of()).forEach(after -> positive("default-remind", after));
    if (maxDelegations() < 0) {
      throw new IllegalArgumentException("ligature.approval.max-delegations: give 0 or more");
    }
    if (maxRefusalsOfOne() < 0) {
      throw new IllegalArgumentException("ligature.approval.max-refusals-of-one: give 0 or more");
    }
    if (maxTrail() <= maxRefusals() || maxTrail() > MOST_TRAIL) {
      throw new IllegalArgumentException(
          "ligature.approval.max-trail: "
              + maxTrail()
              + " is not between ligature.approval.max-refusals ("
              + maxRefusals()
              + ") and "
              + MOST_TRAIL);
    }
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
