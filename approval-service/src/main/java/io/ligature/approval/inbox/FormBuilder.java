package io.ligature.approval.inbox;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Builds the edit form of a value from its schema. Where the schema is silent, the value itself
 * tells what a field is; where it says more than a form can, the field takes JSON.
 */
final class FormBuilder {

  private static final int MOST_DEPTH = 8;
  private static final int LINE = 70;
  private static final int MOST_ROWS = 24;
  private static final Pattern DATE = Pattern.compile("\\d{4}-\\d{2}-\\d{2}|");
  private static final List<SchemaNode.Choice> YES_NO =
      List.of(
          new SchemaNode.Choice(BooleanNode.TRUE, "Yes"),
          new SchemaNode.Choice(BooleanNode.FALSE, "No"));

  private final Map<String, List<String>> errors;
  private final int maxFields;
  private final Set<String> placed = new LinkedHashSet<>();
  private final List<Field.Message> messages = new ArrayList<>();
  private int fields;

  private FormBuilder(Map<String, List<String>> errors, int maxFields) {
    this.errors = errors;
    this.maxFields = maxFields;
  }

  /**
   * @param root the form
   * @param messages all that is wrong, each with the field it stands beside
   * @param fields how many fields it has; their ids are f1, f2 and so on
   */
  record Form(Field root, List<Field.Message> messages, int fields) {}

  /**
   * @param errors by JSON pointer
   * @return empty when the value has too many fields for a form
   */
  static Optional<Form> build(
      JsonNode schema, JsonNode value, Map<String, List<String>> errors, int maxFields) {
    FormBuilder builder = new FormBuilder(errors, maxFields);
    SchemaNode node = schema.isObject() ? SchemaNode.of(schema) : SchemaNode.none();
    Field root = builder.field(node, value, new Place("", "", true, false), 0);
    if (builder.fields > maxFields) {
      return Optional.empty();
    }
    errors.forEach(
        (pointer, texts) -> {
          if (!builder.placed.contains(pointer)) {
            texts.forEach(
                text ->
                    builder.messages.add(
                        new Field.Message(null, pointer.isEmpty() ? "The output" : pointer, text)));
          }
        });
    return Optional.of(new Form(root, List.copyOf(builder.messages), builder.fields));
  }

  /** Where a field stands: the pointer of its value, the name it has there, whether it must be. */
  private record Place(String pointer, String name, boolean required, boolean inList) {

    Place member(String member, boolean memberRequired) {
      String token = JsonPointer.empty().appendProperty(member).toString();
      return new Place(pointer + token, member, memberRequired, false);
    }

    Place element(int index) {
      return new Place(pointer + "/" + index, String.valueOf(index + 1), true, true);
    }
  }

  private Field field(SchemaNode said, JsonNode value, Place place, int depth) {
    SchemaNode schema = said.chosen(value);
    if (++fields > maxFields || depth > MOST_DEPTH) {
      return json(schema, value, place);
    }
    List<SchemaNode.Choice> choices = schema.choices();
    if (!choices.isEmpty() && (value.isValueNode() || value.isMissingNode())) {
      return choice(schema, choices, value, place);
    }
    return switch (schema.type(value)) {
      case TEXT -> text(schema, value, place);
      case NUMBER -> number(schema, value, place, false);
      case INTEGER -> number(schema, value, place, true);
      case BOOLEAN -> choice(schema, YES_NO, value, place);
      case OBJECT -> group(schema, value, place, depth);
      case ARRAY -> many(schema, value, place, depth);
      case ANY -> json(schema, value, place);
    };
  }

  private Field text(SchemaNode schema, JsonNode value, Place place) {
    String text = value.asText("");
    if (value.isNull()) {
      text = "";
    }
    boolean roomy =
        text.length() > LINE
            || text.indexOf('\n') >= 0
            || schema.most("maxLength", 0) > LINE * 2
            || schema.most("minLength", 0) > LINE;
    boolean emptyStays = value.isTextual() && value.textValue().isEmpty();
    String code = code("s", schema, value, place, emptyStays);
    return new Field.Text(
        face(code, schema, place), text, roomy ? rows(text) : 1, control(schema.format(), text));
  }

  /** A control that a browser has for the format, unless it would hide what stands there. */
  private static String control(String format, String text) {
    return switch (format) {
      case "date" -> DATE.matcher(text).matches() ? "date" : "text";
      case "email" -> "email";
      case "uri", "url" -> "url";
      default -> "text";
    };
  }

