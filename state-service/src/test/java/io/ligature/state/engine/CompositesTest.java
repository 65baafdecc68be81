package io.ligature.state.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.ligature.schemas.wire.Payloads;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Fan-outs, loops, choices and blocks. */
class CompositesTest {

  private static final String FAN =
      """
      name: fan
      tasks:
        list: { capability: x }
        fan:
          needs: [list]
          forEach:
            in: "${tasks.list.output.items}"
            as: city
            concurrency: 2
            mode: %s
            do: { capability: y, input: { city: "${city}", at: "${index}" } %s }
        after: { needs: [fan], capability: z, input: "${tasks.fan.output}" }
      output: "${tasks.fan.output}"
      """;

  private static FakeWorld fan(String mode, String more) {
    FakeWorld world = FakeWorld.started(FAN.formatted(mode, more));
    world.succeed("list", "{\"items\":[\"Rome\",\"Oslo\",\"Lima\"]}", "0.01", 0.9);
    return world;
  }

  private static String input(FakeWorld world) {
    return Payloads.parse(world.lastDispatch().orElseThrow().getInput()).toString();
  }

  @Test
  void t10E1RunsSoManyItemsAtOnceAndTheNextWhenOneEnds() {
    FakeWorld world = fan("stopOnFailure", "");

    assertThat(world.lastEvents())
        .containsExactly("TaskSucceeded", "TaskExpanded", "AttemptScheduled", "AttemptScheduled");
    assertThat(world.state("fan[2]")).isInstanceOf(TaskState.Pending.class);
    world.succeed("fan[1]", "\"1\"", "0.01", null);
    assertThat(world.lastEvents()).containsExactly("TaskSucceeded", "AttemptScheduled");
    assertThat(input(world)).isEqualTo("{\"city\":\"Lima\",\"at\":2}");
  }

  @Test
  void putsTheOutputsInTheOrderOfTheItems() {
    FakeWorld world = fan("stopOnFailure", "");

    world.succeed("fan[1]", "{\"n\":1}", "0.01", null);
    world.succeed("fan[2]", "{\"n\":2}", "0.01", null);
    world.succeed("fan[0]", "{\"n\":0}", "0.01", null);

    assertThat(world.output("fan")).isEqualTo("[{\"n\":0},{\"n\":1},{\"n\":2}]");
    assertThat(world.state("after")).isInstanceOf(TaskState.Scheduled.class);
  }

  @Test
  void e2TheFirstFailedItemStopsTheOthers() {
    FakeWorld world = fan("stopOnFailure", "");

    world.fail("fan[0]", "auth");

    assertThat(world.lastEvents())
        .containsExactly(
            "AttemptFailed", "TaskFailed", "TaskCancelled", "TaskFailed", "WorkflowFailed");
    assertThat(world.state("fan[1]")).isInstanceOf(TaskState.Cancelled.class);
    assertThat(world.state("fan[2]")).isInstanceOf(TaskState.Pending.class);
    assertThat(world.lastEffects()).containsExactly("CancelTask");
  }

  @Test
  void e3CollectTellsWhatBecameOfEachItem() {
    FakeWorld world = fan("collect", "");

    world.fail("fan[0]", "auth");
    world.succeed("fan[1]", "7", "0.01", null);
    world.succeed("fan[2]", "8", "0.01", null);

    assertThat(world.output("fan"))
        .isEqualTo(
            "[{\"status\":\"failed\",\"output\":null,\"error\":{\"kind\":\"auth\",\"message\":\"it"
                + " went wrong\"}},{\"status\":\"succeeded\",\"output\":7,\"error\":null},"
                + "{\"status\":\"succeeded\",\"output\":8,\"error\":null}]");
    assertThat(world.state("fan"))
        .isEqualTo(new TaskState.Succeeded(io.ligature.avro.Grade.degraded));
  }

  @Test
  void e5SkipsItemsWhoseConditionIsNotTrue() {
    FakeWorld world = fan("stopOnFailure", ", when: \"${city != 'Oslo'}\"");

    assertThat(world.state("fan[1]")).isInstanceOf(TaskState.Skipped.class);
    world.succeed("fan[0]", "0", "0.01", null);
    world.succeed("fan[2]", "2", "0.01", null);

    assertThat(world.output("fan")).isEqualTo("[0,null,2]");
  }

