package io.ligature.state.engine;

import static io.ligature.state.engine.FakeWorld.money;
import static org.assertj.core.api.Assertions.assertThat;

import io.ligature.avro.Candidate;
import io.ligature.avro.Decision;
import io.ligature.avro.EarlierAttempt;
import io.ligature.avro.Grade;
import io.ligature.avro.TaskUnplaced;
import io.ligature.schemas.wire.Payloads;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Critics: results that are judged before they count. The rows of docs/engine.md. */
class CriticsTest {

  private static final String GOOD = "{\"score\":0.9,\"critique\":\"fine\"}";
  private static final String POOR = "{\"score\":0.2,\"critique\":\"bees do not bark\"}";

  private static FakeWorld judged(String rest, String of) {
    return FakeWorld.started(
        """
        name: judged
        budget: { maxCost: 1.00, %s }
        tasks:
          a:
            capability: x
            constraints: { maxCost: 0.40, timeout: PT1M }
            validate: { capability: judge, minScore: 0.5, maxCost: 0.10, timeout: PT1M %s }
            %s
          b: { needs: [a], capability: y }
        """
            .formatted("onExceeded: fail", rest, of));
  }

  private static FakeWorld judged() {
    return judged("", "priority: 7");
  }

  private static FakeWorld answered(FakeWorld world) {
    world.succeed("a", "{\"text\":\"bees bark\"}", "0.30", 0.9);
    return world;
  }

  private static Verdict verdict(FakeWorld world, String critic) {
    return new Verdict(world, critic);
  }

  private record Verdict(FakeWorld world, String critic) {
    void is(String output) {
      world.take(world.success(world.attempt(critic), "judge-1", output, "0.05", null));
    }
  }

  @Test
  void v1T13AnAcceptableResultIsJudgedBeforeItCounts() {
    FakeWorld world = answered(judged());

    assertThat(world.lastEvents()).containsExactly("AttemptAnswered", "AttemptScheduled");
    assertThat(world.state("a")).isEqualTo(new TaskState.BeingJudged(1, "a!check1"));
    assertThat(world.state("b")).isInstanceOf(TaskState.Pending.class);
    var envelope = world.lastDispatch().orElseThrow();
    assertThat(envelope.getId()).isEqualTo("wf-1/a!check1#1");
    assertThat(envelope.getCapability()).isEqualTo("judge");
    assertThat(envelope.getPriority()).isEqualTo(7);
    assertThat(envelope.getExcludedAgents()).containsExactly("a1");
    assertThat(Payloads.parse(envelope.getInput()).toString())
        .isEqualTo(
            "{\"task\":\"a\",\"capability\":\"x\",\"input\":{\"topic\":\"bees\"},"
                + "\"output\":{\"text\":\"bees bark\"}}");
  }

  @Test
  void v2AScoreThatIsHighEnoughLetsTheResultCount() {
    FakeWorld world = answered(judged());

    verdict(world, "a!check1").is("{\"score\":0.5}");

    assertThat(world.lastEvents())
        .containsExactly("TaskSucceeded", "AttemptJudged", "TaskSucceeded", "AttemptScheduled");
    assertThat(world.output("a")).isEqualTo("{\"text\":\"bees bark\"}");
    assertThat(world.state("a")).isEqualTo(new TaskState.Succeeded(Grade.clean));
    assertThat(world.task("a").lastAttempt().details().score()).isEqualTo(0.5);
    assertThat(world.ledger().spent()).isEqualTo(money("0.35"));
    assertThat(world.ledger().held()).isEqualTo(money("0"));
  }

  @Test
  void v3AScoreThatIsTooLowFailsTheAttemptAndTheNextOneHearsWhy() {
    FakeWorld world = answered(judged());

    verdict(world, "a!check1").is(POOR);

    assertThat(world.lastEvents())
        .containsExactly("TaskSucceeded", "AttemptJudged", "AttemptFailed", "AttemptScheduled");
    assertThat(world.lastEffects()).containsExactly("DispatchTask");
    var envelope = world.lastDispatch().orElseThrow();
    EarlierAttempt earlier = envelope.getContext().getEarlierAttempts().getFirst();
    assertThat(earlier.getFailure().getKind()).isEqualTo("rejected_by_validator");
    assertThat(earlier.getFailure().getMessage())
        .isEqualTo("score 0.2 is below the minScore 0.5: bees do not bark");
    assertThat(earlier.getCost()).isEqualByComparingTo("0.30");
    assertThat(envelope.getRouting().getPrefer()).containsExactly("a1");
    assertThat(world.ledger().spent()).isEqualTo(money("0.35"));
  }

