package io.ligature.approval.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import io.ligature.schemas.wire.Payloads;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The shapes that agents' schemas have, as most of them are generated from classes. */
class SchemaShapesTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"type\":\"string\"} | \"a\" | text s:/x",
        "{\"type\":\"string\",\"maxLength\":500} | \"a\" | area s:/x",
        "{\"type\":[\"string\",\"null\"]} | null | text sn:/x",
        "{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"null\"}]} | null | text sn:/x",
        "{\"oneOf\":[{\"type\":\"null\"},{\"type\":\"integer\"}]} | 3 | number nn:/x",
        "{\"anyOf\":[{\"$ref\":\"#/$defs/P\"},{\"type\":\"null\"}]} | null | absent j:/x",
        "{\"anyOf\":[{\"$ref\":\"#/$defs/P\"},{\"type\":\"null\"}]} | {\"n\":1} | group o:/x",
        "{\"allOf\":[{\"$ref\":\"#/$defs/P\"}]} | {\"n\":1} | group o:/x",
        "{\"$ref\":\"#/$defs/P\",\"description\":\"d\"} | {\"n\":1} | group o:/x",
        "{\"enum\":[\"a\",\"b\"]} | \"a\" | choice c:/x",
        "{\"enum\":[\"a\",null]} | null | choice c:/x",
        "{\"const\":\"a\"} | \"a\" | choice c:/x",
        "{\"oneOf\":[{\"const\":1,\"title\":\"One\"},{\"const\":2}]} | 2 | choice c:/x",
        "{\"type\":\"boolean\"} | true | choice c:/x",
        "{\"type\":\"number\",\"minimum\":0} | 0.5 | number n:/x",
        "{\"type\":\"array\",\"items\":{\"type\":\"string\"}} | [\"a\"] | many a:/x",
        "{\"type\":\"array\",\"prefixItems\":[{},{}]} | [1,2] | json j:/x",
        "{\"type\":\"object\",\"additionalProperties\":{\"type\":\"number\"}} | {\"k\":1} | group o:/x",
        "{\"type\":\"string\",\"not\":{\"const\":\"b\"}} | \"a\" | text s:/x",
        "{\"type\":\"string\",\"format\":\"date\"} | \"2026-03-01\" | text s:/x",
        "{\"type\":[\"string\",\"number\"]} | 1 | number n:/x",
        "{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"number\"}]} | 1 | json j:/x",
        "{} | {\"a\":1} | group o:/x",
      })
  void makesTheControlThatThePlaceNeeds(String schema, String value, String control) {
    Field field = member(schema, value, true);

    assertThat(field.kind() + " " + field.face().name()).isEqualTo(control);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"type\":\"string\",\"minLength\":5,\"maxLength\":80} | 5 to 80 characters",
        "{\"type\":\"string\",\"minLength\":2} | 2 or more characters",
        "{\"type\":\"string\",\"minLength\":1} | ``",
        "{\"type\":\"string\",\"maxLength\":1} | at most 1 character",
        "{\"type\":\"string\",\"pattern\":\"^[A-Z]+$\"} | must match ^[A-Z]+$",
        "{\"type\":\"string\",\"format\":\"date-time\"} | date and time, as 2026-03-01T09:30:00Z",
        "{\"type\":\"integer\",\"minimum\":1,\"maximum\":10} | 1 to 10",
        "{\"type\":\"number\",\"exclusiveMinimum\":0,\"multipleOf\":0.5} | more than 0, in steps of 0.5",
        "{\"type\":\"array\",\"minItems\":2,\"maxItems\":2,\"uniqueItems\":true} | exactly 2 entries · no entry twice",
        "{\"type\":\"string\",\"description\":\"In short\",\"maxLength\":9} | In short · at most 9 characters",
      })
  void saysWhatTheSchemaAsks(String schema, String hint) {
    assertThat(Hints.of(SchemaNode.of(json(schema)))).isEqualTo(hint);
  }

  @Test
  void namesTheValuesOfAChoiceAsTheSchemaDoes() {
    Field.Choice field =
        (Field.Choice)
            member(
                "{\"oneOf\":[{\"const\":1,\"title\":\"One\"},{\"const\":2,\"title\":\"Two\"}]}",
                "2",
                true);

    assertThat(field.options())
        .containsExactly(new Field.Option("1", "One", false), new Field.Option("2", "Two", true));
  }

  @Test
  void letsSomethingBeNothingWhereTheSchemaDoes() {
    Field.Choice field = (Field.Choice) member("{\"type\":[\"boolean\",\"null\"]}", "null", true);

    assertThat(field.options())
        .containsExactly(
            new Field.Option("", "(choose)", false),
            new Field.Option("true", "Yes", false),
            new Field.Option("false", "No", false),
            new Field.Option("null", "(nothing)", true));
  }

  @Test
  void takesTheFormOfTheKindThatTheValueSaysItIs() {
    String schema =
        "{\"oneOf\":[{\"type\":\"object\",\"properties\":{\"kind\":{\"const\":\"text\"},\"body\":"
            + "{\"type\":\"string\"}}},{\"type\":\"object\",\"properties\":{\"kind\":{\"const\":"
            + "\"link\"},\"url\":{\"type\":\"string\",\"format\":\"uri\"}}}]}";

    Field.Group field =
        (Field.Group) member(schema, "{\"kind\":\"link\",\"url\":\"https://a\"}", true);

    assertThat(field.fields())
        .extracting(child -> child.face().label())
        .containsExactly("Kind", "Url");
    assertThat(((Field.Text) field.fields().get(1)).type()).isEqualTo("url");
  }

  @Test
  void keepsADateThatIsNoneWhereItCanBeSeen() {
    String schema = "{\"type\":\"string\",\"format\":\"date\"}";

    assertThat(((Field.Text) member(schema, "\"2026-03-01\"", true)).type()).isEqualTo("date");
    assertThat(((Field.Text) member(schema, "\"next week\"", true)).type()).isEqualTo("text");
  }

  @Test
  void asksForWhatIsMissingOnlyWhereItIsWanted() {
    String list = "{\"type\":\"array\",\"items\":{\"type\":\"string\"}}";

    assertThat(member(list, null, false)).isInstanceOf(Field.Absent.class);
    assertThat(member(list, null, true)).isInstanceOf(Field.Many.class);
    assertThat(((Field.Many) member(list, "[]", false)).removable()).isTrue();
    assertThat(((Field.Many) member(list, "[]", true)).removable()).isFalse();
  }

  @Test
  void beginsTheWorkOfAPersonWithWhatTheSchemaWants() {
    JsonNode schema =
        json(
            """
            {"type": "object", "required": ["summary", "score", "verdict", "sources", "author"],
             "properties": {
               "summary": {"type": "string"}, "score": {"type": "number"},
               "verdict": {"enum": ["yes", "no"]}, "language": {"type": "string", "default": "en"},
               "sources": {"type": "array", "items": {"type": "string"}},
               "author": {"type": "object", "required": ["name"],
                          "properties": {"name": {"type": "string"}, "mail": {"type": "string"}}},
               "note": {"type": "string"}}}
            """);

    assertThat(Fresh.value(schema, json("null"), JsonPointer.empty()))
        .isEqualTo(
            json(
                """
                {"summary": "", "score": "", "language": "en", "sources": [], "author": {"name": ""}}
                """));
  }

  @Test
  void leavesTheWorkOfAPersonOpenWithoutASchema() {
    assertThat(Fresh.value(json("null"), json("null"), JsonPointer.empty()).isMissingNode())
        .isTrue();
  }

  @Test
  void makesAnOptionalObjectWhenItIsAskedFor() {
    JsonNode schema =
        json(
            "{\"properties\":{\"author\":{\"type\":\"object\",\"required\":[\"name\"],"
                + "\"properties\":{\"name\":{\"type\":\"string\"}}},"
                + "\"tags\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}}}}");

    assertThat(Fresh.value(schema, json("{}"), JsonPointer.compile("/author")))
        .isEqualTo(json("{\"name\":\"\"}"));
    assertThat(Fresh.value(schema, json("{}"), JsonPointer.compile("/tags")))
        .isEqualTo(json("[\"\"]"));
  }

  /** The field of a property with that schema. */
  private static Field member(String schema, String value, boolean required) {
    JsonNode whole =
        json(
            "{\"type\":\"object\",\"required\":"
                + (required ? "[\"x\"]" : "[]")
                + ",\"$defs\":{\"P\":{\"type\":\"object\",\"properties\":{\"n\":{\"type\":"
                + "\"integer\"}}}},\"properties\":{\"x\":"
                + schema
                + "}}");
    JsonNode output = json(value == null ? "{}" : "{\"x\":" + value + "}");
    FormBuilder.Form form = FormBuilder.build(whole, output, Map.of(), 50).orElseThrow();
    List<Field> fields = ((Field.Group) form.root()).fields();
    return fields.getFirst();
  }

  private static JsonNode json(String text) {
    try {
      return Payloads.JSON.readTree(text);
    } catch (IOException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
