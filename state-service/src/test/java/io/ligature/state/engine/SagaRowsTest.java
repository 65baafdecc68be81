package io.ligature.state.engine;

import static io.ligature.state.engine.FakeWorld.money;
import static org.assertj.core.api.Assertions.assertThat;

import io.ligature.avro.Decision;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Compensation, and how deadlines and priorities nest: the rows of docs/engine.md. */
class SagaRowsTest {

  private static FakeWorld trip(String top) {
    FakeWorld world =
        FakeWorld.started(
            """
            name: trip
            %s
            tasks:
              hotel: { capability: book, compensate: { capability: unbook, constraints: { maxCost: 0.50 } } }
              flight: { needs: [hotel], capability: book, compensate: { capability: unbook } }
            """
                .formatted(top));
    world.succeed("hotel", "{\"id\":\"h1\"}", "0.10", null);
    return world;
  }

  @Test
  void s5WhatStillRunsWhenTheWorkflowFailsIsNotUndone() {
    FakeWorld world = trip("deadline: PT1H");
    world.claim("flight", "a1");

    world.fire("");
    world.take(world.success("wf-1/flight#1", "a1", "{}", "0.10", null));
    assertThat(world.lastEvents()).containsExactly("StaleResultRecorded");
    world.succeed("hotel!");

    assertThat(world.state("flight!")).isInstanceOf(TaskState.Pending.class);
    assertThat(world.workflow().status()).isEqualTo(WorkflowStatus.FAILED);
  }

  @Test
  void s8WhatUndoesIsPaidWhateverIsLeftOfTheBudget() {
    FakeWorld world = trip("budget: { maxCost: 0.20, onExceeded: fail }");

    world.fail("flight", "auth");

    assertThat(world.ledger().held()).isEqualTo(money("0.50"));
    assertThat(world.ledger().left()).isEqualTo(money("-0.40"));
  }

  @Test
  void s9TheDeadlineThatEndedTheWorkflowDoesNotHoldForWhatUndoesIt() {
    FakeWorld world = trip("deadline: PT1H");

    world.fire("");

    assertThat(world.attempt("hotel!")).isEqualTo("wf-1/hotel!#1");
    assertThat(world.lastDispatch().orElseThrow().getNotAfter()).isNull();
    assertThat(world.timers).doesNotContainKey("");
  }

  @Test
  void s10WhatSucceededInsideAHandledFailureIsUndoneWithTheRest() {
    FakeWorld world =
        FakeWorld.started(
            """
            name: nested
            tasks:
              block:
                onError: { auth: skip }
                tasks:
                  a: { capability: x, compensate: { capability: unx } }
                  b: { needs: [a], capability: x }
              after: { needs: { ended: [block] }, capability: y }
            """);
    world.succeed("block.a");
    world.fail("block.b", "auth");
    assertThat(world.workflow().status()).isEqualTo(WorkflowStatus.RUNNING);

    world.fail("after", "auth");

    assertThat(world.state("block.a!")).isInstanceOf(TaskState.Scheduled.class);
  }

  private static FakeWorld family(String childDeadline) {
    return FakeWorld.started(
        """
        name: parent
        deadline: PT10M
        priority: 3
        tasks:
          sub: { workflow: { name: child }, priority: 7, compensate: { capability: unsub } }
          beside: { capability: x }
        """,
        """
      name: child
      deadline: %s
      tasks:
        work: { capability: y, compensate: { capability: uny } }
        more: { needs: [work], capability: y }
      """
            .formatted(childDeadline));
  }

  private static void succeedInChild(FakeWorld world, String task) {
    world.take(world.success("wf-1:sub:1/" + task + "#1", "a1", "{}", "0.10", null));
  }

  @Test
  void s11AChildThatCompletedIsUndoneByItsTaskAlone() {
    FakeWorld world = family("PT1H");
    succeedInChild(world, "work");
    succeedInChild(world, "more");

    world.fail("beside", "auth");

    assertThat(world.attempt("sub!")).isEqualTo("wf-1/sub!#1");
    assertThat(world.workflow("wf-1:sub:1").status()).isEqualTo(WorkflowStatus.COMPLETED);
  }

