package io.ligature.state.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.ligature.avro.Decision;
import io.ligature.avro.NeedsReview;
import io.ligature.avro.OnReviewExpiry;
import io.ligature.avro.ReviewRule;
import io.ligature.avro.WorkingTime;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who is asked at a gate, and whether anyone is. */
class ReviewRulesTest {

  private static FakeWorld gate(String review) {
    FakeWorld world =
        FakeWorld.started(
            """
            name: gated
            tasks:
              draft: { capability: write }
              check:
                needs: [draft]
                review: %s
              send: { needs: [check], capability: mail }
            """
                .formatted(review));
    world.succeed("draft");
    return world;
  }

  @Test
  void passesTheWholeRuleOnToTheApprovalService() {
    FakeWorld world =
        gate(
            """
            { role: a, roles: [b], users: [cy], quorum: 2, rejections: 3, fourEyes: true,
              otherThanBefore: true, edit: false, maxChanges: 4, remind: [PT1H],
              escalate: [ { after: PT2H, to: lead } ],
              businessHours: { zone: UTC, days: [mon, fri], from: "09:00", to: "17:30" },
              expire: { after: PT3H, then: abort } }
            """);

    ReviewRule rule = asked(world).getRule();
    assertThat(rule)
        .isEqualTo(
            new ReviewRule(
                "a",
                2,
                true,
                false,
                List.of("b"),
                List.of("cy"),
                3,
                true,
                4,
                List.of(3_600_000L),
                List.of(new io.ligature.avro.Escalation(7_200_000L, "lead")),
                OnReviewExpiry.abort,
                new WorkingTime("UTC", List.of(1, 5), 540, 1050)));
  }

  @Test
  void makesSilenceThatEscalatesTheLastStepOfTheLadder() {
    FakeWorld world = gate("{ role: a, expire: { after: PT3H, then: escalate, to: chief } }");

    assertThat(asked(world).getExpiresAt()).isNull();
    assertThat(asked(world).getRule().getEscalate())
        .containsExactly(new io.ligature.avro.Escalation(10_800_000L, "chief"));
  }

  @Test
  void d8LetsThroughWhatItsRiskLetsPassAndSaysWhy() {
    FakeWorld world =
        gate("{ role: a, risk: [ { when: \"${true}\", pass: true, reason: small } ] }");

    assertThat(world.lastEvents())
        .containsSubsequence("ReviewRequested", "ReviewDecided", "TaskSucceeded");
    assertThat(world.lastEffects()).containsExactly("DispatchTask");
    assertThat(world.task("check").review())
        .returns(Decision.approve, ReviewRow::decision)
        .returns("policy", ReviewRow::reviewer)
        .returns("small", ReviewRow::reason);
  }

  @Test
  void asksOthersAndMoreOfThemWhenTheRiskSaysSo() {
    FakeWorld world =
        gate(
            """
            { role: a, risk: [
              { when: "${tasks.draft.status == 'failed'}", pass: true, reason: never },
              { when: "${tasks.draft.status == 'succeeded'}", role: board, quorum: 2 },
              { when: "${true}", pass: true, reason: too late } ] }
            """);

    assertThat(asked(world).getRule().getRole()).isEqualTo("board");
    assertThat(asked(world).getRule().getQuorum()).isEqualTo(2);
    assertThat(asked(world).getReason()).contains("risk: tasks.draft.status == 'succeeded'");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "tasks.draft.confidence >= 0.9 | true",
        "tasks.draft.confidence > 0.9 | false",
        "tasks.draft.grade == 'clean' | true",
        "tasks.draft.grade == 'degraded' | false",
        "tasks.draft.cost <= 0.10 | true",
        "tasks.draft.cost > 0.10 | false",
        "variables.limit == 7 | true",
        "variables.limit > 7 | false",
        "input.topic == 'bees' | true",
        "workflow.spent < 1.0 | true",
        "review.cost <= 0.10 | true",
        "review.cost > 0.10 | false",
        "review.confidence >= 0.9 | true",
        "review.confidence > 0.9 | false",
        "review.grade == 'clean' | true",
        "review.grade == 'degraded' | false",
      })
  void looksAtCostConfidenceGradeAndVariables(String when, boolean passes) {
    FakeWorld world =
        FakeWorld.started(
            """
            name: gated
            variables: { limit: 7 }
            tasks:
              draft: { capability: write }
              check:
                needs: [draft]
                review: { role: a, risk: [ { when: "${%s}", pass: true, reason: small } ] }
            """
                .formatted(when));

    world.succeed("draft");

    assertThat(world.task("check").hasEnded()).isEqualTo(passes);
    assertThat(world.lastEffects()).isEqualTo(passes ? List.of() : List.of("RequestReview"));
  }

  @Test
  void passesNothingWhenARiskCannotBeTold() {
    FakeWorld world =
        gate(
            """
            { role: a, risk: [
              { when: "${tasks.draft.output.nothing.there > 3}", quorum: 2 },
              { when: "${true}", pass: true, reason: small } ] }
            """);

    assertThat(asked(world).getRule().getRole()).isEqualTo("a");
    assertThat(asked(world).getReason()).contains("its risk could not be told: ");
  }

  @Test
  void reviewsASampleOfWhatPasses() {
    FakeWorld world =
        gate(
            "{ role: a, sample: 100, risk: [ { when: \"${true}\", pass: true, reason: small } ] }");

    assertThat(asked(world).getReason())
        .isEqualTo("a sample of what passes; it would have passed because: small");
  }

  @Test
  void takesTheSameReviewsIntoTheSampleEachTime() {
    List<String> ids = IntStream.range(0, 10_000).mapToObj(i -> "w" + i + ":check:1").toList();

    assertThat(ids.stream().filter(id -> ReviewRules.isSample(id, 5)).count())
        .isBetween(400L, 600L);
    assertThat(ids).noneMatch(id -> ReviewRules.isSample(id, 0));
    assertThat(ids).allMatch(id -> ReviewRules.isSample(id, 100));
    assertThat(ids.stream().filter(id -> ReviewRules.isSample(id, 5)).toList())
        .allMatch(id -> ReviewRules.isSample(id, 6));
  }

  @ParameterizedTest
  @CsvSource({"reject, FAILED, reject", "abort, CANCELLED, abort", "approve, RUNNING, approve"})
  void doesWhatSilenceMeansWhenNobodySaidSoInAMinute(
      String then, WorkflowStatus status, Decision decision) {
    FakeWorld world = gate("{ role: a, expire: { after: PT3H, then: " + then + " } }");
    var end = asked(world).getExpiresAt();

    world.fire("check");

    assertThat(world.now).isEqualTo(end.plus(Duration.ofMinutes(1)));
    assertThat(world.workflow().status()).isEqualTo(status);
    assertThat(world.task("check").review().decision()).isEqualTo(decision);
    assertThat(world.task("check").review().reviewer()).isEqualTo("policy");
  }

  @Test
  void countsTheWaitInBusinessHours() {
    FakeWorld world =
        gate(
            """
            { role: a, expire: { after: PT16H, then: reject },
              businessHours: { zone: UTC, days: [mon, tue, wed, thu, fri], from: "09:00", to: "17:00" } }
            """);

    assertThat(Duration.between(asked(world).getRequestedAt(), asked(world).getExpiresAt()))
        .isGreaterThan(Duration.ofHours(24));
  }

  private static NeedsReview asked(FakeWorld world) {
    return world.reviewAsked();
  }
}
