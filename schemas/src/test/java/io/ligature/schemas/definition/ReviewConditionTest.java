package io.ligature.schemas.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a deployment's review rule may ask. */
class ReviewConditionTest {

  private static final DefinitionParser PARSER = new DefinitionParser(DefinitionLimits.DEFAULT);

  @Test
  void readsWhatIsUnderReviewAndWhatEveryWorkflowHas() {
    Expression condition =
        PARSER.reviewCondition(
            "review.cost < 1.0 && workflow.tenant == 'a' && variables.kind == input.kind");

    assertThat(condition.locals()).containsExactly("review");
    assertThat(condition.variables()).containsExactly("kind");
    assertThat(condition.readsInput()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "review.cost <           | mismatched input",
        "''                      | mismatched input",
        "${review.cost < 1.0}    | has ${ and } around it",
        "revue.cost < 1.0        | undeclared reference to 'revue'",
        "item.cost < 1.0         | undeclared reference to 'item'",
        "\"is it?\"                | is of type string, not bool",
        "tasks.draft.cost < 1.0  | read 'review'",
        "size(tasks) > 1         | can only be read by name",
      })
  void saysWhatIsWrongWithIt(String text, String why) {
    assertThatThrownBy(() -> PARSER.reviewCondition(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("'" + text + "'")
        .hasMessageContaining(why);
  }
}
