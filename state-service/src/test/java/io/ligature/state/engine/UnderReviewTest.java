package io.ligature.state.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.ligature.avro.Decision;
import io.ligature.avro.NeedsReview;
import org.junit.jupiter.api.Test;

/** What a rule reads of what is under review, whatever the tasks are called. */
class UnderReviewTest {

  /** Tasks, then a gate that passes when that holds. */
  private static FakeWorld gate(String tasks, String needs, String when) {
    return FakeWorld.started(
        """
        name: gated
        tasks:
        %s
          check:
            needs: %s
            review: { role: a, risk: [ { when: "${%s}", pass: true, reason: small } ] }
        """
            .formatted(tasks.indent(2).stripTrailing(), needs, when));
  }

  private static void assertPassed(FakeWorld world) {
    assertThat(world.task("check").review()).returns(Decision.approve, ReviewRow::decision);
  }

  private static NeedsReview asked(FakeWorld world) {
    return world.reviewAsked();
  }

  @Test
  void countsAllAttemptsOfAllItNeedsAndTheWorstOfThem() {
    FakeWorld world =
        gate(
            "a: { capability: x }\nb: { capability: x }",
            "[a, b]",
            "review.cost > 0.349 && review.cost < 0.351 && review.confidence == 0.6");
    world.take(world.failure(world.attempt("a"), "a1", "model_error", "0.05", null, true));
    world.fire("a");
    world.succeed("a", "1", "0.10", 0.6);

    world.succeed("b", "1", "0.20", 0.9);

    assertPassed(world);
  }

  @Test
  void looksThroughAnEarlierGateAtWhatThatWasAbout() {
    FakeWorld world =
        gate(
            "a: { capability: x }\nfirst: { needs: [a], review: { role: b } }",
            "[first]",
            "review.cost < 1.0");
    world.succeed("a", "1", "2.00", 0.9);

    world.decide("first", Decision.approve);

    assertThat(asked(world).getTask()).isEqualTo("check");
  }

  @Test
  void looksIntoBlocksAndItems() {
    FakeWorld world =
        gate(
            "each: { forEach: { in: \"${[1, 2]}\", do: { tasks: { a: { capability: x } } } } }",
            "[each]",
            "review.cost > 0.299 && review.cost < 0.301 && review.confidence == 0.7");
    world.succeed("each[0].a", "1", "0.10", 0.7);

    world.succeed("each[1].a", "1", "0.20", 0.9);

    assertPassed(world);
  }

  @Test
  void takesOfALoopTheLastConfidenceAndTheCostOfAll() {
    FakeWorld world =
        gate(
            "again: { repeat: { until: \"${iteration == 2}\", max: 3, do: { capability: x } } }",
            "[again]",
            "review.cost > 0.299 && review.cost < 0.301 && review.confidence == 0.9");
    world.succeed("again~1", "1", "0.10", 0.2);

    world.succeed("again~2", "1", "0.20", 0.9);

    assertPassed(world);
  }

  @Test
  void asksPeopleWhenAConfidenceIsNotKnown() {
    FakeWorld world =
        gate("a: { capability: x }\nb: { capability: x }", "[a, b]", "review.confidence > 0.5");
    world.succeed("a", "1", "0.10", 0.9);

    world.succeed("b", "1", "0.10", null);

    assertThat(asked(world).getReason()).contains("its risk could not be told: ", "confidence");
  }

  @Test
  void asksPeopleWhenACostIsNotKnown() {
    FakeWorld world = gate("a: { capability: x }", "[a]", "review.cost < 5.0");

    world.succeed("a", "1", null, 0.9);

    assertThat(asked(world).getReason()).contains("its risk could not be told: ", "cost");
  }

  @Test
  void asksPeopleWhenNoAgentMadeWhatIsUnderReview() {
    FakeWorld world = gate("late: { wait: PT1M }", "[late]", "review.cost < 5.0");

    world.fire("late");

    assertThat(asked(world).getReason()).contains("its risk could not be told: ", "cost");
  }

  @Test
  void takesOneThatFailedForDegraded() {
    FakeWorld world =
        gate(
            "a: { capability: x }\nb: { capability: x }",
            "{ ended: [a, b] }",
            "review.grade == 'degraded' && !has(review.confidence)");
    world.succeed("b", "1", "0.10", 0.9);

    world.fail("a", "invalid_input");

    assertPassed(world);
  }
}
