package io.ligature.approval.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ligature.approval.review.ReviewDefaults;
import io.ligature.approval.review.ReviewLimits;
import io.ligature.avro.Escalation;
import io.ligature.avro.OnReviewExpiry;
import io.ligature.avro.WorkingTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApprovalSettingsTest {

  @Test
  void takesEveryKey() {
    ApprovalSettings settings =
        Settings.of(
            Map.ofEntries(
                Map.entry("directory", "elsewhere"),
                Map.entry("instance-id", "approval-1"),
                Map.entry("advertised", "approval-1.internal:8443"),
                Map.entry("rocksdb-cache", "28M"),
                Map.entry("rocksdb-write-buffers", "7M"),
                Map.entry("commit-interval", "11ms"),
                Map.entry("poll", "12ms"),
                Map.entry("transaction-timeout", "13s"),
                Map.entry("session-timeout", "14s"),
                Map.entry("standby-replicas", "2"),
                Map.entry("replication-factor", "3"),
                Map.entry("answer-timeout", "15s"),
                Map.entry("page-size", "16"),
                Map.entry("max-page-size", "17"),
                Map.entry("max-scan", "18"),
                Map.entry("max-batch", "27"),
                Map.entry("max-refusals", "19"),
                Map.entry("max-refusals-of-one", "28"),
                Map.entry("decisions.require-if-match", "true"),
                Map.entry("keep-ended", "20d"),
                Map.entry("claim-lease", "21m"),
                Map.entry("max-delegations", "22"),
                Map.entry("longest-delegation", "23h"),
                Map.entry("max-trail", "24"),
                Map.entry("max-text", "25"),
                Map.entry("tick", "26ms"),
                Map.entry("default-remind", "1h,2h"),
                Map.entry("default-escalate-after", "3h"),
                Map.entry("default-escalate-to", "chief"),
                Map.entry("default-expire-after", "4h"),
                Map.entry("default-expire-then", "abort"),
                Map.entry("default-business-hours", "fri,mon 09:00-17:30 Europe/Berlin"),
                Map.entry("least-quorum", "2"),
                Map.entry("always-four-eyes", "true")));

    settings.check();
    assertThat(settings.directory()).isEqualTo("elsewhere");
    assertThat(settings.instanceId()).contains("approval-1");
    assertThat(settings.advertised()).isEqualTo("approval-1.internal:8443");
    assertThat(settings.rocksdbCache().asLongValue()).isEqualTo(28L << 20);
    assertThat(settings.rocksdbWriteBuffers().asLongValue()).isEqualTo(7L << 20);
    assertThat(settings.commitInterval()).isEqualTo(Duration.ofMillis(11));
    assertThat(settings.poll()).isEqualTo(Duration.ofMillis(12));
    assertThat(settings.transactionTimeout()).isEqualTo(Duration.ofSeconds(13));
    assertThat(settings.sessionTimeout()).isEqualTo(Duration.ofSeconds(14));
    assertThat(settings.standbyReplicas()).isEqualTo(2);
    assertThat(settings.replicationFactor()).isEqualTo(3);
    assertThat(settings.answerTimeout()).isEqualTo(Duration.ofSeconds(15));
    assertThat(settings.pageSize()).isEqualTo(16);
    assertThat(settings.maxPageSize()).isEqualTo(17);
    assertThat(settings.maxScan()).isEqualTo(18);
    assertThat(settings.maxBatch()).isEqualTo(27);
    assertThat(settings.maxRefusals()).isEqualTo(19);
    assertThat(settings.maxRefusalsOfOne()).isEqualTo(28);
    assertThat(settings.requireIfMatch()).isTrue();
    assertThat(settings.keepEnded()).isEqualTo(Duration.ofDays(20));
    assertThat(settings.limits())
        .isEqualTo(new ReviewLimits(Duration.ofMinutes(21), 22, Duration.ofHours(23), 24, 25));
    assertThat(settings.tick()).isEqualTo(Duration.ofMillis(26));
    assertThat(settings.defaults())
        .isEqualTo(
            new ReviewDefaults(
                List.of(Duration.ofHours(1), Duration.ofHours(2)),
                List.of(new Escalation(10_800_000L, "chief")),
                Duration.ofHours(4),
                OnReviewExpiry.abort,
                new WorkingTime("Europe/Berlin", List.of(1, 5), 540, 1050),
                2,
                true));
  }

  @Test
  void startsWithItsDefaults() {
    Settings.of(Map.of()).check();
  }

  @ParameterizedTest
  @CsvSource({
    "advertised, somewhere",
    "rocksdb-write-buffers, 100K",
    "rocksdb-write-buffers, 64M",
    "commit-interval, 0s",
    "poll, 0s",
    "answer-timeout, 0s",
    "keep-ended, 0s",
    "page-size, 0",
    "max-page-size, 10",
    "max-scan, 10",
    "max-refusals, 0",
    "max-batch, 0",
    "claim-lease, 0s",
    "max-delegations, -1",
    "longest-delegation, 0s",
    "max-trail, 50",
    "max-trail, 10001",
    "max-text, 0",
    "tick, 0s",
    "default-remind, 0s",
    "default-escalate-after, 1h",
    "default-expire-after, 0s",
    "least-quorum, 0",
    "default-business-hours, always",
    "default-business-hours, mon 17:00-09:00 UTC",
    "default-business-hours, mon 09:00-25:00 UTC",
    "default-business-hours, day 09:00-17:00 UTC",
    "default-business-hours, mon 09:00-17:00 Atlantis",
    "transaction-timeout, 100ms",
    "session-timeout, 1s",
    "standby-replicas, -1",
    "replication-factor, 0"
  })
  void namesTheKeyThatCannotBe(String key, String value) {
    ApprovalSettings settings = Settings.of(Map.of(key, value));

    assertThatThrownBy(settings::check)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("ligature.approval." + key + ": ");
  }
}
