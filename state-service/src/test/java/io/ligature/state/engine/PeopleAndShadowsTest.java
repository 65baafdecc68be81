package io.ligature.state.engine;

import static io.ligature.state.engine.FakeWorld.money;
import static org.assertj.core.api.Assertions.assertThat;

import io.ligature.avro.Decision;
import io.ligature.avro.Failure;
import io.ligature.avro.Grade;
import io.ligature.avro.NeedsReview;
import io.ligature.avro.ResultMetadata;
import io.ligature.avro.ResultStatus;
import io.ligature.avro.ShadowResult;
import io.ligature.avro.TaskResult;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Tasks that people do, and agents that try the same: the rows of docs/engine.md. */
class PeopleAndShadowsTest {

  private static final String SCHEMA = "{\"type\":\"object\"}";

  private static FakeWorld one(String rest) {
    return FakeWorld.started("name: one\ntasks:\n  a: { capability: x, " + rest + " }\n");
  }

  private static FakeWorld handedOver(String rest, @Nullable String said) {
    FakeWorld world = one(rest);
    world.take(
        TaskResult.newBuilder(world.success(world.attempt("a"), "people", "{}", "0", null))
            .setStatus(ResultStatus.needs_review)
            .setOutput(null)
            .setError(said == null ? null : new Failure("model_error", said, null, false))
            .setOutputSchema(SCHEMA)
            .build());
    return world;
  }

  private static NeedsReview asked(FakeWorld world) {
    return world.last.effects().stream()
        .filter(Effect.RequestReview.class::isInstance)
        .map(effect -> ((Effect.RequestReview) effect).review())
        .findFirst()
        .orElseThrow();
  }

  @Test
  void h1AResultWithoutAnOutputAsksAPersonToDoTheTask() {
    FakeWorld world =
        handedOver(
            "onError: { low_confidence: { review: { role: editor, edit: false } } }", "read it");

    NeedsReview review = asked(world);
    assertThat(review.getPurpose()).isEqualTo("work");
    assertThat(review.getReason()).isEqualTo("a person does this task: read it");
    assertThat(review.getRule().getRole()).isEqualTo("editor");
    assertThat(review.getRule().getEdit()).isTrue();
    assertThat(review.getOutputSchema()).isEqualTo(SCHEMA);
    assertThat(review.getSubject()).isNull();
  }

  @Test
  void h2AnApprovalWithoutAnOutputIsRefusedAndTheQuestionAskedAgain() {
    FakeWorld world = handedOver("priority: 5", null);
    assertThat(asked(world).getReason()).isEqualTo("a person does this task");

    world.decide("a", Decision.approve);

    assertThat(world.lastEvents())
        .containsExactly("ReviewDecided", "CommandRejected", "ReviewRequested");
    assertThat(asked(world).getPurpose()).isEqualTo("work");
    assertThat(asked(world).getOutputSchema()).isEqualTo(SCHEMA);
    assertThat(world.state("a")).isInstanceOf(TaskState.WaitingForReview.class);
    world.take(world.decision("a", Decision.edit_and_approve, null));
    assertThat(world.lastEvents()).contains("CommandRejected", "ReviewRequested");
  }

  @Test
  void h3WhatThePersonGivesIsTheOutput() {
    FakeWorld world = handedOver("priority: 5", null);

    world.take(world.decision("a", Decision.edit_and_approve, "{\"done\":true}"));

    assertThat(world.output("a")).isEqualTo("{\"done\":true}");
    assertThat(world.state("a")).isEqualTo(new TaskState.Succeeded(Grade.human_edited));
    assertThat(world.task("a").outputSchema()).isNull();
  }

  @Test
  void h4ThePersonMayRefuseOrHaveItAskedAgain() {
    FakeWorld refused = handedOver("priority: 5", null);
    FakeWorld again = handedOver("priority: 5", null);

    refused.decide("a", Decision.reject);
    again.decide("a", Decision.request_changes);

    assertThat(refused.workflow().failure().getKind()).isEqualTo("rejected_by_reviewer");
    assertThat(again.attempt("a")).isEqualTo("wf-1/a#2");
  }

  @Test
  void f27AReviewOfAResultNamesTheSchemaOfItsOutput() {
    FakeWorld world =
        one(
            "constraints: { qualityThreshold: 0.7 }, onError: { low_confidence: { review: { role:"
                + " editor } } }");

    world.take(
        TaskResult.newBuilder(world.success(world.attempt("a"), "a1", "{\"n\":1}", "0.10", 0.4))
            .setOutputSchema(SCHEMA)
            .build());

    assertThat(asked(world).getOutputSchema()).isEqualTo(SCHEMA);
    assertThat(asked(world).getPurpose()).isEqualTo("result");
  }

