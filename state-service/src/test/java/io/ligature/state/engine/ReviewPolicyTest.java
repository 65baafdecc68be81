package io.ligature.state.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.ligature.avro.Decision;
import io.ligature.schemas.definition.DefinitionLimits;
import io.ligature.schemas.definition.DefinitionParser;
import io.ligature.schemas.definition.TaskDefinition.Risk;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a deployment says of gates, beside what their definitions say. */
class ReviewPolicyTest {

  private static final DefinitionParser PARSER = new DefinitionParser(DefinitionLimits.DEFAULT);
  private static final String OWN_PASS =
      "{ role: a, risk: [ { when: \"${true}\", pass: true, reason: small } ] }";

  private static Risk pass(String when) {
    return new Risk(PARSER.reviewCondition(when), null, null, true, "cheap and sure");
  }

  private static Risk ask(String when, @Nullable String role, @Nullable Integer quorum) {
    return new Risk(PARSER.reviewCondition(when), role, quorum, false, "");
  }

  /** Up to the gate's verdict; the task before it cost 0.10, with a confidence of 0.9. */
  private static FakeWorld judged(String review, double sample, Risk... risks) {
    Tuning d = Tuning.DEFAULT;
    Tuning tuning =
        new Tuning(
            d.queueSlack(),
            d.reportSlack(),
            d.silentOffers(),
            d.firstOffer(),
            d.longestOffer(),
            d.maxAttempts(),
            d.payloadLimit(),
            d.nesting(),
            d.longestWait(),
            d.maxCritique(),
            d.limitedWait(),
            d.maxConsequences(),
            new ReviewPolicy(List.of(risks), sample));
    FakeWorld world =
        new FakeWorld(
            FakeWorld.definition(
                """
                name: gated
                tasks:
                  draft: { capability: write }
                  check: { needs: [draft], review: %s }
                """
                    .formatted(review)),
            tuning);
    world.start();
    world.succeed("draft");
    return world;
  }

  @Test
  void passesAGateWithoutRisksAndSaysWhoseRuleThatIs() {
    FakeWorld world =
        judged("{ role: a }", 0, pass("review.cost < 0.5 && review.confidence >= 0.9"));

    assertThat(world.task("check").review())
        .returns(Decision.approve, ReviewRow::decision)
        .returns("policy", ReviewRow::reviewer)
        .returns("the deployment's rule: cheap and sure", ReviewRow::reason);
  }

  @Test
  void leavesItToADefinitionWithRisksWhatPasses() {
    FakeWorld world =
        judged("{ role: a, risk: [ { when: \"${false}\", quorum: 2 } ] }", 0, pass("true"));

    assertThat(world.reviewAsked().getReason())
        .isEqualTo("the definition asks for an approval before it goes on");
  }

  @Test
  void asksForMoreWhereTheDefinitionLetsItPass() {
    FakeWorld world = judged(OWN_PASS, 0, ask("review.cost > 0.05", "board", 2));

    assertThat(world.reviewAsked().getRule())
        .returns("board", io.ligature.avro.ReviewRule::getRole)
        .returns(2, io.ligature.avro.ReviewRule::getQuorum);
    assertThat(world.reviewAsked().getReason())
        .endsWith("; the deployment's rule: review.cost > 0.05");
  }

  @Test
  void neverAsksForFewerThanTheDefinition() {
    FakeWorld world =
        judged(
            "{ role: a, risk: [ { when: \"${true}\", quorum: 3, reason: large } ] }",
            0,
            ask("true", null, 2));

    assertThat(world.reviewAsked().getRule())
        .returns("a", io.ligature.avro.ReviewRule::getRole)
        .returns(3, io.ligature.avro.ReviewRule::getQuorum);
    assertThat(world.reviewAsked().getReason())
        .endsWith("; its risk: large; the deployment's rule: true");
  }

  @Test
  void letsTheFirstThatHoldsDecide() {
    FakeWorld world =
        judged("{ role: a }", 0, pass("review.cost > 5.0"), ask("true", null, 2), pass("true"));

    assertThat(world.reviewAsked().getRule().getQuorum()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{ role: a }", OWN_PASS})
  void passesNothingWhenItCannotBeTold(String review) {
    FakeWorld world = judged(review, 0, ask("input.label == 'x'", "b", null), pass("true"));

    assertThat(world.reviewAsked().getRule().getRole()).isEqualTo("a");
    assertThat(world.reviewAsked().getReason())
        .contains("the deployment's rule could not be told: ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{ role: a }", OWN_PASS})
  void takesASampleOfWhatPassesByWhicheverRule(String review) {
    FakeWorld world = judged(review, 100, pass("true"));

    assertThat(world.reviewAsked().getReason()).startsWith("a sample of what passes; ");
  }

  @Test
  void letsAGateHaveAllReviewedThatTheDeploymentWouldPass() {
    FakeWorld world = judged("{ role: a, sample: 100 }", 0, pass("true"));

    assertThat(world.reviewAsked().getReason())
        .isEqualTo(
            "a sample of what passes; it would have passed because: the deployment's rule: cheap"
                + " and sure");
  }

  @Test
  void readsWhatADefinitionDoesNotDeclareAsNull() {
    FakeWorld world = judged("{ role: a }", 0, pass("variables.kind == 'small'"));

    assertThat(world.reviewAsked().getReason())
        .isEqualTo("the definition asks for an approval before it goes on");
  }
}
