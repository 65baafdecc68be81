package io.ligature.state.engine;

import static io.ligature.state.engine.FakeWorld.money;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What a failure or an end does to what is around it: the rows of docs/engine.md. */
class FailureRowsTest {

  @Test
  void f6AFailureThatOneDependentHandlesAndAnotherNeedsFailsWhatIsAround() {
    FakeWorld world =
        FakeWorld.started(
            """
            name: both
            tasks:
              a: { capability: x }
              mend: { needs: { ended: [a] }, capability: y }
              use: { needs: [a], capability: y }
            """);

    world.fail("a", "auth");

    assertThat(world.workflow().failedTask()).isEqualTo("a");
    assertThat(world.state("mend")).isInstanceOf(TaskState.Cancelled.class);
    assertThat(world.state("use")).isInstanceOf(TaskState.Pending.class);
  }

  private static final String DEEP =
      """
      name: deep
      tasks:
        outer:
          %s
          tasks:
            inner: { %s tasks: { a: { capability: x }, b: { capability: x } } }
            beside: { capability: x }
        after: { needs: { ended: [outer] }, capability: y }
      """;

  @Test
  void f8AFailureGoesOutwardsUntilALadderTakesIt() {
    FakeWorld near = FakeWorld.started(DEEP.formatted("", "onError: { auth: skip },"));
    FakeWorld far = FakeWorld.started(DEEP.formatted("onError: { auth: skip }", ""));

    near.fail("outer.inner.a", "auth");
    far.fail("outer.inner.a", "auth");

    assertThat(near.state("outer.inner")).isInstanceOf(TaskState.Skipped.class);
    assertThat(near.state("outer.beside")).isInstanceOf(TaskState.Scheduled.class);
    assertThat(far.state("outer.inner")).isInstanceOf(TaskState.Failed.class);
    assertThat(far.state("outer.beside")).isInstanceOf(TaskState.Cancelled.class);
    assertThat(far.state("outer")).isInstanceOf(TaskState.Skipped.class);
    assertThat(far.state("after")).isInstanceOf(TaskState.Scheduled.class);
  }

  @Test
  void f12C21AnOutputThatCannotBeMadeFailsTheWorkflowAndUndoesIt() {
    FakeWorld world =
        FakeWorld.started(
            """
            name: out
            tasks:
              a: { capability: x, compensate: { capability: unx } }
            output: { it: "${tasks.a.output.missing}" }
            """);

    world.succeed("a");

    assertThat(world.workflow().status()).isEqualTo(WorkflowStatus.COMPENSATING);
    world.succeed("a!");
    assertThat(world.workflow().failedTask()).isNull();
    assertThat(world.workflow().failure().getKind()).isEqualTo("invalid_input");
    Orders.of(world).retry("a", null);
    assertThat(world.lastEvents()).containsExactly("CommandRejected");
  }

  @Test
  void f10AFaultOfAnExpressionCanGoToAReviewButNotToARetry() {
    FakeWorld world =
        FakeWorld.started(
            """
            name: e
            tasks:
              a:
                capability: x
                input: "${input.missing}"
                onError: { invalid_input: [ { retry: { max: 3 } }, { review: { role: editor } } ] }
            """);

    assertThat(world.task("a").attempt()).isZero();
    assertThat(world.state("a")).isInstanceOf(TaskState.WaitingForReview.class);
  }

  private static final String MANY =
      """
      name: many
      budget: { maxCost: 5.00, onExceeded: fail }
      deadline: PT10M
      tasks:
        runs: { capability: x, constraints: { maxCost: 0.40 } }
        retries: { capability: x }
        waits: { wait: PT1H }
        listens: { signal: { name: go } }
        block: { tasks: { inner: { capability: x } } }
        never: { needs: [runs], capability: x }
      """;

  private static FakeWorld ended() {
    FakeWorld world = FakeWorld.started(MANY);
    world.claim("runs", "a1");
    world.fail("retries", "rate_limited");
    Orders.of(world).cancel(false);
    return world;
  }

  @Test
  void x1T1WhatNeverBeganStaysPending() {
    assertThat(ended().state("never")).isInstanceOf(TaskState.Pending.class);
  }

  @Test
  void x3AClaimedAttemptIsChargedUntilItsResultWhichIsNotTaken() {
    FakeWorld world = ended();
    assertThat(world.ledger().spent()).isEqualTo(money("0.40"));
    assertThat(world.lastEffects()).contains("CancelTask");

    world.take(world.success("wf-1/runs#1", "a1", "{}", "0.15", null));

    assertThat(world.ledger().spent()).isEqualTo(money("0.15"));
    assertThat(world.state("runs")).isInstanceOf(TaskState.Cancelled.class);
    assertThat(world.output("runs")).isEmpty();
  }

  @Test
  void x5WhatOnlyWaitsIsCancelledWithItsTimer() {
    FakeWorld world = ended();

    for (String task : new String[] {"retries", "waits", "listens"}) {
      assertThat(world.state(task)).isInstanceOf(TaskState.Cancelled.class);
    }
    assertThat(world.timers).isEmpty();
    assertThat(world.workflow().signals().waits()).isEmpty();
  }

  @Test
  void x8WhatIsInsideEndsBeforeWhatItIsInsideOf() {
    FakeWorld world = ended();

    assertThat(
            world.last.events().stream()
                .filter(e -> e.event() instanceof Event.TaskCancelled)
                .map(e -> ((Event.TaskCancelled) e.event()).body().getTask()))
        .containsSubsequence("block.inner", "block");
  }

  private static FakeWorld loop(String when) {
    return FakeWorld.started(
        """
        name: loop
        tasks:
          a: { repeat: { until: "${last != null}", max: 3, onMax: accept, do: { capability: x %s } } }
        """
            .formatted(when));
  }

  @Test
  void e8AnIterationThatFailsFailsItsLoop() {
    FakeWorld world = loop("");

    world.fail("a~1", "auth");

    assertThat(world.state("a")).isInstanceOf(TaskState.Failed.class);
    assertThat(world.workflow().failure().getKind()).isEqualTo("auth");
  }

  @Test
  void e9AnIterationThatIsSkippedLeavesNullBehind() {
    FakeWorld world = loop(", when: \"${iteration == 3}\"");

    assertThat(world.state("a~2")).isInstanceOf(TaskState.Skipped.class);
    assertThat(world.state("a~3")).isInstanceOf(TaskState.Scheduled.class);
  }

  @Test
  void e13ABlockWithoutAnOutputGivesNull() {
    FakeWorld world =
        FakeWorld.started("name: b\ntasks:\n  a: { tasks: { i: { capability: x } } }\n");

    world.succeed("a.i");

    assertThat(world.output("a")).isEmpty();
    assertThat(world.workflow().status()).isEqualTo(WorkflowStatus.COMPLETED);
  }

  @Test
  void j15AJoinThatIsMetInAPauseLooksAtTheConditionAfterIt() {
    FakeWorld world =
        FakeWorld.started(
            """
            name: paused
            tasks:
              a: { capability: x }
              b: { needs: [a], capability: x, when: "${tasks.a.output.made == 'other'}" }
            """);
    Orders orders = Orders.of(world);
    orders.pause();

    world.succeed("a");
    assertThat(world.state("b")).isInstanceOf(TaskState.Held.class);
    orders.resume();

    assertThat(world.state("b")).isInstanceOf(TaskState.Skipped.class);
  }
}
