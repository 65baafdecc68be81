package io.ligature.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ligature.schemas.definition.DefinitionLimits;
import io.ligature.schemas.definition.DefinitionParser;
import io.ligature.schemas.definition.TaskDefinition.Risk;
import io.ligature.state.engine.ReviewPolicy;
import io.smallrye.config.EnvConfigSource;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the settings say of all gates. */
class ReviewPoliciesTest {

  private static final String REVIEW = "ligature.state.review.";
  private static final DefinitionParser PARSER = new DefinitionParser(DefinitionLimits.DEFAULT);

  private static ReviewPolicy read(Map<String, String> settings) {
    Map<String, String> all = new HashMap<>();
    settings.forEach((key, value) -> all.put(REVIEW + key, value));
    return ReviewPolicies.of(SettingsFixture.of(all).state().review(), PARSER);
  }

  @Test
  void saysNothingUnlessToldTo() {
    assertThat(read(Map.of())).isEqualTo(ReviewPolicy.NONE);
  }

  @Test
  void readsTheRulesInTheirOrder() {
    ReviewPolicy policy =
        read(
            Map.of(
                "risks[0].when", "review.cost > 100.0",
                "risks[0].role", "board",
                "risks[0].quorum", "2",
                "risks[1].when", "review.confidence > 0.95",
                "risks[1].pass", "true",
                "risks[1].reason", "sure",
                "sample", "2.5"));

    assertThat(policy.sample()).isEqualTo(2.5);
    assertThat(policy.risks()).extracting(Risk::role).containsExactly("board", null);
    assertThat(policy.risks()).extracting(Risk::quorum).containsExactly(2, null);
    assertThat(policy.risks()).extracting(Risk::pass).containsExactly(false, true);
    assertThat(policy.risks()).extracting(Risk::reason).containsExactly("", "sure");
    assertThat(policy.risks().getFirst().when().text()).isEqualTo("review.cost > 100.0");
  }

  @Test
  void takesThemFromTheEnvironmentToo() {
    StateSettings settings =
        SettingsFixture.of(
            new EnvConfigSource(
                Map.of(
                    "LIGATURE_STATE_REVIEW_RISKS_0__WHEN", "review.cost > 100.0",
                    "LIGATURE_STATE_REVIEW_RISKS_0__ROLE", "board"),
                300));

    assertThat(ReviewPolicies.of(settings.state().review(), PARSER).risks())
        .extracting(Risk::role)
        .containsExactly("board");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "role    | ' '      | risks[1].role: ' ' is no role",
        "role    | The Board | risks[1].role: 'The Board' is no role",
        "quorum  | 0        | risks[1].quorum: 0 is not between 1 and 20",
        "quorum  | 21       | risks[1].quorum: 21 is not between 1 and 20",
        "pass    | true     | risks[1].reason: it is not said why this may pass",
        "reason  | because  | risks[1]: this rule changes nothing",
        "role    | ''       | risks[1]: this rule changes nothing",
      })
  void refusesWhatMakesNoSense(String key, String value, String why) {
    Map<String, String> settings =
        Map.of(
            "risks[0].when",
            "true",
            "risks[0].quorum",
            "2",
            "risks[1].when",
            "true",
            "risks[1]." + key,
            value);

    assertThatThrownBy(() -> read(settings)).hasMessageStartingWith(REVIEW + why);
  }

  @Test
  void refusesOnePassWithReviewers() {
    assertThatThrownBy(
            () ->
                read(
                    Map.of(
                        "risks[0].when", "true",
                        "risks[0].pass", "true",
                        "risks[0].reason", "small",
                        "risks[0].role", "board")))
        .hasMessageStartingWith(REVIEW + "risks[0].pass: what passes has no reviewers");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"review.cost > | mismatched", "tasks.a.cost > 1.0 | read 'review'"})
  void refusesAnExpressionAsADefinitionDoes(String when, String why) {
    assertThatThrownBy(() -> read(Map.of("risks[0].when", when, "risks[0].role", "a")))
        .hasMessageStartingWith(REVIEW + "risks[0].when: '" + when)
        .hasMessageContaining(why);
  }

  @ParameterizedTest
  @CsvSource({"-1", "100.1", "NaN"})
  void refusesASampleThatIsNoShare(String sample) {
    assertThatThrownBy(() -> read(Map.of("sample", sample)))
        .hasMessageStartingWith(REVIEW + "sample: ");
  }

  @Test
  void refusesARuleWithoutACondition() {
    assertThatThrownBy(() -> read(Map.of("risks[0].role", "board")))
        .hasMessageContaining(REVIEW + "risks[0].when");
  }
}
