package io.ligature.state.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.ligature.avro.CancelWorkflow;
import io.ligature.avro.Decision;
import io.ligature.avro.NeedsReview;
import io.ligature.avro.StartRefused;
import io.ligature.schemas.wire.Payloads;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The way through a workflow: order, joins, conditions, gates, ends. */
class WorkflowFlowTest {

  private static final String DIAMOND =
      """
      name: diamond
      tasks:
        a: { capability: x }
        b: { capability: x, needs: [a], input: "${tasks.a.output}" }
        c: { capability: x, needs: [a], input: { made: "${tasks.a.output.made}!" } }
        d: { capability: x, needs: [b, c] }
      output: "${tasks.d.output}"
      """;

  private static final String GATED =
      """
      name: gated
      tasks:
        draft: { capability: write }
        check: { needs: [draft], review: { role: editor } }
        publish: { needs: [check], capability: publish, input: "${tasks.check.output}" }
      """;

  @Test
  void w1RunsADiamondToItsOutput() {
    FakeWorld world = FakeWorld.started(DIAMOND);
    assertThat(world.lastEvents()).containsExactly("WorkflowStarted", "AttemptScheduled");

    world.succeed("a");
    assertThat(world.lastEvents())
        .containsExactly("TaskSucceeded", "AttemptScheduled", "AttemptScheduled");
    world.succeed("c");
    assertThat(world.lastEffects()).isEmpty();
    world.succeed("b");
    world.succeed("d");

    assertThat(world.workflow().status()).isEqualTo(WorkflowStatus.COMPLETED);
    assertThat(Payloads.parse(world.payload(FakeWorld.ID, Slot.RESULT)).toString())
        .isEqualTo("{\"made\":\"d\"}");
    assertThat(world.timers).isEmpty();
  }

  @Test
  void passesCopiedInputOnAsItIsAndRendersTheRest() {
    FakeWorld world = FakeWorld.started(DIAMOND);
    var loose = FakeWorld.json("{ \"made\" : \"a\" }");

    world.succeed("a", "{ \"made\" : \"a\" }", null, null);

    assertThat(
            world.last.effects().stream()
                .filter(Effect.DispatchTask.class::isInstance)
                .map(e -> ((Effect.DispatchTask) e).envelope().getInput().getSha256()))
        .containsExactly(loose.getSha256(), FakeWorld.json("{\"made\":\"a!\"}").getSha256());
  }

  @Test
  void j14SkipsWhatItsConditionRulesOutAndGoesOn() {
    FakeWorld world =
        FakeWorld.started(
            """
            name: conditional
            tasks:
              a: { capability: x }
              b: { capability: x, needs: [a], when: "${tasks.a.output.made == 'other'}" }
              c: { capability: x, needs: [a, b] }
            """);

    world.succeed("a");

    assertThat(world.state("b")).isInstanceOf(TaskState.Skipped.class);
    assertThat(world.state("c")).isInstanceOf(TaskState.Scheduled.class);
  }

  @Test
  void skipsAChainWhoseOnlyPredecessorWasSkippedAndCompletes() {
    FakeWorld world =
        FakeWorld.started(
            """
            name: chain
            tasks:
              a: { capability: x, when: "${input.topic == 'wasps'}" }
              b: { capability: x, needs: [a] }
              c: { capability: x, needs: { any: [b] } }
            """);

    assertThat(world.workflow().status()).isEqualTo(WorkflowStatus.COMPLETED);
    assertThat(world.workflow().counts()).isEqualTo(new WorkflowRow.Counts(0, 0, 0, 3, 0));
  }

  @Test
  void anyGoesOnWithTheOneThatIsLeftWhenAnotherFails() {
    FakeWorld world =
        FakeWorld.started(
            """
            name: first
            tasks:
              a: { capability: x, onError: { auth: fail } }
              b: { capability: x }
              c: { capability: x, needs: { any: [a, b] } }
            """);

    world.fail("a", "auth");
    assertThat(world.workflow().isOpen()).isTrue();
    world.succeed("b");
    world.succeed("c");

    assertThat(world.workflow().status()).isEqualTo(WorkflowStatus.COMPLETED);
  }

