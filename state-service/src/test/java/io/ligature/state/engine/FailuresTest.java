package io.ligature.state.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.ligature.avro.Candidate;
import io.ligature.avro.Decision;
import io.ligature.avro.Grade;
import io.ligature.avro.TaskUnplaced;
import io.ligature.schemas.definition.TaskDefinition.AgentChoice;
import io.ligature.schemas.definition.TaskDefinition.Backoff;
import io.ligature.schemas.definition.TaskDefinition.Fail;
import io.ligature.schemas.definition.TaskDefinition.Retry;
import io.ligature.schemas.definition.TaskDefinition.Skip;
import io.ligature.schemas.definition.TaskDefinition.Step;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Ladders, timeouts, waiting for agents, reviews of results. */
class FailuresTest {

  private static final Backoff DOUBLING =
      new Backoff(Duration.ofSeconds(1), 2, Duration.ofSeconds(5));

  private static FakeWorld one(String rest) {
    return FakeWorld.started("name: one\ntasks:\n  a: { capability: x, " + rest + " }\n");
  }

  @Test
  void f1ClimbsALadderRungByRung() {
    List<Step> ladder =
        List.of(
            new Retry(2, DOUBLING, AgentChoice.ANY),
            new Retry(1, DOUBLING, AgentChoice.DIFFERENT),
            new Skip());

    assertThat(Remedies.rung(ladder, 1).turn()).isEqualTo(1);
    assertThat(Remedies.rung(ladder, 2).turn()).isEqualTo(2);
    assertThat(Remedies.rung(ladder, 3)).isEqualTo(new Remedies.Rung(ladder.get(1), 1, 1));
    assertThat(Remedies.rung(ladder, 4).step()).isEqualTo(new Skip());
    assertThat(Remedies.rung(ladder, 9).step()).isEqualTo(new Skip());
    assertThat(Remedies.rung(List.of(), 1).step()).isEqualTo(new Fail());
  }

  @Test
  void f16BacksOffLongerEachTimeUpToTheMostAndATenth() {
    for (int turn = 1; turn <= 5; turn++) {
      long plain = Math.min(5_000, 1_000L << (turn - 1));
      long wait = Remedies.backoff(DOUBLING, turn, "wf-1/a#" + turn).toMillis();
      assertThat(wait).isBetween(plain, plain + plain / 10);
      assertThat(Remedies.backoff(DOUBLING, turn, "wf-1/a#" + turn).toMillis()).isEqualTo(wait);
    }
  }

  @Test
  void t5M5F3RetriesAfterItsBackoff() {
    FakeWorld world = one("onError: { model_error: { retry: { max: 2, backoff: fixed } } }");

    world.fail("a", "model_error");
    assertThat(world.lastEvents()).containsExactly("AttemptFailed", "RetryScheduled");
    assertThat(world.state("a").reason()).startsWith("retry 1 of 2 after model_error");
    world.fire("a");
    assertThat(world.attempt("a")).isEqualTo("wf-1/a#2");
    assertThat(world.lastDispatch().orElseThrow().getContext().getEarlierAttempts()).hasSize(1);
    world.fail("a", "model_error");
    world.fire("a");
    world.fail("a", "model_error");

    assertThat(world.workflow().status()).isEqualTo(WorkflowStatus.FAILED);
  }

  @Test
  void f15RetryAfterIsAFloor() {
    FakeWorld world =
        one("onError: { upstream_unavailable: { retry: { max: 1, backoff: none } } }");

    world.take(
        world.failure(world.attempt("a"), "a1", "upstream_unavailable", null, 30_000L, false));

    assertThat(world.timers.get("a").due()).isEqualTo(FakeWorld.BEGIN.plusSeconds(30));
  }

  @Test
  void f29ARateLimitOfOneAgentKeepsTheTaskFromNoOther() {
    FakeWorld world = one("onError: { rate_limited: { retry: { max: 1, backoff: none } } }");

    world.take(world.failure(world.attempt("a"), "a1", "rate_limited", null, 3_600_000L, false));

    assertThat(world.timers.get("a").due()).isEqualTo(FakeWorld.BEGIN.plusSeconds(1));
  }

  @Test
  void f17ADifferentAgentExcludesTheOnesThatHadIt() {
    FakeWorld world =
        one("onError: { model_error: { retry: { max: 1, backoff: none, agent: different } } }");

    world.fail("a", "model_error");

    assertThat(world.lastDispatch().orElseThrow().getExcludedAgents()).containsExactly("a1");
  }

  @Test
  void f2AnUnknownKindCountsAsAModelError() {
    FakeWorld world = one("onError: { model_error: skip }");

    world.fail("a", "something_new");

    assertThat(world.state("a")).isInstanceOf(TaskState.Skipped.class);
  }

  @Test
  void l1GivesUpAtTheMostAttempts() {
    FakeWorld world = one("retry: { max: 40, backoff: none }");

    for (int i = 0; i < Tuning.DEFAULT.maxAttempts(); i++) {
      world.fail("a", i % 2 == 0 ? "model_error" : "rate_limited");
    }

    assertThat(world.workflow().status()).isEqualTo(WorkflowStatus.FAILED);
    assertThat(world.workflow().failure().getMessage()).startsWith("gave up after 64 attempts");
  }

