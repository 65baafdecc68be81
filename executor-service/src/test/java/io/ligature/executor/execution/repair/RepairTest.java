package io.ligature.executor.execution.repair;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.ligature.executor.execution.repair.Repair.Accepted;
import io.ligature.executor.execution.repair.Repair.Judged;
import io.ligature.executor.execution.repair.Repair.Refused;
import io.ligature.schemas.wire.Payloads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RepairTest {

  private static final String FENCE = "code fence removed";

  private static JsonNode json(String text) {
    try {
      return Payloads.JSON.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** With the validator that the executor uses. */
  private static Repair.Contract contract(@Nullable String text) {
    JsonNode document = text == null ? null : json(text);
    Schema schema =
        document == null
            ? null
            : SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(document);
    return new Repair.Contract() {
      @Override
      public @Nullable JsonNode schema() {
        return document;
      }

      @Override
      public List<String> violations(JsonNode value) {
        return schema == null
            ? List.of()
            : schema.validate(value).stream()
                .map(error -> error.getInstanceLocation() + ": " + error.getMessage())
                .toList();
      }
    };
  }

  private static Judged value(String value, String schema) {
    return Repair.judge(json(value), contract(schema));
  }

  private static Judged text(String text, @Nullable String schema) {
    return Repair.judge(text, contract(schema));
  }

  private static String object(String properties) {
    return "{\"type\": \"object\", \"properties\": {" + properties + "}}";
  }

  private static Accepted accepted(String value, String... repairs) {
    return new Accepted(json(value), List.of(repairs));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"3\" | integer | 3 | text read as integer",
        "\" -7 \" | integer | -7 | text read as integer",
        "\"3.0\" | integer | 3.0 | text read as integer",
        "\"2.50\" | number | 2.50 | text read as number",
        "\"1e3\" | number | 1e3 | text read as number",
        "\"true\" | boolean | true | text read as boolean",
        "\"False\" | boolean | false | text read as boolean",
        "7 | string | \"7\" | number written as text",
        "2.5 | string | \"2.5\" | number written as text",
        "1 | array | [1] | single value put into a list",
        "{\"a\": 1} | array | [{\"a\": 1}] | single value put into a list",
        "\"[1, 2]\" | array | [1, 2] | text read as array",
        "\"{\\\"a\\\": 1}\" | object | {\"a\": 1} | text read as object",
      })
  void givesAValueTheTypeItsSchemaWants(String from, String type, String to, String repair) {
    assertThat(value("{\"n\": " + from + "}", object("\"n\": {\"type\": \"" + type + "\"}")))
        .isEqualTo(accepted("{\"n\": " + to + "}", "/n: " + repair));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"three\" | integer",
        "\"3.5\" | integer",
        "\"3 apples\" | number",
        "\"1,000\" | number",
        "\"007\" | integer",
        "\"0x10\" | integer",
        "\"NaN\" | number",
        "\"\" | number",
        "\"1e999\" | number",
        "\"yes\" | boolean",
        "1 | boolean",
        "0 | boolean",
        "true | integer",
        "true | string",
        "null | string",
        "null | array",
        "null | integer",
        "{\"a\": 1} | string",
        "[1] | string",
        "[1] | integer",
        "\"[1, 2\" | array",
        "\"text\" | object",
        "[] | object",
        "1e999999 | string",
      })
  void guessesNothing(String from, String type) {
    String schema = object("\"n\": {\"type\": \"" + type + "\"}");

    assertThat(value("{\"n\": " + from + "}", schema))
        .isInstanceOfSatisfying(
            Refused.class,
            refused -> {
              assertThat(refused.value()).isEqualTo(json("{\"n\": " + from + "}"));
              assertThat(refused.violations()).isNotEmpty();
            });
  }

  @Test
  void fillsInNothingThatIsMissing() {
    String schema =
        "{\"type\": \"object\", \"required\": [\"n\", \"m\"], \"properties\": {\"n\": {\"type\":"
            + " \"integer\"}, \"m\": {\"type\": \"string\", \"default\": \"x\"}}}";

    assertThat(value("{\"n\": \"3\"}", schema))
        .isInstanceOfSatisfying(
            Refused.class,
            refused -> assertThat(refused.value()).isEqualTo(json("{\"n\": \"3\"}")));
  }

  @Test
  void dropsNothingThatIsTooMuch() {
    String schema = "{\"type\": \"object\", \"additionalProperties\": false}";

    assertThat(value("{\"n\": 1}", schema)).isInstanceOf(Refused.class);
  }

  @Test
  void cutsNothingThatIsTooLong() {
    assertThat(value("\"abcd\"", "{\"type\": \"string\", \"maxLength\": 3}"))
        .isInstanceOf(Refused.class);
    assertThat(value("[1, 2]", "{\"type\": \"array\", \"maxItems\": 1}"))
        .isInstanceOf(Refused.class);
  }

  @Test
  void mendsDeepInTheValueAndKeepsTheOrder() {
    String schema =
        "{\"type\": \"object\", \"$defs\": {\"row\": {\"type\": \"object\", \"properties\":"
            + " {\"a\": {\"type\": [\"integer\", \"null\"]}, \"b\": {\"type\": \"boolean\"}}}},"
            + " \"properties\": {\"rows\": {\"type\": \"array\", \"items\": {\"$ref\":"
            + " \"#/$defs/row\"}}, \"z\": {\"type\": \"string\"}}}";

    Judged judged =
        value("{\"rows\": [{\"b\": \"true\", \"a\": \"1\"}, {\"a\": null}], \"z\": 1}", schema);

    assertThat(judged)
        .isInstanceOfSatisfying(
            Accepted.class,
            accepted ->
                assertThat(accepted.value().toString())
                    .isEqualTo("{\"rows\":[{\"b\":true,\"a\":1},{\"a\":null}],\"z\":\"1\"}"));
    assertThat(((Accepted) judged).repairs())
        .containsExactly(
            "/rows/0/b: text read as boolean",
            "/rows/0/a: text read as integer",
            "/z: number written as text");
  }

  @Test
  void putsASingleValueIntoAListAndMendsIt() {
    assertThat(value("\"3\"", "{\"type\": \"array\", \"items\": {\"type\": \"integer\"}}"))
        .isEqualTo(accepted("[3]", "/: single value put into a list", "/0: text read as integer"));
  }

  @Test
  void followsTheOneFormBesideNull() {
    String schema = object("\"n\": {\"anyOf\": [{\"type\": \"null\"}, {\"type\": \"number\"}]}");

    assertThat(value("{\"n\": \"1\"}", schema))
        .isEqualTo(accepted("{\"n\": 1}", "/n: text read as number"));
    assertThat(value("{\"n\": null}", schema)).isEqualTo(accepted("{\"n\": null}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"anyOf\": [{\"type\": \"boolean\"}, {\"type\": \"number\"}]}",
        "{\"type\": [\"boolean\", \"number\"]}",
        "{\"type\": \"number\", \"$ref\": \"https://example.org/schema\"}"
      })
  void doesNotChooseBetweenTypes(String schema) {
    assertThat(Coercion.coerce(json("\"1\""), json(schema)).repairs()).isEmpty();
  }

  @Test
  void endsOnASchemaThatRefersToItself() {
    JsonNode circle =
        json("{\"$ref\": \"#/$defs/a\", \"$defs\": {\"a\": {\"$ref\": \"#/$defs/a\"}}}");

    assertThat(Coercion.coerce(json("1"), circle).repairs()).isEmpty();
    assertThat(Coercion.coerce(json("[[1]]"), json("{\"items\": {\"$ref\": \"#\"}}")).repairs())
        .isEmpty();
    assertThat(Coercion.coerce(json("1"), json("{\"allOf\": [{\"$ref\": \"#\"}]}")).repairs())
        .isEmpty();
    assertThat(
            Coercion.coerce(json("1"), json("{\"type\": \"array\", \"items\": {\"$ref\": \"#\"}}"))
                .repairs())
        .hasSizeLessThan(200);
  }

  @Test
  void doesNotTouchWhatIsValid() {
    String schema = object("\"n\": {\"type\": [\"string\", \"integer\"]}, \"m\": {}");

    assertThat(value("{\"n\": \"3\", \"m\": \"{}\"}", schema))
        .isEqualTo(accepted("{\"n\": \"3\", \"m\": \"{}\"}"));
    assertThat(value("\"```json\\n{}\\n```\"", "{\"type\": \"string\"}"))
        .isEqualTo(accepted("\"```json\\n{}\\n```\""));
  }

  @Test
  void changesNoPartThatIsValid() {
    String[] types = {"string", "integer", "number", "boolean", "array", "object", "null"};
    String[] values = {"\"3\"", "3", "2.5", "true", "[\"3\"]", "{\"a\": \"3\"}", "null", "\"x\""};
    for (long seed = 0; seed < 1_000; seed++) {
      Random random = new Random(seed);
      String properties =
          IntStream.range(0, 4)
              .mapToObj(
                  i ->
                      "\"p" + i + "\": {\"type\": \"" + types[random.nextInt(types.length)] + "\"}")
              .collect(Collectors.joining(", "));
      String given =
          IntStream.range(0, 4)
              .mapToObj(i -> "\"p" + i + "\": " + values[random.nextInt(values.length)])
              .collect(Collectors.joining(", ", "{", "}"));
      JsonNode before = json(given);
      JsonNode after = Coercion.coerce(before, json(object(properties))).value();
      for (int i = 0; i < 4; i++) {
        JsonNode its = before.get("p" + i);
        JsonNode schema = json(object(properties)).path("properties").path("p" + i);
        if (contract(schema.toString()).violations(its).isEmpty()) {
          assertThat(after.get("p" + i)).as("seed %d, p%d", seed, i).isEqualTo(its);
        }
      }
      assertThat(after.size()).as("seed %d", seed).isEqualTo(4);
    }
  }

  @Test
  void opensATextWhereAnObjectIsWanted() {
    assertThat(
            value(
                "\"```json\\n{\\\"n\\\": \\\"1\\\",}\\n```\"",
                object("\"n\": {\"type\": \"integer\"}")))
        .isEqualTo(
            accepted(
                "{\"n\": 1}",
                "/: text read as JSON",
                FENCE,
                "trailing commas removed",
                "/n: text read as integer"));
  }

  @Test
  void takesTheJsonOfATextAndMendsIt() {
    assertThat(text("```json\n{\"n\": \"1\"}\n```", object("\"n\": {\"type\": \"integer\"}")))
        .isEqualTo(accepted("{\"n\": 1}", FENCE, "/n: text read as integer"));
  }

  @Test
  void takesATextThatIsWanted() {
    assertThat(text("Once upon a time\n", "{\"type\": \"string\"}"))
        .isEqualTo(accepted("\"Once upon a time\"", "answer taken as a text"));
    assertThat(text("See {\"a\": 1}", "{\"type\": \"string\"}"))
        .isEqualTo(accepted("\"See {\\\"a\\\": 1}\"", "answer taken as a text"));
  }

  @Test
  void takesNothingForNoText() {
    assertThat(text(" \n", "{\"type\": \"string\"}")).isInstanceOf(Refused.class);
    assertThat(text("", null)).isInstanceOf(Refused.class);
  }

  @Test
  void saysThatSeveralValuesAreTooMany() {
    assertThat(text("{\"n\": 1} or {\"n\": 2}", object("\"n\": {}")))
        .isInstanceOfSatisfying(
            Refused.class,
            refused -> {
              assertThat(refused.value()).isNull();
              assertThat(refused.violations().getFirst()).contains("several JSON values");
            });
    assertThat(text("{\"n\": 1} or {\"n\": 2}", null)).isInstanceOf(Refused.class);
  }

  @Test
  void saysThatATextHoldsNoJson() {
    assertThat(text("I am sorry", object("\"n\": {}")))
        .isInstanceOfSatisfying(
            Refused.class,
            refused ->
                assertThat(refused.violations().getFirst()).contains("without one whole JSON"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "TODO",
        "todo: fill in",
        "N/A",
        "TBD",
        "<summary here>",
        "[your summary]",
        "{{summary}}",
        "${summary}",
        "...",
        "Insert summary here.",
        "Your text here",
        "Lorem ipsum"
      })
  void letsNoPlaceholderPassByARepair(String placeholder) {
    String document = "{\"a\": {\"s\": [\"fine\", \"" + placeholder + "\"]}}";

    assertThat(text("```json\n" + document + "\n```", object("\"a\": {}")))
        .isInstanceOfSatisfying(
            Refused.class,
            refused ->
                assertThat(refused.violations().getFirst()).startsWith("/a/s/1: a placeholder"));
    assertThat(text(placeholder, "{\"type\": \"string\"}")).isInstanceOf(Refused.class);
    assertThat(value("\"" + placeholder + "\"", "{\"type\": \"array\"}"))
        .isInstanceOf(Refused.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"x [1]", "<3", "a todo list", "To do or not", "1. Insert the key", "N/A - none"})
  void takesNoAnswerForAPlaceholder(String answer) {
    assertThat(value("\"" + answer + "\"", "{\"type\": \"array\"}")).isInstanceOf(Accepted.class);
  }

  @Test
  void namesOnlyTheFirstOfManyRepairs() {
    String many =
        IntStream.range(0, 25).mapToObj(i -> "\"1\"").collect(Collectors.joining(",", "[", "]"));

    assertThat(value(many, "{\"items\": {\"type\": \"integer\"}}"))
        .isInstanceOfSatisfying(
            Accepted.class,
            accepted -> assertThat(accepted.repairs()).hasSize(21).last().isEqualTo("and 5 more"));
  }
}