  @Test
  void v3TheLadderOfRejectionsIsClimbedAndEachResultHasACriticOfItsOwn() {
    FakeWorld world =
        judged("", "onError: { rejected_by_validator: { retry: { max: 1, backoff: none } } }");
    answered(world);
    verdict(world, "a!check1").is(POOR);
    answered(world);
    assertThat(world.state("a")).isEqualTo(new TaskState.BeingJudged(2, "a!check2"));

    verdict(world, "a!check2").is(POOR);

    assertThat(world.workflow().status()).isEqualTo(WorkflowStatus.FAILED);
    assertThat(world.workflow().failure().getKind()).isEqualTo("rejected_by_validator");
    assertThat(world.ledger().spent()).isEqualTo(money("0.70"));
  }

  @Test
  void v4TheCritiqueIsShortened() {
    FakeWorld world = answered(judged());

    verdict(world, "a!check1").is("{\"score\":0,\"critique\":\"" + "x".repeat(5_000) + "\"}");

    assertThat(world.task("a").attemptOf(1).failure().getMessage().length()).isLessThan(4_100);
  }

  @Test
  void v5WhatIsNoVerdictIsASchemaMismatchOfTheCritic() {
    for (String output : List.of("{}", "[]", "7", "{\"score\":\"1\"}", "{\"score\":1.01}")) {
      FakeWorld world = answered(judged());

      verdict(world, "a!check1").is(output);

      assertThat(world.lastEvents())
          .as(output)
          .containsExactly("AttemptFailed", "AttemptScheduled");
      assertThat(world.attempt("a!check1")).isEqualTo("wf-1/a!check1#2");
      verdict(world, "a!check1").is(GOOD);
      assertThat(world.state("a")).isInstanceOf(TaskState.Succeeded.class);
    }
  }

  @Test
  void v6ACriticThatCannotBeHadFailsTheTaskWithItsKind() {
    FakeWorld world = answered(judged());

    world.fail("a!check1", "auth");

    assertThat(world.workflow().failure().getKind()).isEqualTo("auth");
    assertThat(world.workflow().failure().getMessage()).isEqualTo("the critic: it went wrong");
  }

  @Test
  void v6OrGoesToTheReviewThatTheLadderOfThatKindEndsWith() {
    FakeWorld world =
        answered(
            judged(
                "", "onError: { auth: [ { retry: { max: 3 } }, { review: { role: editor } } ] }"));

    world.fail("a!check1", "auth");
    assertThat(world.lastEvents())
        .containsExactly("AttemptFailed", "TaskFailed", "ReviewRequested");
    world.decide("a", Decision.approve);

    assertThat(world.output("a")).isEqualTo("{\"text\":\"bees bark\"}");
  }

  @Test
  void v7NobodyJudgesWhatTheyMadeThemselves() {
    FakeWorld world = answered(judged());

    world.take(
        new TaskUnplaced(
            world.attempt("a!check1"),
            FakeWorld.ID,
            "excluded",
            false,
            List.of(new Candidate("a1", null, "excluded", "excluded by the task")),
            world.now));

    assertThat(world.workflow().failure().getKind()).isEqualTo("no_agent");
  }

  @Test
  void v8TheCriticsHoldIsFreeOnEveryWayOut() {
    for (String way : List.of("cancel", "skip", "claimed", "deadline")) {
      FakeWorld world = answered(judged("", "timeout: PT30S"));
      assertThat(world.ledger().held()).isEqualTo(money("0.10"));
      if (way.equals("claimed")) {
        world.claim("a!check1", "judge-1");
      }
      switch (way) {
        case "skip" -> Orders.of(world).skip("a");
        case "deadline" -> world.fire("a");
        default -> Orders.of(world).cancel(false);
      }

      assertThat(world.state("a!check1")).as(way).isInstanceOf(TaskState.Cancelled.class);
      assertThat(world.lastEffects()).as(way).contains("CancelTask");
      assertThat(world.ledger().held()).as(way).isEqualTo(money("0"));
      String spent = way.equals("claimed") ? "0.40" : "0.30";
      assertThat(world.ledger().spent()).as(way).isEqualTo(money(spent));
    }
  }

