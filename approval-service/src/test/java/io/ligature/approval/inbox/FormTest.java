package io.ligature.approval.inbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.schemas.wire.Payloads;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The edit form: what it is built of, and that what it posts unchanged is what it was built from.
 */
class FormTest {

  private static final String SCHEMA =
      """
      {"type": "object", "required": ["title", "score"], "$defs": {"tag": {"type": "string"}},
       "properties": {
         "title": {"type": "string", "title": "Headline", "description": "In one line"},
         "score": {"type": "number"},
         "count": {"type": "integer"},
         "final": {"type": "boolean"},
         "level": {"enum": ["low", "high"]},
         "note": {"type": ["string", "null"]},
         "tags": {"type": "array", "items": {"$ref": "#/$defs/tag"}},
         "author": {"type": "object", "properties": {"name": {"type": "string"}}},
         "rows": {"type": "array", "maxItems": 2,
                  "items": {"type": "object", "required": ["k"],
                            "properties": {"k": {"type": "string"}, "v": {"type": "number"}}}},
         "any": {}}}
      """;

  @Test
  void makesAFieldOfEachTypeOfTheSchema() {
    Field form =
        form(
            SCHEMA,
            "{\"title\":\"t\",\"score\":1.50,\"level\":\"low\",\"note\":null,\"tags\":[\"a\"],"
                + "\"author\":{\"name\":\"n\"},\"rows\":[{\"k\":\"x\",\"v\":1}],\"any\":[[1]]}");

    assertThat(flat(form))
        .containsExactly(
            "group o: Output",
            "text s:/title Headline",
            "number n:/score Score",
            "number no:/count Count",
            "choice c:/final Final",
            "choice c:/level Level",
            "text sn:/note Note",
            "many a:/tags Tags",
            "text s:/tags/0 1",
            "group o:/author Author",
            "text so:/author/name Name",
            "many a:/rows Rows",
            "group o:/rows/0 1",
            "text s:/rows/0/k K",
            "number no:/rows/0/v V",
            "many a:/any Any",
            "many a:/any/0 1",
            "number n:/any/0/0 1");
  }

