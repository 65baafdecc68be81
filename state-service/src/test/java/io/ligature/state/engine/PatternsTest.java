package io.ligature.state.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.ligature.avro.Decision;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What is the point of each pattern of docs/patterns.md whose point is not only to complete. */
class PatternsTest {

  @Test
  void sequenceBeginsOneTaskAfterTheOther() {
    ExampleRun run = started("01-sequence");
    assertThat(run.active()).containsExactly("write");
    run.succeed("write");
    assertThat(run.active()).containsExactly("check");
    run.succeed("check");
    assertThat(run.active()).containsExactly("send");
  }

  @Test
  void parallelSplitBeginsBoth() {
    ExampleRun run = started("02-parallel-split");

    run.succeed("write");

    assertThat(run.active()).containsExactly("illustrate", "translate");
  }

  @Test
  void synchronizationWaitsForBoth() {
    ExampleRun run = started("03-synchronization");
    run.succeed("translate");
    assertThat(run.active()).containsExactly("illustrate");
    run.succeed("illustrate");
    assertThat(run.active()).containsExactly("publish");
  }

  @Test
  void exclusiveChoiceTakesOneWay() {
    assertThat(started("04-exclusive-choice").active()).containsExactly("answer[0]");
  }

  @Test
  void simpleMergeGoesOnBehindTheOneWayTaken() {
    ExampleRun run = started("05-simple-merge");

    run.succeed("answer[0]");

    assertThat(run.active()).containsExactly("send");
  }

  @Test
  void multiChoiceTakesEveryWayWhoseConditionIsTrue() {
    ExampleRun run = started("06-multi-choice");

    assertThat(run.active()).containsExactly("editors", "lawyers");
    assertThat(run.world.state("accountants")).isInstanceOf(TaskState.Skipped.class);
  }

  @Test
  void structuredSynchronizingMergeWaitsForTheWaysTakenOnly() {
    ExampleRun run = started("07-structured-synchronizing-merge");
    run.succeed("lawyers");
    assertThat(run.active()).containsExactly("editors");
    run.succeed("editors");
    assertThat(run.active()).containsExactly("publish");
  }

  @Test
  void multiMergeRunsWhatFollowsOnceForEachWay() {
    ExampleRun run = started("08-multi-merge");
    run.succeed("ways[1].work[1]");
    assertThat(run.active()).containsExactlyInAnyOrder("ways[0].work[0]", "ways[1].bill");
    run.succeed("ways[0].work[0]");
    assertThat(run.active()).containsExactlyInAnyOrder("ways[0].bill", "ways[1].bill");
  }

  @Test
  void discriminatorGoesOnAtTheFirstAndOnce() {
    ExampleRun run = started("09-structured-discriminator");
    run.succeed("web");
    assertThat(run.active()).containsExactly("answer", "archive");
    run.succeed("archive");
    run.toTheEnd();

    assertThat(run.world.task("answer").attempt()).isEqualTo(1);
  }

  @Test
  void implicitTerminationIsWhenTheLastTaskHasEnded() {
    ExampleRun run = started("11-implicit-termination");
    run.succeed("write");
    run.succeed("send");
    assertThat(run.world.workflow().isOpen()).isTrue();
    run.succeed("archive");
    assertThat(run.world.workflow().status()).isEqualTo(WorkflowStatus.COMPLETED);
  }

  @Test
  void instancesThatNobodyNeedsHoldNothingUp() {
    ExampleRun run = started("12-multiple-instances-without-synchronization");

    run.succeed("publish");

    assertThat(run.active())
        .containsExactlyInAnyOrder("archive", "notify[0]", "notify[1]", "notify[2]");
  }

  @Test
  void theDefinitionSaysHowManyInstancesThereAre() {
    ExampleRun run = started("13-multiple-instances-design-time");

    assertThat(run.active()).containsExactly("opinions[0]", "opinions[1]", "opinions[2]");
  }

  @Test
  void anEarlierTaskSaysHowManyInstancesThereAre() {
    ExampleRun run = started("14-multiple-instances-run-time");

    run.world.succeed("find", "{\"findings\": [1, 2]}", "0.01", 0.9);

    assertThat(run.active()).containsExactly("read[0]", "read[1]");
  }

  @Test
  void theFirstEventDecidesTheDeferredChoice() {
    ExampleRun run = started("16-deferred-choice");
    run.succeed("offer");
    run.send("answer", null, "{\"kind\": \"refuse\"}");
    assertThat(run.active()).containsExactly("next[2]");
    assertThat(run.world.timers).containsOnlyKeys("next[2]");
  }

  @Test
  void silenceDecidesTheDeferredChoiceToo() {
    ExampleRun run = started("16-deferred-choice");
    run.succeed("offer");

    run.world.fire("answer");

    assertThat(run.active()).containsExactly("next[0]");
  }