  @Test
  void v8ACriticThatDoesNotFitIntoTheBudgetExceedsIt() {
    FakeWorld world =
        FakeWorld.started(
            """
            name: tight
            budget: { maxCost: 0.60, onExceeded: fail }
            tasks:
              a:
                capability: x
                constraints: { maxCost: 0.20 }
                validate: { capability: judge, minScore: 0.5, maxCost: 0.30 }
              b: { capability: x, constraints: { maxCost: 0.20 } }
            """);

    world.succeed("a", "{}", "0.20", null);

    assertThat(world.lastEvents()).startsWith("AttemptAnswered", "BudgetExceeded", "TaskFailed");
    assertThat(world.workflow().failure().getKind()).isEqualTo("budget_exceeded");
    assertThat(world.ledger().held()).isEqualTo(money("0"));
  }

  @Test
  void v9InAPauseTheCriticIsHeldAndBeginsAfterIt() {
    FakeWorld world = judged();
    Orders.of(world).pause();
    answered(world);
    assertThat(world.state("a!check1")).isInstanceOf(TaskState.Held.class);

    Orders.of(world).resume();
    verdict(world, "a!check1").is(GOOD);

    assertThat(world.state("a")).isInstanceOf(TaskState.Succeeded.class);
  }

  @Test
  void v10ACommandOnACriticNamesTheTaskItJudges() {
    FakeWorld world = answered(judged());

    Orders.of(world).skip("a!check1");

    assertThat(world.lastEvents()).containsExactly("CommandRejected");
    assertThat(world.state("a")).isInstanceOf(TaskState.BeingJudged.class);
  }

  @Test
  void v11AVerdictOnAnotherResultIsStale() {
    FakeWorld world = answered(judged());

    world.take(world.success("wf-1/a!check2#1", "judge-1", GOOD, "0.05", null));

    assertThat(world.lastEvents()).containsExactly("StaleResultRecorded");
    assertThat(world.state("a")).isInstanceOf(TaskState.BeingJudged.class);
    assertThat(world.ledger().spent()).isEqualTo(money("0.35"));
  }

  @Test
  void v12WhatPeopleApprovedIsNotJudged() {
    FakeWorld world = judged();
    world.needsReview("a", "{\"n\":1}");

    world.decide("a", Decision.approve);

    assertThat(world.state("a")).isInstanceOf(TaskState.Succeeded.class);
  }

  @Test
  void v13TheCriticGetsItsCriteriaOrAnInputOfItsOwn() {
    FakeWorld criteria = answered(judged(", criteria: \"about ${input.topic}\"", "priority: 1"));
    FakeWorld own = answered(judged(", input: { t: \"${output.text}\" }", "priority: 1"));

    assertThat(Payloads.parse(criteria.lastDispatch().orElseThrow().getInput()).get("criteria"))
        .hasToString("\"about bees\"");
    assertThat(Payloads.parse(own.lastDispatch().orElseThrow().getInput()))
        .hasToString("{\"t\":\"bees bark\"}");
  }

  @Test
  void v13AnInputThatCannotBeMadeIsTheCriticsFailure() {
    FakeWorld world = answered(judged(", input: \"${output.missing}\"", "priority: 1"));

    assertThat(world.workflow().failure().getKind()).isEqualTo("invalid_input");
    assertThat(world.workflow().failure().getMessage()).startsWith("the critic: ");
    assertThat(world.ledger().held()).isEqualTo(money("0"));
  }

  @Test
  void v14ATaskThatIsRetriedAfterItsCriticFailedMakesItsResultAgain() {
    FakeWorld world = answered(judged());
    world.fail("a!check1", "auth");

    Orders.of(world).retry("a", null);
    assertThat(world.attempt("a")).isEqualTo("wf-1/a#2");
    answered(world);
    verdict(world, "a!check2").is(GOOD);

    assertThat(world.state("a")).isInstanceOf(TaskState.Succeeded.class);
  }
}