  private static ShadowResult shadow(String attempt, String agent, @Nullable String output) {
    return new ShadowResult(
        attempt,
        FakeWorld.ID,
        agent,
        "ex-2",
        output == null ? ResultStatus.failure : ResultStatus.success,
        output == null ? null : FakeWorld.json(output),
        FakeWorld.metadata("9.00", 0.1),
        output == null ? new Failure("model_error", "no", null, true) : null,
        FakeWorld.BEGIN);
  }

  private static @Nullable Boolean agrees(FakeWorld world) {
    Event event = world.last.events().getFirst().event();
    return ((Event.ShadowRecorded) event).body().getAgrees();
  }

  @Test
  void o1AShadowIsRecordedAndNothingFollows() {
    FakeWorld world = one("constraints: { maxCost: 0.50 }");
    world.claim("a", "a1");
    TaskState before = world.state("a");

    world.take(shadow("wf-1/a#1", "b1", "{\"n\":1}"));

    assertThat(world.lastEvents()).containsExactly("ShadowRecorded");
    assertThat(world.last.effects()).isEmpty();
    assertThat(world.state("a")).isEqualTo(before);
    assertThat(world.ledger().spent()).isEqualTo(money("0"));
    assertThat(agrees(world)).isNull();
    var body = ((Event.ShadowRecorded) world.last.events().getFirst().event()).body();
    assertThat(body.getRealAgent()).isEqualTo("a1");
    assertThat(body.getAgent()).isEqualTo("b1");
  }

  @Test
  void o2ItsOutputIsComparedWithTheAcceptedOneByValue() {
    String[][] cases = {
      {"{\"n\":1,\"m\":[2]}", "true"},
      {"{\"m\":[2.0],\"n\":1.0}", "true"},
      {"{\"n\":1,\"m\":[3]}", "false"},
      {"no json", null},
      {null, null}
    };
    for (String[] each : cases) {
      FakeWorld world = one("priority: 5");
      world.succeed("a", "{\"n\":1,\"m\":[2]}", "0.10", null);

      world.take(shadow("wf-1/a#1", "b1", each[0]));

      assertThat(String.valueOf(agrees(world))).as(each[0]).isEqualTo(String.valueOf(each[1]));
    }
  }

  @Test
  void o3TheSameOneTwiceAndOneOfAnUnknownAttemptChangeNothing() {
    FakeWorld world = one("priority: 5");
    world.take(shadow("wf-1/a#1", "b1", "{}"));

    world.take(shadow("wf-1/a#1", "b1", "{}"));
    assertThat(world.last.ignored()).startsWith("a duplicate");
    world.take(shadow("wf-1/a#7", "b1", "{}"));
    assertThat(world.last.ignored()).startsWith("a shadow of an attempt that is not known");
    world.take(shadow("wf-1/a#1", "b2", "{}"));
    assertThat(world.lastEvents()).containsExactly("ShadowRecorded");
    assertThat(world.task("a").lastAttempt().details().shadows()).hasSize(2);
  }

  @Test
  void o4AWorkflowThatHasEndedStillTakesThem() {
    FakeWorld world = one("priority: 5");
    world.succeed("a");

    world.take(shadow("wf-1/a#1", "b1", "{\"made\":\"a\"}"));

    assertThat(agrees(world)).isTrue();
    assertThat(world.workflow().status()).isEqualTo(WorkflowStatus.COMPLETED);
  }

  @Test
  void b19ASharedOrCachedResultIsChargedWhatItCost() {
    FakeWorld world =
        FakeWorld.started(
            "name: c\nbudget: { maxCost: 1.00 }\ntasks:\n  a: { capability: x, constraints: {"
                + " maxCost: 0.50 }, cache: { maxAge: PT1H }, shareIdenticalCalls: true }\n");
    assertThat(world.lastDispatch().orElseThrow().getCacheMaxAge()).isEqualTo(3_600_000L);
    assertThat(world.lastDispatch().orElseThrow().getShareIdenticalCalls()).isTrue();
    TaskResult result = world.success("wf-1/a#1", "a1", "{}", "0", null);

    world.take(
        TaskResult.newBuilder(result)
            .setMetadata(
                ResultMetadata.newBuilder(result.getMetadata()).setServedFrom("wf-0/b#1").build())
            .build());

    assertThat(world.ledger().spent()).isEqualTo(money("0"));
    assertThat(world.ledger().held()).isEqualTo(money("0"));
    assertThat(world.task("a").lastAttempt().details().servedFrom()).isEqualTo("wf-0/b#1");
  }
}