  @Test
  void t3M2AClaimedAttemptTimesOutAndIsCancelled() {
    FakeWorld world = one("constraints: { timeout: PT1M }, onError: { timeout: fail }");
    world.claim("a", "a1");
    assertThat(world.timers.get("a").due()).isEqualTo(FakeWorld.BEGIN.plusSeconds(75));

    world.fire("a");

    assertThat(world.lastEffects()).containsExactly("CancelTask");
    assertThat(world.workflow().failure().getKind()).isEqualTo("timeout");
  }

  @Test
  void t2M1AnAttemptNobodyClaimedIsOfferedAgainBeforeItTimesOut() {
    FakeWorld world = one("onError: { timeout: fail }");

    world.fire("a");
    assertThat(world.lastEffects()).containsExactly("DispatchTask");
    assertThat(world.attempt("a")).isEqualTo("wf-1/a#1");
    world.fire("a");
    world.fire("a");

    assertThat(world.workflow().status()).isEqualTo(WorkflowStatus.FAILED);
  }

  @Test
  void t4M4WaitingForAnAgentIsVisibleAndOfferedAgainWithGrowingWaits() {
    FakeWorld world = one("onError: { timeout: fail }");
    long[] seconds = {5, 10, 20, 40, 60, 60};

    for (long wait : seconds) {
      world.unplaced("a", "no agent offers x", true);
      assertThat(world.state("a").reason()).isEqualTo("no agent offers x");
      assertThat(world.timers.get("a").due()).isEqualTo(world.now.plusSeconds(wait));
      world.fire("a");
      assertThat(world.lastEffects()).containsExactly("DispatchTask");
    }
    assertThat(world.task("a").attempt()).isEqualTo(1);
    world.succeed("a");

    assertThat(world.workflow().status()).isEqualTo(WorkflowStatus.COMPLETED);
  }

  @Test
  void theSameReasonIsToldOnce() {
    FakeWorld world = one("priority: 5");

    world.unplaced("a", "all agents are busy", false);
    assertThat(world.lastEvents()).containsExactly("AttemptUnplaced");
    world.unplaced("a", "all agents are busy", false);
    assertThat(world.lastEvents()).isEmpty();
    world.unplaced("a", "the agent is cooling down", false);
    assertThat(world.lastEvents()).containsExactly("AttemptUnplaced");
  }

  @Test
  void f18TakesTheNextRungWhenNoOtherAgentExists() {
    FakeWorld world =
        one(
            "constraints: { qualityThreshold: 0.7 }, onError: { low_confidence: [ { retry: { max:"
                + " 1, backoff: none, agent: different } }, { review: { role: editor } } ] }");
    world.succeed("a", "{\"n\":1}", "0.10", 0.4);

    world.take(
        new TaskUnplaced(
            world.attempt("a"),
            FakeWorld.ID,
            "excluded",
            false,
            List.of(new Candidate("a1", null, "excluded", "excluded by the task")),
            world.now));

    assertThat(world.lastEvents()).containsExactly("AttemptFailed", "ReviewRequested");
    world.decide("a", Decision.approve);
    assertThat(world.output("a")).isEqualTo("{\"n\":1}");
  }

  @Test
  void f19D1LowConfidenceGoesToReviewAndTheApprovedOutputCounts() {
    FakeWorld world =
        one(
            "constraints: { qualityThreshold: 0.7 }, onError: { low_confidence: { review: { role:"
                + " editor } } }");

    world.succeed("a", "{\"n\":1}", "0.10", 0.4);
    assertThat(world.lastEvents()).containsExactly("AttemptFailed", "ReviewRequested");
    world.decide("a", Decision.approve);

    assertThat(world.output("a")).isEqualTo("{\"n\":1}");
    assertThat(world.state("a")).isEqualTo(new TaskState.Succeeded(Grade.clean));
  }

  @Test
  void f20D2AResultThatAsksForAReviewGetsOne() {
    FakeWorld world = one("priority: 5");

    world.needsReview("a", "{\"n\":2}");
    assertThat(world.lastEvents()).containsExactly("ReviewRequested");
    assertThat(world.ledger().spent()).isEqualTo(FakeWorld.money("0.10"));
    world.take(world.decision("a", Decision.edit_and_approve, "{\"n\":3}"));

    assertThat(world.output("a")).isEqualTo("{\"n\":3}");
  }

  @Test
  void d4RequestedChangesRunTheTaskAgainWithTheFeedback() {
    FakeWorld world = one("priority: 5");
    world.needsReview("a", "{\"n\":2}");

    world.decide("a", Decision.request_changes);

    var context = world.lastDispatch().orElseThrow().getContext();
    assertThat(context.getAttempt()).isEqualTo(2);
    assertThat(context.getReviewFeedback()).containsExactly("because");
  }
}
