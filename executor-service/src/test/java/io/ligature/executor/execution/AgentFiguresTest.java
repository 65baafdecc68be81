package io.ligature.executor.execution;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.NullNode;
import io.ligature.agent.AgentOutcome;
import io.ligature.agent.AgentOutcome.Success;
import io.ligature.agent.CallFailure;
import io.ligature.agent.CallMetadata;
import io.ligature.avro.AgentStatus;
import io.ligature.schemas.ErrorKind;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class AgentFiguresTest {

  private static final Instant NOW = Instant.parse("2026-01-01T00:10:00Z");
  private final AgentFigures figures =
      new AgentFigures("a", Duration.ofSeconds(5), Duration.ofSeconds(60));

  private void ended(@Nullable ErrorKind kind, Duration latency, Instant at) {
    AgentOutcome outcome =
        kind == null
            ? new Success(NullNode.instance, CallMetadata.UNKNOWN)
            : AgentOutcome.unbilled(kind, "no");
    figures.begun();
    figures.ended(Made.of(outcome, latency, true), at);
  }

  private void limited(@Nullable Duration retryAfter, Instant at) {
    figures.begun();
    figures.ended(
        Made.of(
            AgentOutcome.failed(new CallFailure(ErrorKind.RATE_LIMITED, "no", retryAfter, false)),
            Duration.ZERO,
            true),
        at);
  }

  private Instant end() {
    return figures.status("e", "p", NOW).getCooldownUntil();
  }

  @Test
  void tellsCountsTheLastMinuteAndTheMeanLatency() {
    figures.begun();
    ended(ErrorKind.TIMEOUT, Duration.ofMillis(100), NOW.minusSeconds(61));
    ended(null, Duration.ofMillis(200), NOW.minusSeconds(59));
    ended(ErrorKind.MODEL_ERROR, Duration.ofMillis(300), NOW);

    assertThat(figures.status("e", "default", NOW))
        .isEqualTo(new AgentStatus("a", "e", "default", 1, 1L, 2L, 2, 1, 200L, null, NOW, null));
  }

  @ParameterizedTest
  @EnumSource(
      mode = Mode.EXCLUDE,
      names = {
        "UPSTREAM_UNAVAILABLE",
        "TIMEOUT",
        "MODEL_ERROR",
        "AGENT_CRASH",
        "SCHEMA_MISMATCH",
        "RATE_LIMITED"
      })
  void countsNothingThatDoesNotSpeakAgainstTheAgent(ErrorKind kind) {
    ended(kind, Duration.ofMillis(100), NOW);

    assertThat(figures.status("e", "p", NOW))
        .isEqualTo(new AgentStatus("a", "e", "p", 0, 0L, 0L, 0, 0, null, null, NOW, null));
  }

  @Test
  void coolsDownForARateLimitAndDoesNotCountIt() {
    limited(null, NOW);

    assertThat(figures.status("e", "p", NOW))
        .isEqualTo(
            new AgentStatus(
                "a", "e", "p", 0, 0L, 0L, 0, 0, null, NOW.plusSeconds(5), NOW, "rate_limited"));
  }

  @Test
  void doublesTheCooldownUpToItsMost() {
    Instant at = NOW;
    for (int seconds : new int[] {5, 10, 20, 40, 60, 60}) {
      limited(null, at);
      assertThat(end()).isEqualTo(at.plusSeconds(seconds));
      at = end();
    }
  }

  @Test
  void beginsAnewAfterASuccess() {
    limited(null, NOW);
    limited(null, NOW.plusSeconds(5));
    ended(null, Duration.ofMillis(1), NOW.plusSeconds(16));

    limited(null, NOW.plusSeconds(17));

    assertThat(end()).isEqualTo(NOW.plusSeconds(22));
  }

  @Test
  void takesManyRefusalsAtOnceForOne() {
    for (int i = 0; i < 100; i++) {
      limited(null, NOW.plusMillis(i));
    }
    assertThat(end()).isEqualTo(NOW.plusSeconds(5));

    limited(null, NOW.plusSeconds(5));
    assertThat(end()).isEqualTo(NOW.plusSeconds(15));
  }

  @Test
  void takesWhatTheAgentAsksForAsAFloor() {
    limited(Duration.ofSeconds(1), NOW);
    assertThat(end()).isEqualTo(NOW.plusSeconds(5));

    limited(Duration.ofMinutes(3), NOW.plusSeconds(1));
    assertThat(end()).isEqualTo(NOW.plusSeconds(181));
  }

  @Test
  void neverEndsACooldownEarlier() {
    limited(Duration.ofSeconds(30), NOW);
    limited(Duration.ofSeconds(5), NOW.plusSeconds(1));

    assertThat(end()).isEqualTo(NOW.plusSeconds(30));
  }

  @Test
  void saysOnceThatSomethingChanged() {
    assertThat(figures.takeChanged()).isFalse();
    figures.begun();

    assertThat(figures.takeChanged()).isTrue();
    assertThat(figures.takeChanged()).isFalse();
  }

  @Test
  void doesNotCountACallThatWasNeverMade() {
    figures.begun();
    figures.ended(
        Made.of(AgentOutcome.unbilled(ErrorKind.TIMEOUT, "too late"), Duration.ZERO, false), NOW);

    assertThat(figures.status("e", "p", NOW))
        .isEqualTo(new AgentStatus("a", "e", "p", 0, 0L, 0L, 0, 0, null, null, NOW, null));
  }
}
