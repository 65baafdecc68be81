package io.ligature.state.engine;

import static io.ligature.state.engine.FakeWorld.money;
import static org.assertj.core.api.Assertions.assertThat;

import io.ligature.avro.Decision;
import io.ligature.avro.Grade;
import io.ligature.avro.KeptResult;
import io.ligature.avro.RerunOrigin;
import io.ligature.avro.StartAccepted;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Commands by the status of the workflow: the rows of docs/engine.md. */
class ControlRowsTest {

  private static final String TRIP =
      """
      name: trip
      deadline: PT1H
      budget: { maxCost: 1.00, onExceeded: fail }
      tasks:
        book: { capability: x, compensate: { capability: unbook } }
        pay: { needs: [book], capability: x }
        paid: { needs: [pay], signal: { name: paid } }
        last: { needs: [paid], capability: x }
      """;

  private static FakeWorld booked() {
    FakeWorld world = FakeWorld.started(TRIP);
    world.succeed("book");
    return world;
  }

  private static FakeWorld compensating() {
    FakeWorld world = booked();
    world.fail("pay", "auth");
    return world;
  }

  private static void isRejected(FakeWorld world, Consumer<Orders> order) {
    order.accept(Orders.of(world));
    assertThat(world.lastEvents()).containsExactly("CommandRejected");
  }

  @Test
  void c8ASignalInAPauseEndsItsTaskAndWhatFollowsIsHeld() {
    FakeWorld world = booked();
    world.succeed("pay");
    Orders orders = Orders.of(world);
    orders.pause();

    orders.signal("paid", null, "5");

    assertThat(world.output("paid")).isEqualTo("5");
    assertThat(world.state("last")).isInstanceOf(TaskState.Held.class);
  }

  @Test
  void c7C9C25WhatIsBeingUndoneIsNotPausedResumedSignalledOrSkipped() {
    isRejected(compensating(), Orders::pause);
    isRejected(compensating(), Orders::resume);
    isRejected(compensating(), orders -> orders.signal("paid", null, "5"));
    isRejected(compensating(), orders -> orders.skip("pay"));
    isRejected(compensating(), orders -> orders.skip("book!"));
  }

  @Test
  void c13ARetryWhileWhatFailedIsBeingUndoneIsRejected() {
    isRejected(compensating(), orders -> orders.retry("pay", null));
  }

  @Test
  void c12AWaitingRetryOfWhatUndoesIsTakenAtOnce() {
    FakeWorld world = compensating();
    world.fail("book!", "rate_limited");

    Orders.of(world).retry("book!", null);

    assertThat(world.attempt("book!")).isEqualTo("wf-1/book!#2");
  }

  @Test
  void c11AWaitingRetryThatIsAskedForInAPauseIsHeld() {
    FakeWorld world = booked();
    world.fail("pay", "rate_limited");
    Orders orders = Orders.of(world);
    orders.pause();

    orders.retry("pay", null);

    assertThat(world.state("pay")).isInstanceOf(TaskState.Held.class);
  }

  @Test
  void c19AWorkflowThatFailedByItsDeadlineHasNoTaskToRetry() {
    FakeWorld world = FakeWorld.started("name: d\ndeadline: PT1M\ntasks:\n  a: { wait: PT1H }\n");
    world.fire("");

    isRejected(world, orders -> orders.retry("a", null));
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
  void c23ASkippedTaskMayBeOneThatHasNotBegunButNotAnItem() {
    FakeWorld world = booked();
    Orders.of(world).skip("last");
    assertThat(world.state("last")).isInstanceOf(TaskState.Skipped.class);

    FakeWorld fan =
        FakeWorld.started(
            "name: f\ntasks:\n  a: { forEach: { in: \"${[1, 2]}\", concurrency: 1, do: {"
                + " capability: x } } }\n");
    isRejected(fan, orders -> orders.skip("a[1]"));
    isRejected(fan, orders -> orders.skip("nothing"));
  }

  @Test
  void c30AnOpenReviewOfTheBudgetStaysOpenWhenTheBudgetIsExtended() {
    FakeWorld world =
        FakeWorld.started(
            """
            name: money
            budget: { maxCost: 1.00, onExceeded: review }
            tasks:
              a: { capability: x, constraints: { maxCost: 0.60 } }
              b: { capability: x, constraints: { maxCost: 0.60 } }
            """);

    Orders.of(world).extend("1.00");
    assertThat(world.state("b")).isInstanceOf(TaskState.WaitingForReview.class);
    world.decide("b", Decision.approve);

    assertThat(world.ledger().maxCost()).isEqualTo(money("2.00"));
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

    isRejected(world, orders -> orders.retry("a", null));
    Orders.of(world).retry("mend", null);
    assertThat(world.attempt("mend")).isEqualTo("wf-1/mend#2");
  }

  @Test
  void c18ATaskThatConsistsOfOthersIsNotRetriedItself() {
    FakeWorld world =
        FakeWorld.started("name: b\ntasks:\n  a: { tasks: { i: { capability: x } } }\n");
    world.fail("a.i", "auth");

    isRejected(world, orders -> orders.retry("a", null));
  }

  @Test
  void c31ABudgetIsOnlyEverRaisedWhereThereIsOne() {
    isRejected(booked(), orders -> orders.extend("0"));
    isRejected(
        FakeWorld.started("name: n\ntasks:\n  a: { capability: x }\n"),
        orders -> orders.extend("1"));
  }

  @Test
  void c34AfterTheEndEveryCommandButARetryIsIgnored() {
    FakeWorld world = booked();
    Orders orders = Orders.of(world);
    orders.cancel(false);

    assertThat(orders.pause().ignored()).isEqualTo("the workflow is cancelled");
    assertThat(orders.signal("paid", null, "1").ignored()).isNotNull();
    assertThat(orders.skip("pay").ignored()).isNotNull();
    assertThat(orders.extend("1").ignored()).isNotNull();
    assertThat(orders.cancel(true).ignored()).isNotNull();
    isRejected(world, retry -> retry.retry("pay", null));
  }

  private static FakeWorld rerun() {
    FakeWorld world = FakeWorld.of(TRIP);
    StartAccepted first = world.startRecord("{}");
    KeptResult book = new KeptResult("book", Grade.clean, FakeWorld.json("{\"id\":1}"));
    world.take(
        new StartAccepted(
            first.getStart(),
            first.getDefinition(),
            first.getAcceptedAt(),
            first.getPins(),
            first.getChildren(),
            null,
            new RerunOrigin("wf-0", "pay", "ann", "again", List.of(book))));
    return world;
  }

  @Test
  void c32AReRunBeginsBehindWhatItKeeps() {
    FakeWorld world = rerun();

    assertThat(world.output("book")).isEqualTo("{\"id\":1}");
    assertThat(world.task("book").attempt()).isZero();
    assertThat(world.attempt("pay")).isEqualTo("wf-1/pay#1");
  }

  @Test
  void s6WhatAReRunKeptIsNotUndone() {
    FakeWorld world = rerun();

    world.fail("pay", "auth");

    assertThat(world.workflow().status()).isEqualTo(WorkflowStatus.FAILED);
  }
}
