package io.ligature.state.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.ligature.schemas.wire.PayloadLimit;
import io.ligature.state.engine.Tuning.Nesting;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Limits, at their edges: the rows of docs/engine.md. */
class LimitRowsTest {

  private static FakeWorld limited(Nesting nesting, int maxBytes, String yaml) {
    Tuning usual = Tuning.DEFAULT;
    Tuning tuning =
        new Tuning(
            usual.queueSlack(),
            usual.reportSlack(),
            usual.silentOffers(),
            usual.firstOffer(),
            usual.longestOffer(),
            usual.maxAttempts(),
            new PayloadLimit(maxBytes),
            nesting,
            usual.longestWait(),
            usual.maxCritique(),
            usual.limitedWait(),
            usual.maxConsequences(),
            usual.reviewPolicy());
    FakeWorld world = new FakeWorld(FakeWorld.definition(yaml), tuning);
    world.start();
    return world;
  }

  private static String kind(FakeWorld world) {
    return world.workflow().failure().getKind();
  }

  @Test
  void l3NoMoreItemsRunAtOnceThanTheSettingWhateverTheDefinitionSays() {
    FakeWorld world =
        limited(
            new Nesting(10, 1, 2, 8, 8),
            10_000,
            "name: f\ntasks:\n  a: { forEach: { in: \"${[1, 2, 3]}\", concurrency: 9, do: {"
                + " capability: x } } }\n");

    assertThat(world.state("a[1]")).isInstanceOf(TaskState.Scheduled.class);
    assertThat(world.state("a[2]")).isInstanceOf(TaskState.Pending.class);
  }

  private static final String TWO_SIGNALS =
      """
      name: s
      tasks:
        one: { signal: { name: go } }
        two: { signal: { name: go } }
        hold: { capability: x }
        late: { needs: [hold], signal: { name: early } }
      """;

  @Test
  void l5OneMoreWaitForASignalThanTheLimitFailsItsTask() {
    FakeWorld fits = limited(new Nesting(10, 1, 2, 8, 2), 10_000, TWO_SIGNALS);
    FakeWorld over = limited(new Nesting(10, 1, 2, 8, 1), 10_000, TWO_SIGNALS);

    assertThat(fits.workflow().isOpen()).isTrue();
    assertThat(over.workflow().failedTask()).isEqualTo("two");
    assertThat(kind(over)).isEqualTo("limit_exceeded");
  }

  @Test
  void l6OneMoreEarlySignalThanTheLimitIsRejected() {
    FakeWorld world = limited(new Nesting(10, 1, 2, 8, 2), 10_000, TWO_SIGNALS);
    Orders orders = Orders.of(world);

    orders.signal("early", null, "1");
    orders.signal("early", null, "2");
    assertThat(world.lastEvents()).containsExactly("SignalReceived");
    orders.signal("early", null, "3");

    assertThat(world.lastEvents()).containsExactly("CommandRejected");
  }

  @Test
  void l7ALongerWaitThanTheLimitFailsItsTask() {
    FakeWorld fits = FakeWorld.started("name: w\ntasks:\n  a: { wait: P3650D }\n");
    FakeWorld over =
        FakeWorld.started("name: w\ntasks:\n  a: { wait: { until: \"9000-01-01T00:00:00Z\" } }\n");

    assertThat(fits.workflow().isOpen()).isTrue();
    assertThat(kind(over)).isEqualTo("invalid_input");
  }

  @Test
  void l8AnInputLargerThanAPayloadMayBeFailsItsTask() {
    String yaml = "name: p\ntasks:\n  a: { capability: x, input: \"%s\" }\n";

    FakeWorld fits = limited(Nesting.DEFAULT, 100, yaml.formatted("y".repeat(98)));
    FakeWorld over = limited(Nesting.DEFAULT, 100, yaml.formatted("y".repeat(99)));

    assertThat(fits.workflow().isOpen()).isTrue();
    assertThat(kind(over)).isEqualTo("invalid_input");
  }

  @Test
  void l9TheIdsOfTheLastCommandsAreKept() {
    FakeWorld world = FakeWorld.started("name: p\ntasks:\n  a: { capability: x }\n");
    Orders orders = Orders.of(world);

    for (int i = 0; i < 2 * WorkflowRow.RECENT_COMMANDS; i++) {
      orders.extend("1");
    }

    assertThat(world.workflow().recentCommands()).hasSize(WorkflowRow.RECENT_COMMANDS);
  }

  @Test
  void l10OutputsThatTogetherAreTooLargeFailTheirFanOut() {
    String items = IntStream.range(0, 3).mapToObj(Integer::toString).collect(Collectors.joining());
    FakeWorld world =
        limited(
            new Nesting(10, 9, 9, 8, 8),
            100,
            "name: f\ntasks:\n  a: { forEach: { in: \"${[1, 2]}\", do: { capability: x } } }\n");
    String big = "\"" + items.repeat(20) + "\"";

    world.succeed("a[0]", big, null, null);
    world.succeed("a[1]", big, null, null);

    assertThat(kind(world)).isEqualTo("invalid_input");
    assertThat(world.workflow().failure().getMessage()).endsWith("or set aggregate: none");
  }

  private static List<String> written(FakeWorld world) {
    return world.last.changes().tasks().stream().map(TaskRow::task).sorted().toList();
  }

  @Test
  void k1AStartWritesTheTasksThatBegin() {
    FakeWorld world =
        FakeWorld.started(
            "name: k\ntasks:\n  a: { capability: x }\n  b: { needs: [a], capability: x }\n");

    assertThat(written(world)).containsExactly("a");
  }

  @Test
  void k2AResultWritesItsTaskAndThoseThatNeedIt() {
    FakeWorld world =
        FakeWorld.started(
            """
            name: k
            tasks:
              a: { capability: x }
              b: { needs: [a], capability: x }
              c: { needs: [b], capability: x }
              beside: { capability: x }
            """);

    world.succeed("a");

    assertThat(written(world)).containsExactly("a", "b");
    assertThat(world.last.changes().workflows()).hasSize(1);
  }

  @Test
  void k3AnItemThatEndsWritesItselfItsFanOutAndTheNextHoweverManyThereAre() {
    FakeWorld world =
        FakeWorld.started(
            "name: k\ntasks:\n  a: { forEach: { in: \"${[1, 2, 3, 4, 5, 6]}\", concurrency: 3,"
                + " do: { capability: x } } }\n");

    world.succeed("a[1]");

    assertThat(written(world)).containsExactly("a", "a[1]", "a[3]");
  }

  @Test
  void k4WhatIsCancelledWritesEveryTaskThatRuns() {
    FakeWorld world =
        FakeWorld.started(
            """
            name: k
            tasks:
              a: { capability: x }
              b: { capability: x }
              c: { needs: [a], capability: x }
            """);

    Orders.of(world).cancel(false);

    assertThat(written(world)).containsExactly("a", "b");
  }
}
