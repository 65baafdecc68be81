package io.ligature.state.stream;

import static io.ligature.state.stream.ShellFixture.start;
import static io.ligature.state.stream.ShellFixture.success;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ligature.avro.WorkflowDefinition;
import io.ligature.schemas.definition.DefinitionLimits;
import io.ligature.schemas.definition.DefinitionParser;
import io.ligature.state.engine.Plan;
import io.ligature.state.engine.Slot;
import io.ligature.state.engine.TaskState;
import io.ligature.state.engine.WorkflowStatus;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TurnsTest {

  private static final int ROUNDS = 5_000;
  private static final int LAST = 300;

  private final Turns turns = new Turns();
  private final AtomicInteger reads = new AtomicInteger();
  private int first;
  private int second;

  @Test
  void readsOnceWhenNobodyWrites() {
    assertThat(turns.read("w", reads::incrementAndGet)).isEqualTo(1);
  }

  @Test
  void readsAgainWhenATransitionCameBetween() {
    int found =
        turns.read(
            "w",
            () -> {
              if (reads.incrementAndGet() == 1) {
                turns.write("w", () -> first = 1);
              }
              return first;
            });

    assertThat(found).isEqualTo(1);
    assertThat(reads).hasValue(2);
  }

  @Test
  void makesTheWriterWaitWhenItReadsInVainAgainAndAgain() {
    AtomicBoolean written = new AtomicBoolean();
    CompletableFuture<Void> writer = new CompletableFuture<>();

    boolean writtenBeforeItsEnd =
        turns.read(
            "w",
            () -> {
              if (reads.incrementAndGet() <= 3) {
                turns.write("w", () -> first++);
              } else {
                Thread.ofVirtual()
                    .start(
                        () -> {
                          turns.write("w", () -> written.set(true));
                          writer.complete(null);
                        });
              }
              return written.get();
            });
    writer.join();

    assertThat(reads).hasValue(4);
    assertThat(writtenBeforeItsEnd).isFalse();
    assertThat(written).isTrue();
  }

  @Test
  void saysNothingOfAFaultThatHalfOfATransitionCaused() {
    String found =
        turns.read(
            "w",
            () -> {
              if (reads.incrementAndGet() == 1) {
                turns.write("w", () -> first = 1);
                throw new IllegalStateException("half");
              }
              return "whole";
            });

    assertThat(found).isEqualTo("whole");
  }

  @Test
  void tellsAFaultThatNoTransitionCaused() {
    assertThatThrownBy(
            () ->
                turns.read(
                    "w",
                    () -> {
                      reads.incrementAndGet();
                      throw new IllegalStateException("broken row");
                    }))
        .hasMessage("broken row");
    assertThat(reads).hasValue(1);
  }

  @Test
  void letsOthersGoOnAfterAWriterThatFailed() {
    assertThatThrownBy(
            () ->
                turns.write(
                    "w",
                    () -> {
                      throw new IllegalStateException("store closed");
                    }))
        .hasMessage("store closed");

    turns.write("w", () -> first = 2);
    assertThat(turns.read("w", () -> first)).isEqualTo(2);
  }

  @Test
  void hasOneTurnForAWholeTree() {
    turns.read(
        "w",
        () -> {
          if (reads.incrementAndGet() == 1) {
            turns.write("w:ask:1", () -> first = 1);
          }
          return first;
        });

    assertThat(reads).hasValue(2);
  }

  @Test
  void neverShowsHalfOfWhatIsWritten() {
    CompletableFuture<Void> writer =
        CompletableFuture.runAsync(
            () -> {
              for (int round = 0; round < ROUNDS; round++) {
                turns.write(
                    "w",
                    () -> {
                      first++;
                      second++;
                    });
              }
            });

    while (!writer.isDone()) {
      assertThat(turns.read("w", () -> first - second)).isZero();
    }
    writer.join();
    assertThat(turns.read("w", () -> second)).isEqualTo(ROUNDS);
  }

  @Test
  void showsACompletedWorkflowOnlyWithItsOutput(@TempDir Path folder) {
    WorkflowDefinition definition = ShellFixture.definition(ShellFixture.TWO_STEPS);
    Plan plan =
        new PlanCache(new DefinitionParser(DefinitionLimits.DEFAULT), 1)
            .plan(WorkflowRows.ref(definition), () -> definition);
    try (ShellFixture shell = new ShellFixture(folder)) {
      AtomicInteger newest = new AtomicInteger();
      CompletableFuture<Void> reader =
          CompletableFuture.runAsync(() -> readUpTo(LAST, newest, shell, plan));
      for (int number = 1; number <= LAST && !reader.isDone(); number++) {
        String id = "w" + number;
        newest.set(number);
        shell.send(id, start(id));
        shell.send(id, success(id, id + "/first#1", "a"));
        shell.send(id, success(id, id + "/second#1", "b"));
      }
      reader.join();
    }
  }

  private static void readUpTo(int last, AtomicInteger newest, ShellFixture shell, Plan plan) {
    WorkflowRows rows = shell.rows();
    for (int completed = 0; completed < last; ) {
      int number = newest.get();
      String id = "w" + number;
      WorkflowQueries.Found found =
          shell.turns.read(id, () -> WorkflowQueries.found(rows, id, ref -> plan));
      if (found != null && found.workflow().status() == WorkflowStatus.COMPLETED) {
        completed = number;
        assertThat(found.payloads()).containsKey(Slot.RESULT);
        assertThat(found.tasks().get("second").state()).isInstanceOf(TaskState.Succeeded.class);
      }
    }
  }
}