  @Test
  void theMilestoneLetsAChangeThroughWhileItLasts() {
    ExampleRun run = started("18-milestone");

    run.send("change", null, ExampleRun.SIGNAL);

    assertThat(run.active()).contains("change");
  }

  @Test
  void theMilestoneHoldsAChangeOffWhenItHasPassed() {
    ExampleRun run = started("18-milestone");
    run.succeed("produce");

    run.send("change", null, ExampleRun.SIGNAL);

    assertThat(run.world.state("change")).isInstanceOf(TaskState.Skipped.class);
  }

  @Test
  void aTaskThatRunsIsCancelledAlone() {
    ExampleRun run = started("19-cancel-task");
    run.world.claim("illustrate", "a1");

    run.skip("illustrate");

    assertThat(run.world.lastEffects()).containsExactly("CancelTask");
    assertThat(run.active()).containsExactly("write");
    run.succeed("write");
    assertThat(run.active()).containsExactly("publish");
  }

  @Test
  void theWholeCaseIsCancelled() {
    ExampleRun commanded = started("20-cancel-case");
    commanded.cancel(false);
    ExampleRun aborted = started("20-cancel-case");
    aborted.world.decide("approve", Decision.abort);

    assertThat(commanded.world.workflow().status()).isEqualTo(WorkflowStatus.CANCELLED);
    assertThat(aborted.world.workflow().status()).isEqualTo(WorkflowStatus.CANCELLED);
    assertThat(commanded.active()).isEmpty();
    assertThat(aborted.world.state("write")).isInstanceOf(TaskState.Cancelled.class);
  }

  @Test
  void theLoopGoesRoundUntilItsConditionHolds() {
    ExampleRun run = started("21-structured-loop");
    run.succeed("draft~1");
    assertThat(run.active()).containsExactly("draft~2");
    run.succeed("draft~2");
    assertThat(run.active()).containsExactly("publish");
  }

  @Test
  void theRecursionEndsWhereItsConditionSays() {
    ExampleRun run = started("22-recursion").toTheEnd();

    assertThat(run.world.workflowIds())
        .containsExactly("wf-1", "wf-1:deeper:1", "wf-1:deeper:1:deeper:1");
    assertThat(run.output())
        .isEqualTo(
            "{\"levels\":3,\"inside\":{\"levels\":2,\"inside\":{\"levels\":1,\"inside\":null}}}");
  }

  @Test
  void aTriggerThatComesTooEarlyIsKept() {
    ExampleRun run = started("24-persistent-trigger");
    run.send("paid", null, ExampleRun.SIGNAL);

    run.succeed("offer");

    assertThat(run.active()).containsExactly("ship");
  }

  @Test
  void aRegionIsWithdrawnWithAllThatRunsInside() {
    ExampleRun run = started("25-cancel-region");

    run.world.decide("region.still-wanted", Decision.reject);

    assertThat(run.world.lastEffects()).contains("CancelTask");
    assertThat(run.world.state("region.write")).isInstanceOf(TaskState.Cancelled.class);
    assertThat(run.world.state("region.illustrate")).isInstanceOf(TaskState.Cancelled.class);
    assertThat(run.active()).containsExactly("outside", "report");
  }

  @Test
  void aFanOutIsWithdrawnWithTheInstancesThatRun() {
    ExampleRun run = started("26-cancel-multiple-instance-task");
    run.succeed("translate[1]");

    run.skip("translate");

    assertThat(run.world.state("translate[0]")).isInstanceOf(TaskState.Cancelled.class);
    assertThat(run.world.state("translate[1]")).isInstanceOf(TaskState.Succeeded.class);
    assertThat(run.world.state("translate[2]")).isInstanceOf(TaskState.Cancelled.class);
    assertThat(run.active()).containsExactly("write");
  }

  @Test
  void aFanOutIsCompletedWithWhatItHas() {
    ExampleRun run = started("27-complete-multiple-instance-task");
    run.succeed("translate[1]");

    run.world.fire("translate");

    assertThat(run.active()).containsExactly("publish");
    assertThat(run.world.state("translate[0]")).isInstanceOf(TaskState.Cancelled.class);
    assertThat(run.input("publish")).isEqualTo("{\"texts\":[\"by translate[1]\"]}");
  }

  @Test
  void theBlockingDiscriminatorHoldsTheNextRoundOff() {
    ExampleRun run = started("28-blocking-discriminator");
    run.succeed("rounds[0].web");
    run.succeed("rounds[0].answer");
    assertThat(run.active()).containsExactly("rounds[0].archive");
    run.succeed("rounds[0].archive");
    assertThat(run.active()).containsExactly("rounds[1].archive", "rounds[1].web");
  }

