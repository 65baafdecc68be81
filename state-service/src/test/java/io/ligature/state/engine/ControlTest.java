package io.ligature.state.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.ligature.avro.CancelWorkflow;
import io.ligature.avro.PauseWorkflow;
import io.ligature.avro.ResumeWorkflow;
import io.ligature.avro.RetryTask;
import io.ligature.avro.SkipTask;
import io.ligature.schemas.wire.Payloads;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Pause, resume, retry, skip, cancel with compensation; shares of the budget. */
class ControlTest {

  private int commands;

  private String id() {
    return "c" + commands++;
  }

  private void pause(FakeWorld world) {
    world.take(new PauseWorkflow(id(), FakeWorld.ID, "ann", "lunch", world.now));
  }

  private void resume(FakeWorld world) {
    world.take(new ResumeWorkflow(id(), FakeWorld.ID, "ann", "back", world.now));
  }

  private void retry(FakeWorld world, String task, @Nullable String input) {
    world.take(
        new RetryTask(
            id(),
            FakeWorld.ID,
            task,
            "ann",
            "mended",
            input == null ? null : FakeWorld.json(input),
            world.now));
  }

  private void skip(FakeWorld world, String task) {
    world.take(new SkipTask(id(), FakeWorld.ID, task, "ann", "not needed", world.now));
  }

  private static final String PAIR =
      """
      name: pair
      tasks:
        a: { capability: x }
        b: { capability: x, needs: [a], input: { v: "${tasks.a.output.made}" } }
      """;

  @Test
  void c2T11APausedWorkflowBeginsNothingAndGoesOnWhereItStood() {
    FakeWorld world = FakeWorld.started(PAIR);

    pause(world);
    world.succeed("a");
    assertThat(world.lastEvents()).containsExactly("TaskSucceeded", "TaskHeld");
    assertThat(world.workflow().status()).isEqualTo(WorkflowStatus.PAUSED);
    resume(world);

    assertThat(world.lastEvents()).containsExactly("WorkflowResumed", "AttemptScheduled");
    world.succeed("b");
    assertThat(world.workflow().status()).isEqualTo(WorkflowStatus.COMPLETED);
  }

  @Test
  void c5ARetryThatFallsDueInAPauseWaitsForItsEnd() {
    FakeWorld world = FakeWorld.started(PAIR);
    world.fail("a", "rate_limited");

    pause(world);
    world.fire("a");
    assertThat(world.lastEvents()).containsExactly("TaskHeld");
    resume(world);

    assertThat(world.task("a").attempt()).isEqualTo(2);
    assertThat(world.state("a")).isInstanceOf(TaskState.Scheduled.class);
  }

  @Test
  void c6PausingTwiceAndResumingWhatRunsIsRefusedWithTheReason() {
    FakeWorld world = FakeWorld.started(PAIR);

    resume(world);
    assertThat(world.lastEvents()).containsExactly("CommandRejected");
    pause(world);
    pause(world);
    assertThat(world.lastEvents()).containsExactly("CommandRejected");
  }

  @Test
  void c14T12AFailedWorkflowGoesOnWhenItsTaskIsRetriedWithAnotherInput() {
    FakeWorld world = FakeWorld.started(PAIR);
    world.succeed("a");
    world.fail("b", "invalid_input");
    assertThat(world.workflow().status()).isEqualTo(WorkflowStatus.FAILED);

    retry(world, "b", "{\"v\":\"better\"}");

    assertThat(world.lastEvents())
        .containsExactly("WorkflowReopened", "TaskReopened", "AttemptScheduled");
    var envelope = world.lastDispatch().orElseThrow();
    assertThat(envelope.getId()).isEqualTo("wf-1/b#2");
    assertThat(Payloads.parse(envelope.getInput()).toString()).isEqualTo("{\"v\":\"better\"}");
    world.succeed("b");
    assertThat(world.workflow().status()).isEqualTo(WorkflowStatus.COMPLETED);
  }

