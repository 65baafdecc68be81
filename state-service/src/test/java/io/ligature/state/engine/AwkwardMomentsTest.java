package io.ligature.state.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.ligature.avro.Decision;
import io.ligature.avro.Grade;
import io.ligature.avro.KeptResult;
import io.ligature.avro.RerunOrigin;
import io.ligature.avro.RetryTask;
import io.ligature.avro.SignalWorkflow;
import io.ligature.avro.StartAccepted;
import io.ligature.schemas.wire.Payloads;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What happens while something else does: several ends at once, reviews that replace waits. */
class AwkwardMomentsTest {

  private static void retry(FakeWorld world, String task) {
    world.take(new RetryTask("r-" + task, FakeWorld.ID, task, "ann", "mended", null, world.now));
  }

  @Test
  void aSignalIsNotForATaskWhoseTimeIsOverAndWhichPeopleLookAt() {
    FakeWorld world =
        FakeWorld.started(
            """
            name: late
            tasks:
              pay:
                signal: { name: paid }
                timeout: PT1H
                onError: { timeout: { review: { role: editor } } }
              other: { capability: x }
            """);
    world.fire("pay");
    assertThat(world.state("pay")).isInstanceOf(TaskState.WaitingForReview.class);

    world.take(
        new SignalWorkflow(
            "s1", FakeWorld.ID, "ann", "paid", null, FakeWorld.json("{}"), world.now));

    assertThat(world.state("pay")).isInstanceOf(TaskState.WaitingForReview.class);
    assertThat(world.workflow().signals().waits()).isEmpty();
    assertThat(world.workflow().signals().kept()).hasSize(1);
  }

  @Test
  void aReviewThatAnotherReplacesIsWithdrawn() {
    FakeWorld world =
        FakeWorld.started(
            """
            name: late
            tasks:
              ok:
                review: { role: editor, subject: "${input}" }
                timeout: PT1H
                onError: { timeout: { review: { role: editor } } }
            """);

    world.fire("ok");

    assertThat(world.lastEffects()).containsExactly("WithdrawReview", "RequestReview");
    assertThat(world.task("ok").reviews()).isEqualTo(2);
  }

  @Test
  void aFanOutFailsByAnItemThatFailsAtOnceThoughAnotherHasEndedAtOnceToo() {
    FakeWorld world =
        FakeWorld.started(
            """
            name: fan
            tasks:
              fan:
                forEach:
                  in: "${[1, 2]}"
                  as: n
                  do: { when: "${n == 2}", wait: "${n}" }
            """);

    assertThat(world.state("fan[0]")).isInstanceOf(TaskState.Skipped.class);
    assertThat(world.state("fan[1]")).isInstanceOf(TaskState.Failed.class);
    assertThat(world.state("fan")).isInstanceOf(TaskState.Failed.class);
    assertThat(world.workflow().status()).isEqualTo(WorkflowStatus.FAILED);
  }

  @Test
  void aBlockFailsByATaskThatFailsAtOnceThoughAnotherHasEndedAtOnceToo() {
    FakeWorld world =
        FakeWorld.started(
            """
            name: block
            tasks:
              both:
                tasks:
                  good: { wait: { until: "2020-01-01T00:00:00Z" } }
                  bad: { wait: "${input.topic}" }
            """);

    assertThat(world.state("both.bad")).isInstanceOf(TaskState.Failed.class);
    assertThat(world.state("both")).isInstanceOf(TaskState.Failed.class);
  }

  @Test
  void allItemsThatEndAtOnceWriteTheirVariables() {
    FakeWorld world =
        FakeWorld.started(
            """
            name: counts
            variables: { n: 0 }
            tasks:
              fan:
                forEach:
                  in: "${[1, 2, 3]}"
                  do: { wait: { until: "2020-01-01T00:00:00Z" }, set: { n: "${variables.n + 1}" } }
            output: "${variables.n}"
            """);

    assertThat(world.workflow().status()).isEqualTo(WorkflowStatus.COMPLETED);
    assertThat(Payloads.parse(world.payload(FakeWorld.ID, Slot.RESULT)).toString()).isEqualTo("3");
  }

  @Test
  void whatHasRunInsideIsNotRunAgainWhenTheReviewOfItsUsedUpBudgetIsApproved() {
    FakeWorld world =
        FakeWorld.started(
            """
            name: used
            tasks:
              both:
                budget: { maxCost: 1.00, onExceeded: fail }
                onError: { budget_exceeded: { review: { role: editor } } }
                tasks:
                  first: { capability: x, constraints: { maxCost: 0.80 } }
                  second: { needs: [first], capability: x, constraints: { maxCost: 0.80 } }
              other: { capability: x }
            """);
    world.succeed("both.first", "{}", "0.80", null);
    assertThat(world.state("both")).isInstanceOf(TaskState.WaitingForReview.class);

    world.decide("both", Decision.approve);

    assertThat(world.state("both")).isInstanceOf(TaskState.Succeeded.class);
    assertThat(world.task("both.first").attempt()).isEqualTo(1);
    assertThat(world.ledger().held()).isEqualTo(FakeWorld.money("0"));
  }

