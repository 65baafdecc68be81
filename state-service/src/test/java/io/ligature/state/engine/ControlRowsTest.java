package io.ligature.state.engine;

import static io.ligature.state.engine.FakeWorld.money;
import static org.assertj.core.api.Assertions.assertThat;

import io.ligature.avro.Decision;
import io.ligature.avro.Grade;
import io.ligature.avro.KeptResult;
import io.ligature.avro.RerunOrigin;
import io.ligature.avro.StartAccepted;
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
  void c7C9C26WhatIsBeingUndoneIsNotPausedResumedSignalledOrSkipped() {
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
  void c24ASkippedTaskMayBeOneThatHasNotBegunButNotAnItem() {
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
  void c31AnOpenReviewOfTheBudgetStaysOpenWhenTheBudgetIsExtended() {
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
  void c32ABudgetIsOnlyEverRaisedWhereThereIsOne() {
    isRejected(booked(), orders -> orders.extend("0"));
    isRejected(
        FakeWorld.started("name: n\ntasks:\n  a: { capability: x }\n"),
        orders -> orders.extend("1"));
  }

  @Test
  void c35AfterTheEndEveryCommandButARetryIsIgnored() {
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
  void c33AReRunBeginsBehindWhatItKeeps() {
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