  private Field number(SchemaNode schema, JsonNode value, Place place, boolean whole) {
    String text =
        value.isNull() || value.isMissingNode()
            ? ""
            : value.isBigDecimal() ? value.decimalValue().toPlainString() : value.asText();
    return new Field.Numeral(
        face(code("n", schema, value, place, false), schema, place), text, whole);
  }

  private Field choice(
      SchemaNode schema, List<SchemaNode.Choice> choices, JsonNode value, Place place) {
    List<Field.Option> options = new ArrayList<>();
    boolean known = choices.stream().anyMatch(choice -> choice.value().equals(value));
    if (!known || !place.required()) {
      String label = value.isMissingNode() && !place.required() ? "(none)" : "(choose)";
      options.add(new Field.Option("", label, !known && !isNullChoice(schema, value)));
    }
    for (SchemaNode.Choice choice : choices) {
      options.add(
          new Field.Option(
              choice.value().toString(), choice.label(), choice.value().equals(value)));
    }
    boolean listed = choices.stream().anyMatch(choice -> choice.value().isNull());
    if (schema.nullable() && !listed) {
      options.add(new Field.Option("null", "(nothing)", value.isNull()));
    }
    return new Field.Choice(face("c", schema, place), List.copyOf(options));
  }

  private static boolean isNullChoice(SchemaNode schema, JsonNode value) {
    return schema.nullable() && value.isNull();
  }

  private Field json(SchemaNode schema, JsonNode value, Place place) {
    String text = value.isMissingNode() ? "" : Showing.pretty(value);
    return new Field.Json(face("j", schema, place), text, rows(text));
  }

  private Field group(SchemaNode schema, JsonNode value, Place place, int depth) {
    // Absent, and nobody has to give it: what stands in no field is not made up.
    if (value.isNull() || (value.isMissingNode() && !place.required())) {
      return absent(schema, value, place);
    }
    List<Field> members = new ArrayList<>();
    Field.Face face = face("o", schema, place);
    schema
        .properties(value)
        .forEach(
            (name, child) ->
                members.add(
                    field(
                        child,
                        value.path(name),
                        place.member(name, schema.requires(name)),
                        depth + 1)));
    return new Field.Group(face, List.copyOf(members), !place.required());
  }

  private Field many(SchemaNode schema, JsonNode value, Place place, int depth) {
    if (value.isNull() || (value.isMissingNode() && !place.required())) {
      return absent(schema, value, place);
    }
    Field.Face face = face("a", schema, place);
    List<Field.Item> items = new ArrayList<>();
    for (int i = 0; i < value.size(); i++) {
      Place element = place.element(i);
      items.add(
          new Field.Item(
              i + 1, element.pointer(), field(schema.items(), value.get(i), element, depth + 1)));
    }
    boolean full = value.size() >= schema.most("maxItems", maxFields);
    return new Field.Many(face, List.copyOf(items), full, !place.required());
  }

  /** Null is posted as null, and what is missing not at all; a button makes something of it. */
  private Field absent(SchemaNode schema, JsonNode value, Place place) {
    boolean addable = place.pointer().lastIndexOf('/') >= 0 && !place.inList();
    return addable
        ? new Field.Absent(face("j", schema, place), value.isNull())
        : json(schema, value, place);
  }

  /** What an empty field means: the empty value, null, or no value at all. */
  private static String code(
      String type, SchemaNode schema, JsonNode value, Place place, boolean emptyStays) {
    if (schema.nullable() && (place.required() || !value.isMissingNode())) {
      return type + "n";
    }
    return place.required() || emptyStays ? type : type + "o";
  }

  private Field.Face face(String code, SchemaNode schema, Place place) {
    List<String> wrong = errors.getOrDefault(place.pointer(), List.of());
    String id = "f" + fields;
    String label =
        !schema.title().isBlank()
            ? schema.title()
            : place.name().isEmpty() ? "Output" : Labels.of(place.name());
    placed.add(place.pointer());
    wrong.forEach(text -> messages.add(new Field.Message(id, label, text)));
    return new Field.Face(
        id,
        code + ":" + place.pointer(),
        place.pointer(),
        label,
        Hints.of(schema),
        place.required(),
        wrong);
  }

  private static int rows(String text) {
    long lines = text.lines().mapToLong(line -> 1 + line.length() / LINE).sum();
    return Math.clamp(lines + 1, 3, MOST_ROWS);
  }
}
