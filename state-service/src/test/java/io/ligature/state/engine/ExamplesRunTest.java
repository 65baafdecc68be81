package io.ligature.state.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every example is not only a sound definition: it runs. */
class ExamplesRunTest {

  static Stream<String> files() {
    return Stream.of("definitions", "patterns")
        .flatMap(folder -> ExampleRun.files(folder).stream())
        .map(ExampleRun.FOLDER::relativize)
        .map(Path::toString);
  }

  @ParameterizedTest
  @MethodSource("files")
  void runsToItsEnd(String file) {
    ExampleRun run = ExampleRun.started(file).toTheEnd();

    WorkflowRow workflow = run.world.workflow();
    assertThat(workflow.status())
        .as("%s: %s", workflow.failedTask(), workflow.failure())
        .isEqualTo(WorkflowStatus.COMPLETED);
    assertThat(run.world.timers).isEmpty();
  }

  @Test
  void theFanOutGivesItsOutputsInTheOrderOfTheItems() {
    ExampleRun run = ExampleRun.started("definitions/for-each.yaml");
    run.succeed("translate[2]");
    run.toTheEnd();

    assertThat(run.output())
        .isEqualTo("[\"by translate[0]\",\"by translate[1]\",\"by translate[2]\"]");
  }

  @Test
  void collectTellsOfEachItemHowItEnded() {
    ExampleRun run = ExampleRun.started("definitions/for-each-collect.yaml");
    run.world.fail("extract[0]", "auth");
    run.succeed("extract[2]");

    assertThat(run.world.output("extract"))
        .contains("\"status\":\"failed\"", "\"kind\":\"auth\"", "\"status\":\"skipped\"");
    run.toTheEnd();
    assertThat(run.world.workflow().status()).isEqualTo(WorkflowStatus.COMPLETED);
  }

  @Test
  void loopsInsideOfAFanOutGoRoundForEachItem() {
    ExampleRun run = ExampleRun.started("definitions/nested-loops.yaml").toTheEnd();

    assertThat(run.output())
        .isEqualTo(
            "{\"texts\":[\"by translate[0]~2.draft\",\"by translate[1]~2.draft\","
                + "\"by translate[2]~2.draft\"],\"checks\":6}");
  }

  @Test
  void whatAChildGivesIsTheOutputOfItsTask() {
    ExampleRun run = ExampleRun.started("definitions/child-workflow.yaml");

    run.toTheEnd();

    assertThat(run.world.output("research")).isEqualTo("{\"findings\":[\"f\"]}");
    assertThat(run.world.ledger().spent()).isEqualTo(FakeWorld.money("1.00"));
  }

  @Test
  void aFailureThatIsCaughtFailsNothingElse() {
    ExampleRun run = ExampleRun.started("definitions/catch.yaml");
    run.world.fail("publish", "auth");
    run.toTheEnd();

    assertThat(run.world.workflow().status()).isEqualTo(WorkflowStatus.COMPLETED);
    assertThat(run.world.state("apologise")).isInstanceOf(TaskState.Succeeded.class);
    assertThat(run.output()).isEqualTo("{\"published\":null,\"status\":\"failed\"}");
  }

  @Test
  void theSagaUndoesTheLastTaskFirstAndFails() {
    ExampleRun run = ExampleRun.started("definitions/saga.yaml");
    run.succeed("flight");
    run.succeed("hotel");
    run.world.fail("charge", "auth");
    assertThat(run.active()).isEqualTo(List.of("hotel!"));
    run.succeed("hotel!");
    assertThat(run.active()).isEqualTo(List.of("flight!"));
    run.succeed("flight!");

    assertThat(run.world.workflow().status()).isEqualTo(WorkflowStatus.FAILED);
  }

  @Test
  void aSignalForAnotherOrderLeavesTheTaskWaiting() {
    ExampleRun run = ExampleRun.started("definitions/signal.yaml");
    run.succeed("offer");

    run.send("paid", "o-18", ExampleRun.SIGNAL);
    assertThat(run.active()).isEqualTo(List.of("paid"));

    run.send("paid", "o-17", "{\"amount\": -1}");
    assertThat(run.world.lastEvents()).containsExactly("CommandRejected");
    run.send("paid", "o-17", ExampleRun.SIGNAL);
    assertThat(run.active()).isEqualTo(List.of("ship"));
  }

  @Test
  void theTimeoutOfATaskPassesItsRetriesOverAndAsksPeople() {
    ExampleRun run = ExampleRun.started("definitions/task-timeout.yaml");
    run.world.claim("research", "a1");
    run.world.pass(java.time.Duration.ofHours(2));

    run.world.fire("research");

    assertThat(run.world.state("research")).isInstanceOf(TaskState.WaitingForReview.class);
  }

  @Test
  void theLastAttemptGetsWhatIsLeftAndCountsAsDegraded() {
    ExampleRun run = ExampleRun.started("definitions/degrade.yaml").toTheEnd();

    assertThat(run.output()).isEqualTo("{\"text\":\"by second\",\"grade\":\"degraded\"}");
  }
}