  @Test
  void x6X10AChildThatRunsUndoesItsOwnWhileItsParentHasEnded() {
    FakeWorld world = family("PT1H");
    succeedInChild(world, "work");

    world.fail("beside", "auth");

    assertThat(world.workflow().status()).isEqualTo(WorkflowStatus.FAILED);
    assertThat(world.workflow("wf-1:sub:1").status()).isEqualTo(WorkflowStatus.COMPENSATING);
    world.take(world.success("wf-1:sub:1/work!#1", "a1", "{}", "0.10", null));
    assertThat(world.workflow("wf-1:sub:1").status()).isEqualTo(WorkflowStatus.CANCELLED);
    assertThat(world.ledger().spent()).isEqualTo(money("0.20"));
  }

  @Test
  void x9AChildThatIsBeingUndoneGoesOnWithThat() {
    FakeWorld world = family("PT1H");
    succeedInChild(world, "work");
    world.take(world.failure("wf-1:sub:1/more#1", "a1", "auth", null, null, false));
    assertThat(world.workflow("wf-1:sub:1").status()).isEqualTo(WorkflowStatus.COMPENSATING);

    world.fail("beside", "auth");

    assertThat(world.workflow("wf-1:sub:1").status()).isEqualTo(WorkflowStatus.COMPENSATING);
    assertThat(world.taskOf("wf-1:sub:1", "work!").state()).isInstanceOf(TaskState.Scheduled.class);
  }

  @Test
  void p4AChildHasItsOwnDeadlineWithinThatOfItsParent() {
    Instant own = family("PT1M").workflow("wf-1:sub:1").deadline();
    Instant parents = family("PT1H").workflow("wf-1:sub:1").deadline();

    assertThat(own).isEqualTo(FakeWorld.BEGIN.plusSeconds(60));
    assertThat(parents).isEqualTo(FakeWorld.BEGIN.plusSeconds(600));
  }

  @Test
  void p2AChildHasThePriorityOfItsTask() {
    assertThat(family("PT1H").workflow("wf-1:sub:1").priority()).isEqualTo(7);
  }

  private static FakeWorld nested(String inner) {
    return FakeWorld.started(
        """
        name: nested
        deadline: PT1H
        priority: 3
        tasks:
          block:
            timeout: PT30M
            priority: 6
            tasks: { a: { capability: x %s } }
        """
            .formatted(inner));
  }

  @Test
  void p1ThePriorityIsThatOfTheNearestTaskAroundThatHasOne() {
    assertThat(nested("").lastDispatch().orElseThrow().getPriority()).isEqualTo(6);
    assertThat(nested(", priority: 9").lastDispatch().orElseThrow().getPriority()).isEqualTo(9);
  }

  @Test
  void p3AnAttemptIsWantedUntilTheEarliestEndAroundIt() {
    assertThat(nested("").lastDispatch().orElseThrow().getNotAfter())
        .isEqualTo(FakeWorld.BEGIN.plusSeconds(1800));
    assertThat(nested(", timeout: PT1M").lastDispatch().orElseThrow().getNotAfter())
        .isEqualTo(FakeWorld.BEGIN.plusSeconds(60));
  }

  @Test
  void s2D5AnAbortInAReviewUndoesWhatWasDone() {
    FakeWorld world =
        FakeWorld.started(
            """
            name: aborted
            tasks:
              a: { capability: x, compensate: { capability: unx } }
              gate: { needs: [a], review: { role: editor, subject: "${tasks.a.output}" } }
            """);
    world.succeed("a");

    world.decide("gate", Decision.abort);
    assertThat(world.workflow().status()).isEqualTo(WorkflowStatus.COMPENSATING);
    world.succeed("a!");

    assertThat(world.workflow().status()).isEqualTo(WorkflowStatus.CANCELLED);
  }
}
