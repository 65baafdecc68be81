package io.ligature.executor.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ExecutorsTest {

  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant LONG_AGO = NOW.minusSeconds(3_600);
  private final Executors executors = new Executors(Duration.ofSeconds(8));

  @Test
  void livesWhileItsHeartbeatIsFresh() {
    executors.sign("e", NOW);

    assertThat(executors.lives("e", LONG_AGO, NOW.plusSeconds(7))).isTrue();
    assertThat(executors.lives("e", LONG_AGO, NOW.plusSeconds(8))).isFalse();
  }

  @Test
  void takesAClaimAsASignOfLife() {
    assertThat(executors.lives("unknown", NOW, NOW.plusSeconds(7))).isTrue();
    assertThat(executors.lives("unknown", NOW, NOW.plusSeconds(8))).isFalse();
  }

  @Test
  void isDeadAtOnceWhenItSaysGoodbye() {
    executors.sign("e", NOW);
    executors.ended("e");

    assertThat(executors.lives("e", NOW, NOW)).isFalse();
  }

  @Test
  void keepsTheLatestSign() {
    executors.sign("e", NOW);
    executors.sign("e", LONG_AGO);

    assertThat(executors.lives("e", LONG_AGO, NOW.plusSeconds(1))).isTrue();
  }
}