  @Test
  void aRetryOfOneTaskDoesNotForgetThatAnotherFailed() {
    FakeWorld world =
        FakeWorld.started(
            """
            name: two
            tasks:
              a: { capability: x }
              b: { capability: x }
              c: { capability: x, needs: { any: [a, b] } }
              d: { capability: x }
            """);
    world.fail("a", "auth");
    world.fail("d", "auth");
    assertThat(world.workflow().status()).isEqualTo(WorkflowStatus.FAILED);

    retry(world, "a");
    world.succeed("a");
    world.succeed("b");
    world.succeed("c");

    assertThat(world.workflow().status()).isEqualTo(WorkflowStatus.RUNNING);
    assertThat(world.state("d")).isInstanceOf(TaskState.Scheduled.class);
  }

  @Test
  void aBlockWhoseFailureWasUnderReviewGoesOnWhenTheWorkflowIsRetried() {
    FakeWorld world =
        FakeWorld.started(
            """
            name: under
            tasks:
              both:
                onError: { auth: { review: { role: editor } } }
                tasks:
                  bad: { capability: x }
              other: { capability: x }
            """);
    world.fail("both.bad", "auth");
    assertThat(world.state("both")).isInstanceOf(TaskState.WaitingForReview.class);
    world.fail("other", "auth");

    retry(world, "other");
    world.succeed("other");

    assertThat(world.state("both.bad")).isInstanceOf(TaskState.Scheduled.class);
    world.succeed("both.bad");
    assertThat(world.workflow().status()).isEqualTo(WorkflowStatus.COMPLETED);
  }

  @Test
  void aLoopWhoseFailureWasUnderReviewGoesOnWhenTheWorkflowIsRetried() {
    FakeWorld world =
        FakeWorld.started(
            """
            name: under
            tasks:
              loop:
                onError: { limit_exceeded: { review: { role: editor } } }
                repeat: { until: "${false}", max: 1, do: { capability: x } }
              other: { capability: x }
            """);
    world.succeed("loop~1");
    assertThat(world.state("loop")).isInstanceOf(TaskState.WaitingForReview.class);
    world.fail("other", "auth");

    retry(world, "other");

    assertThat(world.last.stuck()).isFalse();
    assertThat(world.state("loop")).isInstanceOf(TaskState.WaitingForReview.class);
  }

  @Test
  void aRetryHoldsNoMoreOfTheBudgetThanIsLeft() {
    FakeWorld world =
        FakeWorld.started(
            """
            name: money
            budget: { maxCost: 1.00, onExceeded: fail }
            tasks:
              a:
                budget: { maxCost: 0.80 }
                tasks: { in: { capability: x, constraints: { maxCost: 0.80 } } }
              b: { wait: PT1M }
              c: { needs: [b], capability: x, constraints: { maxCost: 0.90 } }
              d: { needs: { any: [a, c] }, capability: x }
            """);
    world.fail("a.in", "auth");
    world.fire("b");
    world.take(world.failure(world.attempt("c"), "a1", "auth", "0.90", null, true));
    assertThat(world.workflow().status()).isEqualTo(WorkflowStatus.FAILED);

    retry(world, "a.in");

    assertThat(world.ledger().left().micros()).isNotNegative();
    assertThat(world.workflow().status()).isEqualTo(WorkflowStatus.FAILED);
  }

  @Test
  void anItemOfAFanOutWhoseOutputWasUsedIsNotRetried() {
    FakeWorld world =
        FakeWorld.started(
            """
            name: used
            tasks:
              fan: { forEach: { in: "${[1]}", mode: collect, do: { capability: x } } }
              after: { needs: [fan], capability: x }
            """);
    world.fail("fan[0]", "auth");
    world.fail("after", "auth");

    retry(world, "fan[0]");

    assertThat(world.lastEvents()).containsExactly("CommandRejected");
  }

  @Test
  void nothingIsKeptOfAReviewedResultHoweverTheEventsAreFolded() {
    FakeWorld world =
        FakeWorld.started(
            """
            name: subject
            tasks:
              a:
                capability: x
                constraints: { qualityThreshold: 0.9 }
            """);
    world.succeed("a", "{}", "0.01", 0.5);
    FakeWorld copy = world.empty();
    int half = world.events.size();
    copy.apply(Engine.fold(copy, copy, FakeWorld.ID, world.events));
    assertThat(copy.payload(FakeWorld.ID, Slot.subject("a"))).isNotNull();
    world.fail("a", "auth");
    retry(world, "a");
    world.fail("a", "auth");

    copy.apply(
        Engine.fold(copy, copy, FakeWorld.ID, world.events.subList(half, world.events.size())));

    assertThat(copy.rows()).isEqualTo(world.rows());
  }

  @Test
  void aRerunThatAVariableEndsKeepsNothing() {
    FakeWorld world =
        FakeWorld.of(
            """
            name: kept
            variables: { n: "${input.topic + 1}" }
            tasks:
              a: { capability: x }
              b: { capability: x, needs: [a] }
            """);
    StartAccepted start = world.startRecord("{}");
    RerunOrigin origin =
        new RerunOrigin(
            "wf-0",
            "b",
            "ann",
            "again",
            List.of(new KeptResult("a", Grade.clean, FakeWorld.json("1"))));

    world.take(
        new StartAccepted(
            start.getStart(),
            start.getDefinition(),
            world.now,
            start.getPins(),
            List.of(),
            null,
            origin));

    assertThat(world.lastEvents()).containsExactly("WorkflowStarted", "WorkflowFailed");
  }
}