  @Test
  void j13AnyJoinFiresOnce() {
    FakeWorld world =
        FakeWorld.started(
            """
            name: first
            tasks:
              a: { capability: x }
              b: { capability: x }
              c: { capability: x, needs: { any: [a, b] } }
            """);

    world.succeed("a");
    world.succeed("b");

    assertThat(world.lastEvents()).containsExactly("TaskSucceeded");
    assertThat(world.task("c").attempt()).isEqualTo(1);
  }

  @Test
  void f4W5AFailureEndsTheWorkflowAndCancelsWhatRuns() {
    FakeWorld world =
        FakeWorld.started(
            """
            name: two
            tasks:
              a: { capability: x }
              b: { capability: x }
            """);
    world.fail("a", "auth");

    assertThat(world.lastEvents())
        .containsExactly("AttemptFailed", "TaskFailed", "TaskCancelled", "WorkflowFailed");
    assertThat(world.lastEffects()).containsExactly("CancelTask");
    assertThat(world.workflow().failedTask()).isEqualTo("a");
    assertThat(world.workflow().failure().getKind()).isEqualTo("auth");
  }

  @Test
  void f10AnExpressionThatFailsFailsItsTask() {
    FakeWorld world =
        FakeWorld.started(
            """
            name: broken
            tasks:
              a: { capability: x, input: { q: "${input.nothing.here}" } }
            """);

    assertThat(world.workflow().failure().getKind()).isEqualTo("invalid_input");
    assertThat(world.workflow().failedTask()).isEqualTo("a");
  }

  @Test
  void d1AGateShowsItsEvidenceAndPassesTheSubjectOn() {
    FakeWorld world = FakeWorld.started(GATED);

    world.succeed("draft", "{\"text\":\"hello\"}", "0.10", 0.8);

    NeedsReview review = request(world);
    assertThat(review.getReviewId()).isEqualTo("wf-1:check:1");
    assertThat(review.getEvidence()).hasSize(1);
    var evidence = review.getEvidence().getFirst();
    assertThat(evidence.getTask()).isEqualTo("draft");
    assertThat(evidence.getAgent()).isEqualTo("a1");
    assertThat(evidence.getModel()).isEqualTo("m1");
    assertThat(evidence.getConfidence()).isEqualTo(0.8);
    assertThat(evidence.getCost()).isEqualByComparingTo("0.10");
    assertThat(evidence.getInput()).isNotNull();
    assertThat(review.getOnApproval()).containsExactly("publish");
    assertThat(review.getOnRejection()).containsExactly("workflow");

    world.decide("check", Decision.approve);
    assertThat(world.output("check")).isEqualTo("{\"text\":\"hello\"}");
    assertThat(world.state("publish")).isInstanceOf(TaskState.Scheduled.class);
  }

  @Test
  void d2AnEditReplacesTheSubject() {
    FakeWorld world = FakeWorld.started(GATED);
    world.succeed("draft");

    world.take(world.decision("check", Decision.edit_and_approve, "{\"text\":\"better\"}"));

    assertThat(world.output("check")).isEqualTo("{\"text\":\"better\"}");
    assertThat(world.state("check"))
        .isEqualTo(new TaskState.Succeeded(io.ligature.avro.Grade.human_edited));
  }

  @Test
  void d3ARejectionFailsTheWorkflow() {
    FakeWorld world = FakeWorld.started(GATED);
    world.succeed("draft");

    world.decide("check", Decision.reject);

    assertThat(world.workflow().status()).isEqualTo(WorkflowStatus.FAILED);
    assertThat(world.workflow().failure().getKind()).isEqualTo("rejected_by_reviewer");
  }

  @Test
  void d7TheSecondDecisionChangesNothing() {
    FakeWorld world = FakeWorld.started(GATED);
    world.succeed("draft");
    var reject = world.decision("check", Decision.reject, null);
    world.decide("check", Decision.approve);
    var before = world.rows();

    world.take(reject);

    assertThat(world.last.ignored()).contains("nobody waits for review");
    assertThat(world.rows()).isEqualTo(before);
  }

  @Test
  void d5AbortCancelsTheWorkflow() {
    FakeWorld world = FakeWorld.started(GATED);
    world.succeed("draft");

    world.decide("check", Decision.abort);

    assertThat(world.workflow().status()).isEqualTo(WorkflowStatus.CANCELLED);
  }

