package io.ligature.router.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ligature.router.routing.RoutingSettings;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouterSettingsTest {

  @Test
  void takesEveryKey() {
    RouterSettings settings =
        Settings.of(
            Map.ofEntries(
                Map.entry("executor-timeout", "11s"),
                Map.entry("expected-acceptance", "0.8"),
                Map.entry("prior-weight", "7"),
                Map.entry("expected-output-tokens", "12"),
                Map.entry("max-candidates", "13"),
                Map.entry("review-cost", "1.5"),
                Map.entry("tie", "0.02"),
                Map.entry("exploration", "0.03"),
                Map.entry("exploration-factor", "5"),
                Map.entry("sticky-spread", "0.6"),
                Map.entry("fallback-patience", "7s"),
                Map.entry("breaker-calls", "8"),
                Map.entry("breaker-failures", "0.9"),
                Map.entry("cooldown", "10s"),
                Map.entry("longest-cooldown", "11m"),
                Map.entry("fair-floor", "0.25"),
                Map.entry("quota-turn", "23ms"),
                Map.entry("report-interval", "24ms"),
                Map.entry("report-unplaced-after", "14ms"),
                Map.entry("park-after", "15s"),
                Map.entry("max-waiting", "16"),
                Map.entry("max-uncommitted", "17"),
                Map.entry("tail-slack", "18s"),
                Map.entry("seen-per-partition", "19"),
                Map.entry("seen-age", "20m"),
                Map.entry("commit-interval", "21ms"),
                Map.entry("view-timeout", "22s"),
                Map.entry("agents-folder", "agents"),
                Map.entry("instance-id", "router-1")));

    settings.check();
    assertThat(settings.routing())
        .isEqualTo(
            new RoutingSettings(
                Duration.ofSeconds(11),
                0.8,
                7,
                12,
                13,
                1_500_000,
                0.02,
                0.03,
                5,
                0.6,
                Duration.ofSeconds(7),
                8,
                0.9,
                Duration.ofSeconds(10),
                Duration.ofMinutes(11)));
    assertThat(settings.quotaTurn()).isEqualTo(Duration.ofMillis(23));
    assertThat(settings.reportInterval()).isEqualTo(Duration.ofMillis(24));
    assertThat(settings.fairFloor()).isEqualByComparingTo("0.25");
    assertThat(settings.agentsFolder()).contains("agents");
    assertThat(settings.reportUnplacedAfter()).isEqualTo(Duration.ofMillis(14));
    assertThat(settings.parkAfter()).isEqualTo(Duration.ofSeconds(15));
    assertThat(settings.maxWaiting()).isEqualTo(16);
    assertThat(settings.maxUncommitted()).isEqualTo(17);
    assertThat(settings.tailSlack()).isEqualTo(Duration.ofSeconds(18));
    assertThat(settings.seenPerPartition()).isEqualTo(19);
    assertThat(settings.seenAge()).isEqualTo(Duration.ofMinutes(20));
    assertThat(settings.commitInterval()).isEqualTo(Duration.ofMillis(21));
    assertThat(settings.viewTimeout()).isEqualTo(Duration.ofSeconds(22));
    assertThat(settings.instanceId()).contains("router-1");
  }

  @Test
  void startsWithItsDefaults() {
    RouterSettings settings = Settings.of(Map.of());

    settings.check();
    assertThat(settings.routing()).isEqualTo(RoutingSettings.DEFAULTS);
  }

  @ParameterizedTest
  @CsvSource({
    "executor-timeout,0s",
    "expected-acceptance,0",
    "prior-weight,0",
    "expected-output-tokens,-1",
    "max-candidates,0",
    "review-cost,-1",
    "tie,-0.1",
    "exploration,1.1",
    "exploration-factor,0.9",
    "sticky-spread,-0.1",
    "fallback-patience,-1s",
    "breaker-calls,0",
    "breaker-failures,1",
    "cooldown,0s",
    "longest-cooldown,1s",
    "fair-floor,0",
    "quota-turn,0s",
    "report-interval,2s",
    "report-unplaced-after,0s",
    "park-after,500ms",
    "max-waiting,0",
    "max-uncommitted,0",
    "tail-slack,-1s",
    "seen-per-partition,0",
    "seen-age,10s",
    "commit-interval,0s",
    "view-timeout,0s"
  })
  void namesTheKeyThatCannotBe(String key, String value) {
    RouterSettings settings = Settings.of(Map.of(key, value));

    assertThatThrownBy(settings::check)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("ligature.router." + key + ":");
  }
}