  @Test
  void e4AnEmptyListIsDoneAtOnce() {
    FakeWorld world = FakeWorld.started(FAN.formatted("stopOnFailure", ""));
    world.succeed("list", "{\"items\":[]}", "0.01", 0.9);

    assertThat(world.output("fan")).isEqualTo("[]");
    assertThat(world.state("after")).isInstanceOf(TaskState.Scheduled.class);
  }

  @Test
  void whatIsNoListFailsTheTask() {
    FakeWorld world = FakeWorld.started(FAN.formatted("stopOnFailure", ""));
    world.succeed("list", "{\"items\":3}", "0.01", 0.9);

    assertThat(world.workflow().failure().getKind()).isEqualTo("invalid_input");
    assertThat(world.workflow().failure().getMessage())
        .isEqualTo("forEach.in of fan is no list but NUMBER");
  }

  @Test
  void l2MoreItemsThanTheLimitFailTheTask() {
    FakeWorld world = FakeWorld.started(FAN.formatted("stopOnFailure", ""));
    String items =
        IntStream.range(0, 10_001).mapToObj(Integer::toString).collect(Collectors.joining(","));
    world.succeed("list", "{\"items\":[" + items + "]}", "0.01", 0.9);

    assertThat(world.workflow().failure().getKind()).isEqualTo("limit_exceeded");
    assertThat(world.workflow().failure().getMessage())
        .isEqualTo("the list has 10001 items, more than 10000 (ligature.state.engine.max-items)");
  }

  private static final String LOOP =
      """
      name: loop
      tasks:
        draft:
          repeat:
            until: "${last.score >= 8 || iteration == 9}"
            max: 3
            onMax: %s
            do: { capability: write, input: { before: "${last}", n: "${iteration}" } }
      output: "${tasks.draft.output}"
      """;

  @Test
  void e6RepeatsWithTheLastResultUntilItIsGoodEnough() {
    FakeWorld world = FakeWorld.started(LOOP.formatted("fail"));
    assertThat(input(world)).isEqualTo("{\"before\":null,\"n\":1}");

    world.succeed("draft~1", "{\"score\":5}", "0.01", null);
    assertThat(input(world)).isEqualTo("{\"before\":{\"score\":5},\"n\":2}");
    world.succeed("draft~2", "{\"score\":8}", "0.01", null);

    assertThat(world.output("draft")).isEqualTo("{\"score\":8}");
    assertThat(world.workflow().status()).isEqualTo(WorkflowStatus.COMPLETED);
  }

  @Test
  void e7FailsAfterTheLastIterationOrAcceptsItAsDegraded() {
    FakeWorld strict = FakeWorld.started(LOOP.formatted("fail"));
    FakeWorld lenient = FakeWorld.started(LOOP.formatted("accept"));
    for (int i = 1; i <= 3; i++) {
      strict.succeed("draft~" + i, "{\"score\":1}", "0.01", null);
      lenient.succeed("draft~" + i, "{\"score\":" + i + "}", "0.01", null);
    }

    assertThat(strict.workflow().failure().getKind()).isEqualTo("limit_exceeded");
    assertThat(lenient.output("draft")).isEqualTo("{\"score\":3}");
    assertThat(lenient.state("draft"))
        .isEqualTo(new TaskState.Succeeded(io.ligature.avro.Grade.degraded));
  }

  @Test
  void anExpressionThatCannotBeEvaluatedEndsTheLoop() {
    FakeWorld world = FakeWorld.started(LOOP.formatted("fail"));

    world.succeed("draft~1", "{\"points\":5}", "0.01", null);

    assertThat(world.workflow().failure().getKind()).isEqualTo("invalid_input");
  }

  private static final String CHOICE =
      """
      name: choice
      tasks:
        route:
          choose:
            - { when: "${input.topic == 'ants'}", do: { capability: ants } }
            - { when: "${input.topic == 'bees'}", do: { capability: bees } }
            %s
        after: { needs: [route], capability: z }
      """;