  @Test
  void c14RetryingAnItemTakesUpAgainWhatItsFailureStopped() {
    FakeWorld world =
        FakeWorld.started(
            """
            name: fan
            tasks:
              fan:
                forEach:
                  in: "${[1, 2, 3]}"
                  concurrency: 2
                  do: { capability: x }
              beside: { capability: x }
            """);
    world.fail("fan[0]", "auth");
    assertThat(world.workflow().status()).isEqualTo(WorkflowStatus.FAILED);

    retry(world, "fan[0]", null);

    assertThat(world.state("fan")).isInstanceOf(TaskState.Expanded.class);
    assertThat(world.attempt("fan[0]")).isEqualTo("wf-1/fan[0]#2");
    assertThat(world.attempt("fan[1]")).isEqualTo("wf-1/fan[1]#2");
    assertThat(world.attempt("beside")).isEqualTo("wf-1/beside#2");
    world.succeed("fan[0]");
    world.succeed("fan[1]");
    world.succeed("fan[2]");
    world.succeed("beside");
    assertThat(world.workflow().status()).isEqualTo(WorkflowStatus.COMPLETED);
  }

  @Test
  void c22WhatCannotBeRetriedIsRefusedWithTheReason() {
    FakeWorld world = FakeWorld.started(PAIR);

    retry(world, "nothing", null);
    assertThat(world.lastEvents()).containsExactly("CommandRejected");
    retry(world, "a", null);
    assertThat(world.lastEvents()).containsExactly("CommandRejected");
    world.succeed("a");
    retry(world, "a", null);
    assertThat(world.lastEvents()).containsExactly("CommandRejected");
    world.take(new CancelWorkflow(id(), FakeWorld.ID, "ann", "enough", world.now, false));
    retry(world, "b", null);
    assertThat(world.lastEvents()).containsExactly("CommandRejected");
  }

  @Test
  void c17AnItemWhoseFailureWasCollectedIsNotRetried() {
    FakeWorld world =
        FakeWorld.started(
            """
            name: collected
            tasks:
              fan: { forEach: { in: "${[1]}", mode: collect, do: { capability: x } } }
              after: { needs: [fan], capability: y }
            """);
    world.fail("fan[0]", "auth");
    world.fail("after", "auth");

    retry(world, "fan[0]", null);

    assertThat(world.lastEvents()).containsExactly("CommandRejected");
  }

  @Test
  void c10AWaitingRetryIsTakenAtOnce() {
    FakeWorld world = FakeWorld.started(PAIR);
    world.fail("a", "rate_limited");

    retry(world, "a", null);

    assertThat(world.lastEvents()).containsExactly("AttemptScheduled");
  }

  @Test
  void c23ASkippedTaskIsLetGoAndTheOthersGoOn() {
    FakeWorld world = FakeWorld.started(PAIR);

    skip(world, "a");

    assertThat(world.lastEvents())
        .containsExactly("AttemptFailed", "TaskSkipped", "TaskSkipped", "WorkflowCompleted");
    assertThat(world.lastEffects()).containsExactly("CancelTask");
  }

  @Test
  void c25ATaskThatHasEndedCannotBeSkipped() {
    FakeWorld world = FakeWorld.started(PAIR);
    world.succeed("a");

    skip(world, "a");

    assertThat(world.lastEvents()).containsExactly("CommandRejected");
  }

  private static final String TRIP =
      """
      name: trip
      tasks:
        hotel: { capability: book, compensate: { capability: unbook, input: { id: "${output.id}" } } }
        flight: { needs: [hotel], capability: book, compensate: { capability: unbook } }
        pay: { needs: [flight], capability: pay }
      """;

  private static FakeWorld booked() {
    FakeWorld world = FakeWorld.started(TRIP);
    world.succeed("hotel", "{\"id\":\"h1\"}", "0.10", null);
    world.succeed("flight", "{\"id\":\"f1\"}", "0.10", null);
    return world;
  }

  @Test
  void s1S4W3AFailureUndoesWhatSucceededTheLastFirst() {
    FakeWorld world = booked();

    world.fail("pay", "auth");
    assertThat(world.workflow().status()).isEqualTo(WorkflowStatus.COMPENSATING);
    assertThat(world.attempt("flight!")).isEqualTo("wf-1/flight!#1");
    assertThat(Payloads.parse(world.lastDispatch().orElseThrow().getInput()).toString())
        .isEqualTo("{\"id\":\"f1\"}");
    assertThat(world.state("hotel!")).isInstanceOf(TaskState.Pending.class);
    world.succeed("flight!");
    world.succeed("hotel!");

    assertThat(world.workflow().status()).isEqualTo(WorkflowStatus.FAILED);
    assertThat(world.workflow().failedTask()).isEqualTo("pay");
    assertThat(world.workflow().failure().getKind()).isEqualTo("auth");
  }

