package io.ligature.state.stream;

import static io.ligature.state.stream.ShellFixture.CATCH_UP_WAIT;
import static io.ligature.state.stream.ShellFixture.START;
import static io.ligature.state.stream.ShellFixture.start;
import static io.ligature.state.stream.ShellFixture.success;
import static org.assertj.core.api.Assertions.assertThat;

import io.ligature.avro.TaskEnvelope;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatchUpTest {

  private static final Duration PAST_DUE = Duration.ofSeconds(90);

  @TempDir Path folder;
  private final CompletableFuture<Long> lastWaiting = new CompletableFuture<>();
  private ShellFixture shell;

  @BeforeEach
  void open() {
    shell = new ShellFixture(folder, lastWaiting);
    shell.send("w1", start("w1"));
    shell.ready();
  }

  @AfterEach
  void close() {
    shell.close();
  }

  @Test
  void holdsTimersBackWhileItDoesNotKnowWhatWaits() {
    shell.driver.advanceWallClockTime(PAST_DUE);

    assertThat(readyIds()).isEmpty();
  }

  @Test
  void holdsTimersBackUntilTheLastThatWaitedHasBeenRead() {
    lastWaiting.complete(2L);

    shell.driver.advanceWallClockTime(PAST_DUE);
    assertThat(readyIds()).isEmpty();

    shell.send("w2", start("w2"));
    shell.driver.advanceWallClockTime(Duration.ofMillis(50));
    assertThat(readyIds()).containsExactly("w2/first#1");

    shell.send("w3", start("w3"));
    shell.driver.advanceWallClockTime(Duration.ofMillis(50));
    assertThat(readyIds()).contains("w1/first#1");
  }

  @Test
  void countsAnInputThatIsPutAsideAsRead() {
    lastWaiting.complete(1L);
    shell.inbox.pipeInput((byte[]) null, new byte[] {7});

    shell.driver.advanceWallClockTime(PAST_DUE);

    assertThat(readyIds()).containsExactly("w1/first#1");
  }

  @Test
  void takesAResultThatWaitedThoughItsTimerIsLongDue() {
    lastWaiting.complete(1L);
    shell.driver.advanceWallClockTime(PAST_DUE);

    shell.send("w1", success("w1", "w1/first#1", "one"));
    shell.driver.advanceWallClockTime(Duration.ofMillis(50));

    assertThat(readyIds()).containsExactly("w1/second#1");
  }

  @Test
  void firesAtOnceWhenNothingWaits() {
    lastWaiting.complete(-1L);

    shell.driver.advanceWallClockTime(PAST_DUE);

    assertThat(readyIds()).containsExactly("w1/first#1");
  }

  @Test
  void firesWhenTheLongestWaitIsOver() {
    lastWaiting.complete(100L);

    shell.driver.advanceWallClockTime(CATCH_UP_WAIT.minusMillis(50));
    assertThat(readyIds()).isEmpty();
    shell.driver.advanceWallClockTime(Duration.ofMillis(50));

    assertThat(readyIds()).containsExactly("w1/first#1");
  }

  @Test
  void waitsAsLongWhenTheBrokerDoesNotSayWhatWaits() {
    lastWaiting.completeExceptionally(new IllegalStateException("not authorised"));

    shell.driver.advanceWallClockTime(CATCH_UP_WAIT.minusMillis(50));
    assertThat(readyIds()).isEmpty();
    shell.driver.advanceWallClockTime(Duration.ofMillis(50));

    assertThat(readyIds()).containsExactly("w1/first#1");
  }

  @Test
  void isOverForGood() {
    CatchUp catchUp = new CatchUp(lastWaiting, START.toEpochMilli(), Duration.ofSeconds(1), "0_0");

    assertThat(catchUp.isOver(START.toEpochMilli())).isFalse();
    assertThat(catchUp.isOver(START.toEpochMilli() + 1_000)).isTrue();
    assertThat(catchUp.isOver(START.toEpochMilli())).isTrue();
  }

  private List<String> readyIds() {
    return shell.ready().stream().map(TaskEnvelope::getId).toList();
  }
}