  @Test
  void e10TakesTheFirstBranchThatHolds() {
    FakeWorld world = FakeWorld.started(CHOICE.formatted("- { do: { capability: other } }"));

    assertThat(world.lastDispatch().orElseThrow().getCapability()).isEqualTo("bees");
    world.succeed("route[1]", "{\"b\":1}", "0.01", null);

    assertThat(world.output("route")).isEqualTo("{\"b\":1}");
    assertThat(world.state("after")).isInstanceOf(TaskState.Scheduled.class);
  }

  @Test
  void e11SkipsAChoiceNoneOfWhoseBranchesHolds() {
    FakeWorld world = FakeWorld.of(CHOICE.formatted(""));
    world.take(world.startRecord("{\"topic\":\"cats\"}"));

    assertThat(world.state("route")).isInstanceOf(TaskState.Skipped.class);
    assertThat(world.state("after")).isInstanceOf(TaskState.Skipped.class);
    assertThat(world.workflow().status()).isEqualTo(WorkflowStatus.COMPLETED);
  }

  private static final String NESTED =
      """
      name: nested
      tasks:
        word: { capability: x }
        fan:
          needs: [word]
          forEach:
            in: "${[1, 2]}"
            as: n
            do:
              tasks:
                word: { capability: inner, input: { n: "${n}" } }
                twice:
                  needs: [word]
                  repeat:
                    until: "${iteration == 2}"
                    max: 2
                    do: { capability: y, input: { own: "${tasks.word.output.w}", n: "${n}" } }
              output: { w: "${tasks.word.output.w}", t: "${tasks.twice.output}" }
      output: "${tasks.fan.output}"
      """;

  @Test
  void e12NamesOfABlockHideThoseAroundItAndLoopsNest() {
    FakeWorld world = FakeWorld.started(NESTED);
    world.succeed("word", "{\"w\":\"outer\"}", "0.01", null);
    world.succeed("fan[0].word", "{\"w\":\"first\"}", "0.01", null);
    assertThat(input(world)).isEqualTo("{\"own\":\"first\",\"n\":1}");
    world.succeed("fan[0].twice~1", "1", "0.01", null);
    world.succeed("fan[0].twice~2", "2", "0.01", null);
    world.succeed("fan[1].word", "{\"w\":\"second\"}", "0.01", null);
    world.succeed("fan[1].twice~1", "3", "0.01", null);
    world.succeed("fan[1].twice~2", "4", "0.01", null);

    assertThat(world.output("fan"))
        .isEqualTo("[{\"w\":\"first\",\"t\":2},{\"w\":\"second\",\"t\":4}]");
    assertThat(world.workflow().status()).isEqualTo(WorkflowStatus.COMPLETED);
  }

  @Test
  void f7AFailureInsideIsHandledByTheTaskAroundIt() {
    FakeWorld world =
        FakeWorld.started(
            """
            name: handled
            tasks:
              block:
                onError: { auth: skip }
                tasks:
                  a: { capability: x }
                  b: { capability: x }
                  c: { capability: x, needs: [a, b] }
              after: { needs: { ended: [block] }, capability: y }
            """);

    world.fail("block.a", "auth");

    assertThat(world.state("block")).isInstanceOf(TaskState.Skipped.class);
    assertThat(world.state("block.b")).isInstanceOf(TaskState.Cancelled.class);
    assertThat(world.state("after")).isInstanceOf(TaskState.Scheduled.class);
  }

  @Test
  void f5ATaskThatNeedsOthersToHaveEndedSeesTheirFailure() {
    FakeWorld world =
        FakeWorld.started(
            """
            name: caught
            tasks:
              risky: { capability: x }
              mend:
                needs: { ended: [risky] }
                when: "${tasks.risky.status == 'failed'}"
                capability: y
                input: { why: "${tasks.risky.error.kind}" }
            """);

    world.fail("risky", "auth");

    assertThat(input(world)).isEqualTo("{\"why\":\"auth\"}");
    world.succeed("mend");
    assertThat(world.workflow().status()).isEqualTo(WorkflowStatus.COMPLETED);
  }
}
