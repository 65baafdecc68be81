package io.ligature.approval.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.ligature.approval.review.Samples;
import io.ligature.schemas.wire.PayloadLimit;
import org.junit.jupiter.api.Test;

class OutputSchemasTest {

  private final OutputSchemas schemas = new OutputSchemas(new PayloadLimit(40));

  @Test
  void acceptsWhatTheSchemaSays() {
    assertThat(schemas.violations(Samples.SCHEMA, Samples.json("{\"summary\":\"x\"}"))).isEmpty();
  }

  @Test
  void saysWhereAndWhatIsWrong() {
    assertThat(schemas.violations(Samples.SCHEMA, Samples.json("{\"summary\":3}")))
        .containsExactly("/summary: integer found, string expected");
  }

  @Test
  void acceptsAnyJsonWithoutASchema() {
    assertThat(schemas.violations(null, Samples.json("[1]"))).isEmpty();
  }

  @Test
  void refusesWhatIsNotJson() {
    assertThat(schemas.violations(null, Samples.json("{")))
        .containsExactly("the edited output is not JSON");
  }

  @Test
  void refusesWhatIsTooLarge() {
    assertThat(schemas.violations(null, Samples.json("\"" + "x".repeat(40) + "\"")))
        .singleElement()
        .asString()
        .startsWith("the edited output has 42 bytes, more than ligature.payload.max-bytes (40)");
  }

  @Test
  void fetchesNothing() {
    assertThat(
            schemas.violations("{\"$ref\":\"http://127.0.0.1:1/schema.json\"}", Samples.json("{}")))
        .containsExactly("the review's output schema cannot be used, so no edit can be checked");
  }

  @Test
  void refusesEditsUnderABrokenSchema() {
    assertThat(schemas.violations("{", Samples.json("{}")))
        .containsExactly("the review's output schema cannot be used, so no edit can be checked");
  }
}
