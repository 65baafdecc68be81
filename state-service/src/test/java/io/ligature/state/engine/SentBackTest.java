package io.ligature.state.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.ligature.avro.Decision;
import io.ligature.avro.NeedsReview;
import io.ligature.avro.PauseWorkflow;
import io.ligature.avro.ResumeWorkflow;
import io.ligature.schemas.wire.Payloads;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Changes that are asked for at a gate. */
class SentBackTest {

  private static FakeWorld gated(String more) {
    FakeWorld world =
        FakeWorld.started(
            """
            name: gated
            budget: { maxCost: 5 }
            tasks:
              draft: { capability: write, constraints: { maxCost: 1 } }
              check: { needs: [draft], review: { role: a, maxChanges: 2 } }
              send: { needs: [check], capability: mail }
            """
                + more.indent(2));
    world.succeed("draft");
    return world;
  }

  @Test
  void d4RunTheTaskAgainWithTheWishInItsContextAndOpenTheGateAnew() {
    FakeWorld world = gated("");
    NeedsReview first = world.reviewAsked();

    world.decide("check", Decision.request_changes);

    assertThat(first.getMayChange()).isTrue();
    assertThat(world.lastEvents())
        .containsExactly("ReviewDecided", "TaskReopened", "TaskReopened", "AttemptScheduled");
    assertThat(world.lastDispatch().orElseThrow().getContext().getReviewFeedback())
        .containsExactly("because");
    assertThat(world.task("check").state()).isInstanceOf(TaskState.Pending.class);

    world.succeed("draft", "{\"second\":true}", "0.10", 0.9);
    NeedsReview again = world.reviewAsked();

    assertThat(again.getReviewId()).isEqualTo("wf-1:check:2");
    assertThat(again.getChanges()).isEqualTo(1);
    assertThat(Payloads.parse(again.getSubject()).has("second")).isTrue();
    new Laws(world).hold(false);

    world.decide("check", Decision.approve);
    assertThat(world.lastDispatch().orElseThrow().getId()).isEqualTo("wf-1/send#1");
  }

  @Test
  void keepTheWishesOfAllRounds() {
    FakeWorld world = gated("");
    world.decide("check", Decision.request_changes);
    world.succeed("draft");

    world.decide("check", Decision.request_changes);

    assertThat(world.lastDispatch().orElseThrow().getContext().getReviewFeedback())
        .containsExactly("because", "because");
    world.succeed("draft");
    assertThat(world.reviewAsked().getChanges()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "beside: { needs: [draft], capability: other }",
        "more: { needs: [draft], wait: { for: PT1H } }",
      })
  void d4AreRefusedWhenMoreHasFollowedFromTheOutput(String more) {
    FakeWorld world = gated(more);

    assertThat(world.task("check").state()).isInstanceOf(TaskState.WaitingForReview.class);
    world.decide("check", Decision.request_changes);

    assertThat(world.lastEvents())
        .containsExactly("ReviewDecided", "CommandRejected", "ReviewRequested");
    assertThat(world.reviewAsked().getMayChange()).isFalse();
  }

  @Test
  void areRefusedWhereTheTaskWouldHaveToBeUndone() {
    FakeWorld world =
        FakeWorld.started(
            """
            name: gated
            tasks:
              pay: { capability: pay, compensate: { capability: refund } }
              check: { needs: [pay], review: { role: a } }
            """);
    world.succeed("pay");

    assertThat(world.reviewAsked().getMayChange()).isFalse();
  }

  @Test
  void goToTheTaskThatTheSubjectCopies() {
    FakeWorld world =
        FakeWorld.started(
            """
            name: gated
            tasks:
              draft: { capability: write }
              facts: { capability: facts }
              check: { needs: [draft, facts], review: { role: a, subject: "${tasks.draft.output}" } }
            """);
    world.succeed("facts");
    world.succeed("draft");

    world.decide("check", Decision.request_changes);

    assertThat(world.lastDispatch().orElseThrow().getId()).isEqualTo("wf-1/draft#2");
  }

  @Test
  void waitUntilAPausedWorkflowGoesOn() {
    FakeWorld world = gated("");
    world.take(new PauseWorkflow("p", FakeWorld.ID, "ops", "wait", world.now));

    world.decide("check", Decision.request_changes);
    assertThat(world.task("draft").state()).isInstanceOf(TaskState.Held.class);

    world.take(new ResumeWorkflow("r", FakeWorld.ID, "ops", "go", world.now));
    assertThat(world.lastDispatch().orElseThrow().getId()).isEqualTo("wf-1/draft#2");
  }
}
