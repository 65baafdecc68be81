package io.ligature.executor.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExecutorSettingsTest {

  @Test
  void takesEveryKey() {
    ExecutorSettings settings =
        Settings.of(
            Map.ofEntries(
                Map.entry("pool", "gpu"),
                Map.entry("max-in-flight", "11"),
                Map.entry("max-uncommitted", "12"),
                Map.entry("claim-after", "13ms"),
                Map.entry("heartbeat-interval", "14s"),
                Map.entry("dead-after", "29s"),
                Map.entry("status-interval", "16ms"),
                Map.entry("drain-timeout", "17s"),
                Map.entry("commit-interval", "18ms"),
                Map.entry("tail-slack", "19s"),
                Map.entry("remembered-results", "20"),
                Map.entry("remembered-bytes", "21"),
                Map.entry("remembered-age", "22m"),
                Map.entry("cooldown", "23s"),
                Map.entry("longest-cooldown", "25s"),
                Map.entry("progress-interval", "26ms"),
                Map.entry("partial-interval", "27ms"),
                Map.entry("partial-bytes", "28"),
                Map.entry("max-shadows", "30"),
                Map.entry("cached-results", "31"),
                Map.entry("cached-bytes", "32"),
                Map.entry("cached-age", "33m"),
                Map.entry("agent-patience", "24s"),
                Map.entry("instance-id", "executor-1")));

    settings.check();
    assertThat(settings.pool()).isEqualTo("gpu");
    assertThat(settings.maxInFlight()).isEqualTo(11);
    assertThat(settings.maxUncommitted()).isEqualTo(12);
    assertThat(settings.claimAfter()).isEqualTo(Duration.ofMillis(13));
    assertThat(settings.heartbeatInterval()).isEqualTo(Duration.ofSeconds(14));
    assertThat(settings.deadAfter()).isEqualTo(Duration.ofSeconds(29));
    assertThat(settings.statusInterval()).isEqualTo(Duration.ofMillis(16));
    assertThat(settings.drainTimeout()).isEqualTo(Duration.ofSeconds(17));
    assertThat(settings.commitInterval()).isEqualTo(Duration.ofMillis(18));
    assertThat(settings.tailSlack()).isEqualTo(Duration.ofSeconds(19));
    assertThat(settings.rememberedResults()).isEqualTo(20);
    assertThat(settings.rememberedBytes()).isEqualTo(21);
    assertThat(settings.rememberedAge()).isEqualTo(Duration.ofMinutes(22));
    assertThat(settings.cooldown()).isEqualTo(Duration.ofSeconds(23));
    assertThat(settings.longestCooldown()).isEqualTo(Duration.ofSeconds(25));
    assertThat(settings.progressInterval()).isEqualTo(Duration.ofMillis(26));
    assertThat(settings.partialInterval()).isEqualTo(Duration.ofMillis(27));
    assertThat(settings.partialBytes()).isEqualTo(28);
    assertThat(settings.maxShadows()).isEqualTo(30);
    assertThat(settings.cachedResults()).isEqualTo(31);
    assertThat(settings.cachedBytes()).isEqualTo(32);
    assertThat(settings.cachedAge()).isEqualTo(Duration.ofMinutes(33));
    assertThat(settings.agentPatience()).isEqualTo(Duration.ofSeconds(24));
    assertThat(settings.instanceId()).contains("executor-1");
  }

  @Test
  void startsWithItsDefaults() {
    Settings.of(Map.of()).check();
  }

  @ParameterizedTest
  @CsvSource({
    "pool,a b",
    "max-in-flight,0",
    "max-uncommitted,0",
    "claim-after,0s",
    "heartbeat-interval,0s",
    "dead-after,3s",
    "status-interval,0s",
    "drain-timeout,-1s",
    "commit-interval,0s",
    "tail-slack,-1s",
    "remembered-results,0",
    "remembered-bytes,0",
    "remembered-age,0s",
    "cooldown,-1s",
    "longest-cooldown,4s",
    "progress-interval,0s",
    "partial-interval,0s",
    "partial-bytes,0",
    "max-shadows,-1",
    "cached-results,-1",
    "cached-bytes,-1",
    "cached-age,0s",
    "agent-patience,0s"
  })
  void namesTheKeyThatCannotBe(String key, String value) {
    ExecutorSettings settings = Settings.of(Map.of(key, value));

    assertThatThrownBy(settings::check)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("ligature.executor." + key + ":");
  }

  @ParameterizedTest
  @CsvSource({"speculative,true", "conservative,false"})
  void knowsTheModesOfDispatch(String mode, boolean speculative) {
    assertThat(ExecutorRuntime.isSpeculative(mode)).isEqualTo(speculative);
  }

  @Test
  void refusesAnotherMode() {
    assertThatThrownBy(() -> ExecutorRuntime.isSpeculative("bold"))
        .hasMessageStartingWith("ligature.dispatch.mode:");
  }
}