  @Test
  void thePartialJoinGoesOnAtTheSecondAndOnce() {
    ExampleRun run = started("30-structured-partial-join");
    run.succeed("cid");
    assertThat(run.active()).containsExactly("ann", "bob");
    run.succeed("ann");
    assertThat(run.active()).containsExactly("bob", "verdict");
    run.toTheEnd();
    assertThat(run.world.task("verdict").attempt()).isEqualTo(1);
  }

  @Test
  void theBlockingPartialJoinHoldsTheNextRoundOff() {
    ExampleRun run = started("31-blocking-partial-join");
    run.succeed("rounds[0].ann");
    run.succeed("rounds[0].cid");
    run.succeed("rounds[0].verdict");
    assertThat(run.active()).containsExactly("rounds[0].bob");
    run.succeed("rounds[0].bob");
    assertThat(run.active()).containsExactly("rounds[1].ann", "rounds[1].bob", "rounds[1].cid");
  }

  @Test
  void theGeneralizedJoinKeepsWhatComesEarly() {
    ExampleRun run = started("33-generalized-and-join");
    run.send("order", null, "1");
    run.send("order", null, "2");
    assertThat(run.active()).containsExactly("pairs~1.payment");
    run.send("payment", null, "10");
    run.succeed("pairs~1.ship");
    assertThat(run.active()).containsExactly("pairs~2.payment");
    run.send("payment", null, "20");
    assertThat(run.input("pairs~2.ship")).isEqualTo("{\"order\":2,\"payment\":20}");
  }

  @Test
  void thePartialJoinOfInstancesGoesOnAtTheSecondAndOnce() {
    ExampleRun run = started("34-static-partial-join-for-multiple-instances");
    run.succeed("opinions[2].opinion");
    assertThat(run.active()).containsExactly("opinions[0].opinion", "opinions[1].opinion");
    run.succeed("opinions[0].opinion");
    assertThat(run.active()).containsExactly("opinions[0].verdict", "opinions[1].opinion");
    run.succeed("opinions[1].opinion");
    assertThat(run.active()).containsExactly("opinions[0].verdict");
  }

  @Test
  void theLocalMergeWaitsForNoWayThatCannotReachIt() {
    ExampleRun run = started("37-local-synchronizing-merge");
    assertThat(run.world.state("pay")).isInstanceOf(TaskState.Skipped.class);
    run.succeed("write");
    assertThat(run.active()).containsExactly("illustrate");
    run.succeed("illustrate");
    assertThat(run.active()).containsExactly("publish");
  }

  @Test
  void interleavedRoutingRunsOneAfterTheOtherInTheOrderOfTheInput() {
    ExampleRun run = started("40-interleaved-routing");
    assertThat(run.active()).containsExactly("sections[0][1]");
    run.succeed("sections[0][1]");
    assertThat(run.active()).containsExactly("sections[1][0]");
    run.succeed("sections[1][0]");
    assertThat(run.active()).containsExactly("sections[2][2]");
  }

  @Test
  void threadsMergeWhenTheLastHasEnded() {
    ExampleRun run = started("41-thread-merge");
    run.succeed("threads[0]");
    run.succeed("threads[2]");
    assertThat(run.active()).containsExactly("threads[1]");
    run.succeed("threads[1]");
    assertThat(run.active()).containsExactly("publish");
  }

  @Test
  void splitThreadsGoOnEachForItself() {
    ExampleRun run = started("42-thread-split");

    run.succeed("threads[1].write");

    assertThat(run.active()).containsExactly("threads[0].write", "threads[1].check");
  }

  /** The page counts its own rows rightly, and every example is in one that says so. */
  @Test
  void thePageIsWhatTheExamplesShow() throws IOException {
    List<String> rows =
        Files.readAllLines(Path.of("..", "docs", "patterns.md")).stream()
            .filter(line -> line.matches("\\| \\d+ \\|.*"))
            .toList();
    Map<String, Long> answers =
        rows.stream()
            .map(row -> row.replaceAll("\\| \\d+ \\| [^|]+ \\| (\\w+) .*", "$1"))
            .collect(Collectors.groupingBy(answer -> answer, Collectors.counting()));
    List<String> shown =
        rows.stream()
            .filter(row -> row.contains("| yes |"))
            .map(row -> row.replaceAll(".*/patterns/([^)]*)\\).*", "$1"))
            .toList();

    assertThat(rows).hasSize(43);
    assertThat(answers).isEqualTo(Map.of("yes", 32L, "partly", 4L, "no", 7L));
    assertThat(shown)
        .containsExactlyElementsOf(
            ExampleRun.files("patterns").stream()
                .map(file -> file.getFileName().toString())
                .toList());
  }

  private static ExampleRun started(String pattern) {
    return ExampleRun.started("patterns/wcp-" + pattern + ".yaml");
  }
}
