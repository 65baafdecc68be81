package io.ligature.approval.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.ligature.approval.review.Samples;
import io.ligature.schemas.wire.PayloadLimit;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an edit may bring along that the output under review did not have. */
class NewMembersTest {

  private static final String OPEN =
      "{\"properties\":{\"a\":{\"type\":\"string\"},\"list\":{\"items\":{\"$ref\":\"#/$defs/row\"}},"
          + "\"free\":{},\"map\":{\"additionalProperties\":{\"type\":\"number\"}},"
          + "\"any\":{\"properties\":{\"x\":{}},\"additionalProperties\":true}},"
          + "\"allOf\":[{\"properties\":{\"b\":{}}}],\"patternProperties\":{\"^n_\":{}},"
          + "\"$defs\":{\"row\":{\"properties\":{\"id\":{}}}}}";
  private static final String BEFORE =
      "{\"a\":\"x\",\"extra\":{\"deep\":1},\"list\":[{\"id\":1},{\"id\":2,\"note\":\"n\"}]}";

  private final OutputSchemas schemas = new OutputSchemas(new PayloadLimit(1_000_000));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // named by the schema, or there before
        "{\"a\":\"y\",\"b\":1,\"n_x\":1} | -",
        "{\"extra\":{\"deep\":2}} | -",
        "{\"list\":[{\"note\":\"y\"},{\"id\":3},{\"id\":4}]} | -",
        // the schema says that others may be there, or says nothing of what is in it
        "{\"map\":{\"eve\":1},\"any\":{\"y\":1},\"free\":{\"z\":1}} | -",
        // smuggled
        "{\"isAdmin\":true} | /isAdmin",
        "{\"__proto__\":{}} | /__proto__",
        "{\"A\":\"y\"} | /A",
        "{\"extra\":{\"deep\":1,\"more\":1}} | /extra/more",
        "{\"list\":[{\"id\":1},{\"id\":2,\"price\":0}]} | /list/1/price",
        "{\"a/b~c\":1} | /a~1b~0c",
      })
  void mayOnlyBeWhatTheSchemaOrTheOutputHas(String output, String pointer) {
    List<String> violations = violations(OPEN, BEFORE, output);

    if (pointer.equals("-")) {
      assertThat(violations).isEmpty();
    } else {
      assertThat(violations)
          .containsExactly(
              pointer
                  + ": neither the schema nor the output under review has this member, and the"
                  + " schema does not say that others may be added");
    }
  }

  @Test
  void isToldByTheOutputAloneWithoutASchema() {
    assertThat(violations(null, "{\"a\":1}", "{\"a\":2}")).isEmpty();
    assertThat(violations(null, "{\"a\":1}", "{\"a\":2,\"b\":1}")).hasSize(1);
  }

  @Test
  void isFreeWherePeopleDoWorkThatNothingDescribes() {
    assertThat(schemas.violations("{\"type\":\"object\"}", null, Samples.json("{\"a\":1}")))
        .isEmpty();
    assertThat(schemas.violations(null, null, Samples.json("{\"a\":{\"b\":1}}"))).isEmpty();
    assertThat(schemas.violations(Samples.SCHEMA, null, Samples.json("{\"summary\":\"\",\"b\":1}")))
        .hasSize(1);
  }

  @Test
  void isToldBehindWhatTheSchemaSays() {
    assertThat(violations(OPEN, BEFORE, "{\"a\":3,\"isAdmin\":true}"))
        .containsExactly("/a: integer found, string expected");
  }

  @ParameterizedTest
  @CsvSource({
    "1e999999999",
    "-1E+401",
    "1e-500",
    "1E400",
  })
  void isNoNumberThatFillsAMemory(String number) {
    assertThat(violations(null, "{\"a\":1}", "{\"a\":" + number + "}"))
        .containsExactly("/a: this number has more than 400 digits");
  }

  @Test
  void takesNumbersUpToTheLimit() {
    assertThat(violations(null, "{\"a\":1}", "{\"a\":" + "9".repeat(400) + "}")).isEmpty();
    assertThat(violations(null, "{\"a\":1}", "{\"a\":" + "9".repeat(401) + "}")).hasSize(1);
    assertThat(violations(null, "{\"a\":1}", "{\"a\":1e308}")).isEmpty();
  }

  @Test
  void isNotNestedDeeperThanAnyoneLooks() {
    assertThat(violations(null, nested(64), nested(64))).isEmpty();
    assertThat(violations(null, nested(65), nested(65)))
        .singleElement()
        .asString()
        .endsWith(": this is nested deeper than 64 levels");
    assertThat(violations(null, "{}", nested(5_000)))
        .containsExactly("the edited output is not JSON");
  }

  @Test
  void isToldUpToALimit() {
    StringBuilder many = new StringBuilder("{\"a\":1");
    for (int i = 0; i < 200; i++) {
      many.append(",\"x").append(i).append("\":1");
    }

    assertThat(violations(null, "{\"a\":1}", many.append('}').toString())).hasSize(50);
  }

  private static String nested(int depth) {
    return "[".repeat(depth) + "]".repeat(depth);
  }

  private List<String> violations(String schema, String before, String output) {
    return schemas.violations(schema, Samples.json(before), Samples.json(output));
  }
}
