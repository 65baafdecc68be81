package io.ligature.executor.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.ligature.avro.AgentStatus;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class AgentFiguresTest {

  private static final Instant NOW = Instant.parse("2026-01-01T00:10:00Z");
  private final AgentFigures figures = new AgentFigures("a");

  @Test
  void tellsCountsTheLastMinuteAndTheMeanLatency() {
    for (int i = 0; i < 4; i++) {
      figures.begun();
    }
    figures.ended(false, Duration.ofMillis(100), NOW.minusSeconds(61));
    figures.ended(true, Duration.ofMillis(200), NOW.minusSeconds(59));
    figures.ended(false, Duration.ofMillis(300), NOW);

    assertThat(figures.status("e", "default", NOW))
        .isEqualTo(new AgentStatus("a", "e", "default", 1, 1L, 2L, 2, 1, 200L, null, NOW, null));
  }

  @Test
  void neverEndsACooldownEarlier() {
    figures.coolDown(NOW.plusSeconds(30));
    figures.coolDown(NOW.plusSeconds(5));

    assertThat(figures.status("e", "p", NOW).getCooldownUntil()).isEqualTo(NOW.plusSeconds(30));
  }

  @Test
  void saysOnceThatSomethingChanged() {
    assertThat(figures.takeChanged()).isFalse();
    figures.begun();

    assertThat(figures.takeChanged()).isTrue();
    assertThat(figures.takeChanged()).isFalse();
  }

  @Test
  void doesNotCountADroppedCall() {
    figures.begun();
    figures.dropped();

    assertThat(figures.status("e", "p", NOW))
        .isEqualTo(new AgentStatus("a", "e", "p", 0, 0L, 0L, 0, 0, null, null, NOW, null));
  }
}
