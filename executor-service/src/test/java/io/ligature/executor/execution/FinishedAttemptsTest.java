package io.ligature.executor.execution;

import static org.assertj.core.api.Assertions.assertThat;

import io.ligature.executor.execution.FinishedAttempts.Finished;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class FinishedAttemptsTest {

  private static Finished finished(int bytes, long nanos) {
    return new Finished(0, 7, 0, ByteBuffer.allocate(bytes), nanos);
  }

  @Test
  void forgetsTheOldestBeyondItsCount() {
    FinishedAttempts attempts = new FinishedAttempts(2, 1_000, Duration.ofMinutes(1));

    attempts.put("a", finished(1, 0));
    attempts.put("b", finished(1, 0));
    attempts.put("c", finished(1, 0));

    assertThat(attempts.get("a")).isNull();
    assertThat(attempts.get("b")).isNotNull();
    assertThat(attempts.bytes()).isEqualTo(2);
  }

  @Test
  void keepsThePlaceOfAResultItHasNoRoomFor() {
    FinishedAttempts attempts = new FinishedAttempts(10, 100, Duration.ofMinutes(1));

    attempts.put("a", finished(60, 0));
    attempts.put("b", finished(60, 0));

    assertThat(attempts.get("a").result()).isNull();
    assertThat(attempts.get("a").offset()).isEqualTo(7);
    assertThat(attempts.bytes()).isLessThanOrEqualTo(100);
  }

  @Test
  void forgetsWhatIsTooOld() {
    FinishedAttempts attempts = new FinishedAttempts(10, 100, Duration.ofNanos(10));
    attempts.put("a", finished(1, 0));
    attempts.put("b", finished(1, 5));

    attempts.expire(12);

    assertThat(attempts.get("a")).isNull();
    assertThat(attempts.get("b")).isNotNull();
  }

  @Test
  void countsAReplacedResultOnce() {
    FinishedAttempts attempts = new FinishedAttempts(10, 100, Duration.ofMinutes(1));

    attempts.put("a", finished(60, 0));
    attempts.put("a", finished(30, 0));

    assertThat(attempts.bytes()).isEqualTo(30);
  }
}