  @Test
  void s7WhatCannotBeUndoneIsLeftAndTheNextIsUndone() {
    FakeWorld world = booked();
    world.fail("pay", "auth");

    world.fail("flight!", "auth");

    assertThat(world.state("flight!")).isInstanceOf(TaskState.Failed.class);
    assertThat(world.state("hotel!")).isInstanceOf(TaskState.Scheduled.class);
  }

  @Test
  void s2S3C28ACancelUndoesOnlyWhenAskedTo() {
    FakeWorld plain = booked();
    FakeWorld saga = booked();

    plain.take(new CancelWorkflow("c", FakeWorld.ID, "ann", "enough", plain.now, false));
    saga.take(new CancelWorkflow("c", FakeWorld.ID, "ann", "enough", saga.now, true));

    assertThat(plain.workflow().status()).isEqualTo(WorkflowStatus.CANCELLED);
    assertThat(saga.workflow().status()).isEqualTo(WorkflowStatus.COMPENSATING);
    saga.take(new CancelWorkflow("c", FakeWorld.ID, "ann", "enough", saga.now, true));
    assertThat(saga.lastEvents()).isEmpty();
    saga.succeed("flight!");
    saga.succeed("hotel!");
    assertThat(saga.workflow().status()).isEqualTo(WorkflowStatus.CANCELLED);
  }

  @Test
  void s12C29ASecondCancelEndsTheUndoing() {
    FakeWorld world = booked();
    world.fail("pay", "auth");

    world.take(new CancelWorkflow("c", FakeWorld.ID, "ann", "enough", world.now, true));

    assertThat(world.workflow().status()).isEqualTo(WorkflowStatus.CANCELLED);
    assertThat(world.state("flight!")).isInstanceOf(TaskState.Cancelled.class);
    assertThat(world.timers).isEmpty();
  }

  private static final String SHARED =
      """
      name: shared
      budget: { maxCost: 1.00, onExceeded: fail }
      tasks:
        fan:
          budget: { maxCost: 0.50, onExceeded: %s }
          forEach: { in: "${[1, 2, 3]}", concurrency: 1, do: { capability: x, constraints: { maxCost: 0.20 } } }
        beside: { capability: x, constraints: { maxCost: 0.40 } }
      """;

  @Test
  void b11AShareIsHeldAsAWholeAndWhatIsSpentOfItIsSpentAbove() {
    FakeWorld world = FakeWorld.started(SHARED.formatted("fail"));
    assertThat(world.ledger().held()).isEqualTo(FakeWorld.money("0.90"));

    world.succeed("fan[0]", "1", "0.15", null);

    assertThat(world.ledger().spent()).isEqualTo(FakeWorld.money("0.15"));
    assertThat(world.ledger().held()).isEqualTo(FakeWorld.money("0.75"));
    assertThat(world.task("fan").share().left()).isEqualTo(FakeWorld.money("0.15"));
  }

  @Test
  void b12AShareThatIsUsedUpFailsItsTaskAndGivesTheRestBack() {
    FakeWorld world = FakeWorld.started(SHARED.formatted("fail"));
    world.succeed("fan[0]", "1", "0.20", null);

    world.succeed("fan[1]", "1", "0.20", null);

    assertThat(world.state("fan")).isInstanceOf(TaskState.Failed.class);
    assertThat(world.workflow().failure().getKind()).isEqualTo("budget_exceeded");
    assertThat(world.ledger().held()).isEqualTo(FakeWorld.money("0"));
    assertThat(world.ledger().spent()).isEqualTo(FakeWorld.money("0.40"));
  }

  @Test
  void b8DegradeGoesOnWithWhatIsLeft() {
    FakeWorld world = FakeWorld.started(SHARED.formatted("degrade"));
    world.succeed("fan[0]", "1", "0.20", null);
    world.succeed("fan[1]", "1", "0.20", null);

    var envelope = world.lastDispatch().orElseThrow();
    assertThat(envelope.getConstraints().getMaxCost()).isEqualByComparingTo("0.10");
    world.succeed("fan[2]", "1", "0.05", null);

    assertThat(world.state("fan[2]"))
        .isEqualTo(new TaskState.Succeeded(io.ligature.avro.Grade.degraded));
    assertThat(world.state("fan"))
        .isEqualTo(new TaskState.Succeeded(io.ligature.avro.Grade.degraded));
  }
}