  @Test
  void takesTheFormFromTheValueWhereThereIsNoSchema() {
    assertThat(flat(form("null", "{\"a\":\"x\",\"b\":[true],\"c\":null}")))
        .containsExactly(
            "group o: Output", "text so:/a A", "many a:/b B", "choice c:/b/0 1", "json j:/c C");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"number\"}]}",
        "{\"type\":[\"string\",\"number\"]}",
        "{\"$ref\":\"https://elsewhere.example/schema\"}",
        "{\"type\":\"number\"}",
      })
  void takesJsonWhereAFormCannotFollowTheSchema(String schema) {
    String value =
        schema.contains("number\"}") && schema.startsWith("{\"type\":\"n") ? "[1]" : "{}";

    assertThat(form(schema, value)).isInstanceOfAny(Field.Json.class, Field.Group.class);
    assertThat(posted(form(schema, value)).value()).isEqualTo(json(value));
  }

  @Test
  void survivesASchemaThatRefersToItself() {
    String schema =
        "{\"type\":\"object\",\"required\":[\"next\"],\"properties\":{\"next\":{\"$ref\":\"#\"}}}";

    Field form = form(schema, "{\"next\":{\"next\":{}}}");

    assertThat(flat(form)).hasSizeLessThan(12);
  }

  @Test
  void hasNoFormForTooManyFields() {
    assertThat(FormBuilder.build(MissingNode.getInstance(), json("[1,2,3]"), Map.of(), 3))
        .isEmpty();
  }

  @Test
  void putsMessagesBesideTheirFieldsAndListsThem() {
    FormBuilder.Form form =
        FormBuilder.build(
                json(SCHEMA),
                json("{\"title\":\"\"}"),
                Map.of("/title", List.of("too short"), "/nowhere", List.of("lost")),
                100)
            .orElseThrow();

    assertThat(form.messages())
        .containsExactlyInAnyOrder(
            new Field.Message("f2", "Headline", "too short"),
            new Field.Message(null, "/nowhere", "lost"));
  }

  @Test
  void postsBackUnchangedWhatItWasBuiltFrom() {
    long seed = 20_260_301L;
    Random random = new Random(seed);
    for (int i = 0; i < 300; i++) {
      JsonNode value = value(random, 0);
      FormReader.Result read = posted(form("null", value.toString()));
      assertThat(read.value()).as("seed %d, round %d: %s", seed, i, value).isEqualTo(value);
      assertThat(read.errors()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "n:/x, abc, 'abc' is not a number",
        "n:/x, , give a number",
        "n:/x, 1e999999999, '1e999999999' is not a number",
        "j:/x, {, this is not JSON",
      })
  void keepsWhatCannotBeReadWithAMessage(String name, String text, String message) {
    FormReader.Result read =
        FormReader.read(
            new Posted(List.of(Map.entry("o:", ""), Map.entry(name, text == null ? "" : text))));

    assertThat(read.errors().get("/x")).singleElement().asString().startsWith(message);
    assertThat(read.value().path("x").isTextual()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"z:/x", "s:x", "s:/a/b", "s:/0/1/2"})
  void refusesFieldsThatNoFormHas(String name) {
    Posted posted = new Posted(List.of(Map.entry("o:", ""), Map.entry(name, "v")));

    assertThatThrownBy(() -> FormReader.read(posted))
        .isInstanceOfSatisfying(
            PageProblem.class, problem -> assertThat(problem.status()).isEqualTo(400));
  }

  @Test
  void refusesFormsWithoutEnd() {
    assertThatThrownBy(() -> Posted.read("a&".repeat(Posted.MOST))).isInstanceOf(PageProblem.class);
    assertThatThrownBy(
            () -> FormReader.read(new Posted(List.of(Map.entry("s:" + "/a".repeat(100), "deep")))))
        .isInstanceOf(PageProblem.class);
  }

  @Test
  void readsFormsAsBrowsersPostThem() {
    assertThat(Posted.read("a=1&b=x+y%26z&c&a=2").entries())
        .containsExactly(
            Map.entry("a", "1"), Map.entry("b", "x y&z"), Map.entry("c", ""), Map.entry("a", "2"));
    assertThatThrownBy(() -> Posted.read("a=%zz")).isInstanceOf(PageProblem.class);
  }

  @Test
  void startsNewElementsAsTheSchemaOrTheirSiblingsAre() {
    JsonNode value = json("{\"rows\":[],\"plain\":[{\"a\":\"x\",\"n\":3}]}");

    assertThat(Fresh.element(json(SCHEMA), value, JsonPointer.compile("/rows")))
        .isEqualTo(json("{\"k\":\"\"}"));
    assertThat(Fresh.element(json(SCHEMA), value, JsonPointer.compile("/plain")))
        .isEqualTo(json("{\"a\":\"\",\"n\":\"\"}"));
  }

  /** What a browser would post of the form. */
  private static FormReader.Result posted(Field form) {
    List<Map.Entry<String, String>> entries = new ArrayList<>();
    collect(form, entries);
    return FormReader.read(new Posted(entries));
  }

  private static void collect(Field field, List<Map.Entry<String, String>> entries) {
    String name = field.face().name();
    switch (field) {
      case Field.Text text -> entries.add(Map.entry(name, text.value().replace("\n", "\r\n")));
      case Field.Numeral number -> entries.add(Map.entry(name, number.value()));
      case Field.Json json -> entries.add(Map.entry(name, json.value()));
      case Field.Absent absent -> {
        if (absent.isNull()) {
          entries.add(Map.entry(name, "null"));
        }
      }
      case Field.Choice choice ->
          choice.options().stream()
              .filter(Field.Option::selected)
              .forEach(option -> entries.add(Map.entry(name, option.value())));
      case Field.Group group -> {
        entries.add(Map.entry(name, ""));
        group.fields().forEach(child -> collect(child, entries));
      }
      case Field.Many many -> {
        entries.add(Map.entry(name, ""));
        many.items().forEach(item -> collect(item.field(), entries));
      }
    }
  }

  private static List<String> flat(Field field) {
    List<String> lines = new ArrayList<>();
    lines.add(field.kind() + " " + field.face().name() + " " + field.face().label());
    switch (field) {
      case Field.Group group -> group.fields().forEach(child -> lines.addAll(flat(child)));
      case Field.Many many -> many.items().forEach(item -> lines.addAll(flat(item.field())));
      case Field.Text any -> {}
      case Field.Numeral any -> {}
      case Field.Choice any -> {}
      case Field.Json any -> {}
      case Field.Absent any -> {}
    }
    return lines;
  }

  private static JsonNode value(Random random, int depth) {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    int kind = random.nextInt(depth > 3 ? 6 : 8);
    return switch (kind) {
      case 0 -> nodes.textNode(random.nextBoolean() ? "" : "a/b~c \"d\"\né " + random.nextInt());
      case 1 -> json(String.valueOf(random.nextInt()));
      case 2 -> json(random.nextInt(100) + ".50");
      case 3 -> nodes.booleanNode(random.nextBoolean());
      case 4 -> nodes.nullNode();
      case 5 -> nodes.objectNode();
      case 6 -> {
        var list = nodes.arrayNode();
        for (int i = random.nextInt(4); i > 0; i--) {
          list.add(value(random, depth + 1));
        }
        yield list;
      }
      default -> {
        ObjectNode object = nodes.objectNode();
        for (int i = random.nextInt(4); i > 0; i--) {
          object.set("k/~ " + i, value(random, depth + 1));
        }
        yield object;
      }
    };
  }

  private static Field form(String schema, String value) {
    return FormBuilder.build(json(schema), json(value), Map.of(), 500).orElseThrow().root();
  }

  private static JsonNode json(String text) {
    try {
      return Payloads.JSON.readTree(text);
    } catch (java.io.IOException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
