package io.ligature.state.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.ligature.avro.RetryTask;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What a retry takes back, and what it cannot: the rows of docs/engine.md. */
class RetryRowsTest {

  private static void isRejected(FakeWorld world, String task) {
    Orders.of(world).retry(task, null);
    assertThat(world.lastEvents()).containsExactly("CommandRejected");
  }

  @Test
  void c20AWorkflowThatFailedByItsDeadlineHasNoTaskToRetry() {
    FakeWorld world = FakeWorld.started("name: d\ndeadline: PT1M\ntasks:\n  a: { wait: PT1H }\n");
    world.fire("");

    isRejected(world, "a");
  }

  @Test
  void c16WhatWasHeldWhenItsWorkflowFailedLooksAtItsConditionWhenItIsReopened() {
    FakeWorld world =
        FakeWorld.started(
            """
            name: held
            tasks:
              a: { capability: x }
              b: { needs: [a], capability: x, when: "${tasks.a.output.made == 'other'}" }
              c: { capability: x }
            """);
    Orders orders = Orders.of(world);
    orders.pause();
    world.succeed("a");
    world.fail("c", "auth");
    assertThat(world.state("b")).isInstanceOf(TaskState.Cancelled.class);

    orders.retry("c", null);

    assertThat(world.state("b")).isInstanceOf(TaskState.Skipped.class);
    assertThat(world.state("c")).isInstanceOf(TaskState.Scheduled.class);
  }

  @Test
  void c15AReopenedTaskHasItsWholeTimeAgain() {
    FakeWorld world =
        FakeWorld.started(
            """
            name: again
            deadline: PT1H
            tasks:
              block: { timeout: PT10M, tasks: { a: { capability: x } } }
            """);
    world.fail("block.a", "auth");
    world.pass(Duration.ofHours(2));

    Orders.of(world).retry("block.a", null);

    assertThat(world.task("block").deadline()).isEqualTo(world.now.plusSeconds(600));
    assertThat(world.workflow().deadline()).isEqualTo(world.now.plusSeconds(3600));
  }

  @Test
  void c17AFailureThatAnotherTaskHandledIsNotRetried() {
    FakeWorld world =
        FakeWorld.started(
            """
            name: handled
            tasks:
              a: { capability: x }
              mend: { needs: { ended: [a] }, capability: y }
            """);
    world.fail("a", "auth");
    world.fail("mend", "auth");

    isRejected(world, "a");
    Orders.of(world).retry("mend", null);
    assertThat(world.attempt("mend")).isEqualTo("wf-1/mend#2");
  }

  @Test
  void c17AFailureThatWhatIsAroundItTookIsNotRetried() {
    FakeWorld world =
        FakeWorld.started(
            """
            name: taken
            tasks:
              block: { onError: { auth: skip }, tasks: { a: { capability: x } } }
              use: { needs: { ended: [block] }, capability: y }
            """);
    world.fail("block.a", "auth");
    world.fail("use", "auth");

    isRejected(world, "block.a");
  }

  @Test
  void c18AFailedChildIsRetriedByItsParentsTaskOnly() {
    FakeWorld world =
        FakeWorld.started(
            "name: p\ntasks:\n  sub: { workflow: { name: child } }\n",
            "name: child\ntasks:\n  a: { capability: y }\n");
    String child = "wf-1:sub:1";
    world.take(world.failure(child + "/a#1", "a1", "auth", "0.10", null, false));

    world.take(new RetryTask("r1", child, "a", "ann", "mended", null, world.now));

    assertThat(world.lastEvents()).containsExactly("CommandRejected");
    assertThat(world.workflow(child).status()).isEqualTo(WorkflowStatus.FAILED);
    world.take(new RetryTask("r2", FakeWorld.ID, "sub", "ann", "mended", null, world.now));
    assertThat(world.workflow("wf-1:sub:2").status()).isEqualTo(WorkflowStatus.RUNNING);
  }

  @Test
  void c19ATaskThatConsistsOfOthersIsNotRetriedItself() {
    FakeWorld world =
        FakeWorld.started("name: b\ntasks:\n  a: { tasks: { i: { capability: x } } }\n");
    world.fail("a.i", "auth");

    isRejected(world, "a");
  }
}
