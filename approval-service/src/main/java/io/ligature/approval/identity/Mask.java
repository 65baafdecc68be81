package io.ligature.approval.identity;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.ligature.approval.stream.SchemaPlaces;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What of the values of one review is hidden. It first learns the hidden texts from where the
 * schema or a name gives them away, then hides them wherever they stand.
 */
final class Mask {

  static final String HIDDEN = HiddenTexts.HIDDEN;

  private static final int MOST_DEPTH = 64;
  private static final Pattern JOINTS = Pattern.compile("[_\\- ]");

  private final SchemaPlaces schema;
  private final Set<String> names;
  private final HiddenTexts texts = new HiddenTexts();
  private boolean needed;

  Mask(JsonNode schema, List<String> secretNames) {
    this.schema = new SchemaPlaces(schema);
    this.names = secretNames.stream().map(Mask::plain).collect(Collectors.toSet());
  }

  /** True when something that it learnt from is hidden. */
  boolean isNeeded() {
    return needed;
  }

  /**
   * @param ofTheSchema true: the value is what the schema describes
   */
  void learn(JsonNode value, boolean ofTheSchema) {
    learn(value, place(ofTheSchema), 0);
  }

  JsonNode masked(JsonNode value, boolean ofTheSchema) {
    return masked(value, place(ofTheSchema), 0);
  }

  String text(String text) {
    return texts.in(text);
  }

  /** Learns from a JSON Patch of a value that the schema describes. */
  void learnPatch(JsonNode patch) {
    for (JsonNode change : patch) {
      Place place = placeOf(change);
      if (place.hidden()) {
        remember(change.path("value"));
      } else {
        learn(change.path("value"), place.parts(), 0);
      }
    }
  }

  /** The patch without what it would put into hidden places. */
  JsonNode maskedPatch(JsonNode patch) {
    ArrayNode masked = JsonNodeFactory.instance.arrayNode();
    for (JsonNode change : patch) {
      Place place = placeOf(change);
      ObjectNode copy = masked.addObject();
      for (var field : change.properties()) {
        if (!field.getKey().equals("value")) {
          copy.put(field.getKey(), text(field.getValue().asText()));
        } else if (place.hidden()) {
          copy.set("value", hidden(field.getValue()));
        } else {
          copy.set("value", masked(field.getValue(), place.parts(), 0));
        }
      }
    }
    return masked;
  }

  private List<JsonNode> place(boolean ofTheSchema) {
    return ofTheSchema ? schema.root() : List.of();
  }

  /**
   * @param hidden true: it lies in something that is hidden as a whole
   */
  private record Place(List<JsonNode> parts, boolean hidden) {}

  private Place placeOf(JsonNode change) {
    List<JsonNode> parts = schema.root();
    JsonPointer rest = JsonPointer.compile(change.path("path").asText());
    for (; !rest.matches(); rest = rest.tail()) {
      String name = rest.getMatchingProperty();
      if (isSensitive(parts) || isSecret(name)) {
        return new Place(parts, true);
      }
      List<JsonNode> below = new ArrayList<>(schema.member(parts, name));
      if (rest.getMatchingIndex() >= 0 || name.equals("-")) {
        below.addAll(schema.items(parts));
      }
      parts = below;
    }
    return new Place(parts, isSensitive(parts));
  }

  private void learn(JsonNode value, List<JsonNode> place, int depth) {
    if (depth > MOST_DEPTH || isSensitive(place)) {
      remember(value);
    } else if (value.isObject()) {
      for (var member : value.properties()) {
        if (isSecret(member.getKey())) {
          remember(member.getValue());
        } else {
          learn(member.getValue(), schema.member(place, member.getKey()), depth + 1);
        }
      }
    } else if (value.isArray()) {
      List<JsonNode> items = schema.items(place);
      value.forEach(item -> learn(item, items, depth + 1));
    }
  }

  private void remember(JsonNode value) {
    needed |= !value.isMissingNode() && !value.isNull();
    if (value.isContainerNode()) {
      value.forEach(this::remember);
    } else if (value.isTextual() || value.isNumber()) {
      texts.add(value.asText());
    }
  }

  private JsonNode masked(JsonNode value, List<JsonNode> place, int depth) {
    // What lies deeper than anyone looks is hidden rather than let through.
    if (depth > MOST_DEPTH || isSensitive(place)) {
      return value.isMissingNode() ? value : hidden(value);
    }
    return switch (value) {
      case ObjectNode object -> {
        ObjectNode masked = JsonNodeFactory.instance.objectNode();
        for (var member : object.properties()) {
          masked.set(
              text(member.getKey()),
              isSecret(member.getKey())
                  ? hidden(member.getValue())
                  : masked(member.getValue(), schema.member(place, member.getKey()), depth + 1));
        }
        yield masked;
      }
      case ArrayNode array -> {
        ArrayNode masked = JsonNodeFactory.instance.arrayNode();
        List<JsonNode> items = schema.items(place);
        array.forEach(item -> masked.add(masked(item, items, depth + 1)));
        yield masked;
      }
      case TextNode text -> TextNode.valueOf(text(text.textValue()));
      default -> text(value.asText()).equals(HIDDEN) ? hidden(value) : value;
    };
  }

  private static JsonNode hidden(JsonNode value) {
    return value.isNull() ? value : TextNode.valueOf(HIDDEN);
  }

  private boolean isSecret(String name) {
    return names.contains(plain(name));
  }

  private static String plain(String name) {
    return JOINTS.matcher(name.toLowerCase(Locale.ROOT)).replaceAll("");
  }

  /** What a schema says in a place that cannot be found is taken for the worst. */
  private static boolean isSensitive(List<JsonNode> place) {
    for (JsonNode part : place) {
      if (part.isMissingNode()
          || part.path("x-sensitive").asBoolean(false)
          || part.path("writeOnly").asBoolean(false)) {
        return true;
      }
    }
    return false;
  }
}