  @Test
  void d4AsksAgainWhenWhatAGateIsAboutCannotBeDoneAgain() {
    FakeWorld world =
        FakeWorld.started(GATED + "  beside: { needs: [draft], capability: other }\n");
    world.succeed("draft");

    world.decide("check", Decision.request_changes);

    assertThat(world.lastEvents())
        .containsExactly("ReviewDecided", "CommandRejected", "ReviewRequested");
    assertThat(world.reviewAsked().getMayChange()).isFalse();
    assertThat(world.task("check").review().reviewId()).isEqualTo("wf-1:check:2");
  }

  @Test
  void t6M6D6SilenceAtAGateRejectsAsByPolicy() {
    FakeWorld world =
        FakeWorld.started(
            """
            name: silent
            tasks:
              draft: { capability: write }
              check:
                needs: [draft]
                review: { role: editor, expire: { after: PT1H, then: reject } }
            """);
    world.succeed("draft");

    world.fire("check");

    assertThat(world.task("check").review().reviewer()).isEqualTo("policy");
    assertThat(world.lastEffects()).containsExactly("WithdrawReview");
    assertThat(world.workflow().status()).isEqualTo(WorkflowStatus.FAILED);
  }

  @Test
  void c27W6X2X4CancelStopsAttemptsAndWithdrawsReviews() {
    FakeWorld world =
        FakeWorld.started(
            """
            name: mixed
            tasks:
              a: { capability: x }
              g: { review: { role: editor, subject: "${input}" } }
              z: { capability: x, needs: [a] }
            """);

    world.take(new CancelWorkflow("c1", FakeWorld.ID, "ann", "not needed", world.now, false));

    assertThat(world.lastEffects()).containsExactly("CancelTask", "WithdrawReview");
    assertThat(world.workflow().status()).isEqualTo(WorkflowStatus.CANCELLED);
    assertThat(world.state("z")).isInstanceOf(TaskState.Pending.class);
    assertThat(world.timers).isEmpty();
  }

  @Test
  void m9F14TheDeadlineFailsTheWorkflow() {
    FakeWorld world =
        FakeWorld.started(
            """
            name: late
            deadline: PT1M
            tasks:
              a: { capability: x, constraints: { timeout: PT1H } }
            """);
    assertThat(world.lastDispatch().orElseThrow().getNotAfter())
        .isEqualTo(FakeWorld.BEGIN.plusSeconds(60));

    world.fire("");

    assertThat(world.workflow().failure().getKind()).isEqualTo("timeout");
    assertThat(world.lastEffects()).containsExactly("CancelTask");
    assertThat(world.timers).isEmpty();
  }

  @Test
  void c1ASecondStartChangesNothing() {
    FakeWorld world = FakeWorld.started(DIAMOND);
    var before = world.rows();

    assertThat(world.start().ignored()).isEqualTo("a duplicate start");
    assertThat(world.rows()).isEqualTo(before);
  }

  @Test
  void w7ARefusedStartIsKeptAndCanBePutRight() {
    FakeWorld world = FakeWorld.of(DIAMOND);
    world.take(
        new StartRefused(
            world.startRecord("{}").getStart(), List.of("input: topic is missing"), world.now));
    assertThat(world.workflow().status()).isEqualTo(WorkflowStatus.REFUSED);

    world.start();

    assertThat(world.workflow().isOpen()).isTrue();
    assertThat(world.events.getLast().sequence()).isEqualTo(world.workflow().sequence());
  }

  @Test
  void w8QuarantineLeavesTheWorkflowAlone() {
    FakeWorld world = FakeWorld.started(DIAMOND);

    world.write(
        world.engine.quarantine(
            world,
            world,
            FakeWorld.ID,
            new Cause(world.now, "engine", "TaskResult", "x"),
            "boom",
            "inbox-0@7"));

    assertThat(world.workflow().status()).isEqualTo(WorkflowStatus.QUARANTINED);
    assertThat(world.fire("a").ignored()).isEqualTo("the workflow is quarantined");
  }

  private static NeedsReview request(FakeWorld world) {
    return world.last.effects().stream()
        .filter(Effect.RequestReview.class::isInstance)
        .map(e -> ((Effect.RequestReview) e).review())
        .findFirst()
        .orElseThrow();
  }
}
