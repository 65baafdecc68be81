package io.ligature.approval.identity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What of the values of one review is hidden. It first learns the hidden texts from where the
 * schema or a name gives them away, then hides them wherever they stand.
 */
final class Mask {

  static final String HIDDEN = "••••••";

  /** Shorter texts stand by chance in too many others. */
  private static final int SHORTEST = 4;

  private static final int MOST_TEXTS = 1_000;
  private static final int MOST_DEPTH = 64;
  private static final List<String> COMPOUND = List.of("allOf", "anyOf", "oneOf");

  private final JsonNode schema;
  private final Set<String> names;

  /** The longest first, so that one that holds another is hidden as a whole. */
  private final Set<String> texts =
      new TreeSet<>(
          java.util.Comparator.comparingInt(String::length)
              .reversed()
              .thenComparing(java.util.Comparator.naturalOrder()));

  Mask(JsonNode schema, List<String> secretNames) {
    this.schema = schema;
    this.names = secretNames.stream().map(Mask::plain).collect(Collectors.toSet());
  }

  /**
   * @param ofTheSchema true: the value is what the schema describes
   */
  void learn(JsonNode value, boolean ofTheSchema) {
    learn(value, ofTheSchema ? List.of(schema) : List.of(), 0);
  }

  JsonNode masked(JsonNode value, boolean ofTheSchema) {
    return masked(value, ofTheSchema ? List.of(schema) : List.of(), 0);
  }

  String text(String text) {
    String masked = text;
    for (String hidden : texts) {
      masked = masked.replace(hidden, HIDDEN);
    }
    return masked;
  }

  private void learn(JsonNode value, List<JsonNode> schemas, int depth) {
    if (depth > MOST_DEPTH) {
      return;
    }
    List<JsonNode> here = resolved(schemas);
    if (sensitive(here)) {
      remember(value);
    } else if (value.isObject()) {
      for (var member : value.properties()) {
        if (isSecret(member.getKey())) {
          remember(member.getValue());
        } else {
          learn(member.getValue(), member(here, member.getKey()), depth + 1);
        }
      }
    } else if (value.isArray()) {
      value.forEach(item -> learn(item, items(here), depth + 1));
    }
  }

  private void remember(JsonNode value) {
    if (value.isContainerNode()) {
      value.forEach(this::remember);
    } else if (value.isTextual() || value.isNumber()) {
      String text = value.asText();
      if (text.length() >= SHORTEST && texts.size() < MOST_TEXTS) {
        texts.add(text);
      }
    }
  }

  private JsonNode masked(JsonNode value, List<JsonNode> schemas, int depth) {
    List<JsonNode> here = resolved(schemas);
    // What lies deeper than anyone looks is hidden rather than let through.
    if (depth > MOST_DEPTH || (sensitive(here) && !value.isMissingNode())) {
      return hidden(value);
    }
    return switch (value) {
      case ObjectNode object -> {
        ObjectNode masked = JsonNodeFactory.instance.objectNode();
        for (var member : object.properties()) {
          masked.set(
              text(member.getKey()),
              isSecret(member.getKey())
                  ? hidden(member.getValue())
                  : masked(member.getValue(), member(here, member.getKey()), depth + 1));
        }
        yield masked;
      }
      case ArrayNode array -> {
        ArrayNode masked = JsonNodeFactory.instance.arrayNode();
        array.forEach(item -> masked.add(masked(item, items(here), depth + 1)));
        yield masked;
      }
      case TextNode text -> TextNode.valueOf(text(text.textValue()));
      default -> texts.contains(value.asText()) ? hidden(value) : value;
    };
  }

  private static JsonNode hidden(JsonNode value) {
    return value.isNull() ? value : TextNode.valueOf(HIDDEN);
  }

  private boolean isSecret(String name) {
    return names.contains(plain(name));
  }

  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[_\\- ]", "");
  }

  private static boolean sensitive(List<JsonNode> schemas) {
    return schemas.stream()
        .anyMatch(
            each ->
                each.path("x-sensitive").asBoolean(false)
                    || each.path("writeOnly").asBoolean(false));
  }

  private List<JsonNode> member(List<JsonNode> schemas, String name) {
    List<JsonNode> below = new ArrayList<>();
    for (JsonNode each : schemas) {
      JsonNode properties = each.path("properties");
      if (properties.has(name)) {
        below.add(properties.get(name));
      } else if (each.path("additionalProperties").isObject()) {
        below.add(each.get("additionalProperties"));
      }
      for (var pattern : each.path("patternProperties").properties()) {
        below.add(pattern.getValue());
      }
    }
    return below;
  }

  private static List<JsonNode> items(List<JsonNode> schemas) {
    List<JsonNode> below = new ArrayList<>();
    for (JsonNode each : schemas) {
      if (each.path("items").isObject()) {
        below.add(each.get("items"));
      }
      each.path("prefixItems").forEach(below::add);
    }
    return below;
  }

  /** With what they refer to and are put together from; each once, so that circles end. */
  private List<JsonNode> resolved(List<JsonNode> schemas) {
    List<JsonNode> all = new ArrayList<>();
    Set<JsonNode> seen = new HashSet<>();
    for (JsonNode each : schemas) {
      resolve(each, all, seen);
    }
    return all;
  }

  private void resolve(JsonNode each, List<JsonNode> all, Set<JsonNode> seen) {
    if (!each.isObject() || !seen.add(each)) {
      return;
    }
    all.add(each);
    String reference = each.path("$ref").asText("");
    if (reference.equals("#")) {
      resolve(schema, all, seen);
    } else if (reference.startsWith("#/")) {
      resolve(schema.at(reference.substring(1)), all, seen);
    }
    for (String word : COMPOUND) {
      each.path(word).forEach(part -> resolve(part, all, seen));
    }
    for (String word : List.of("then", "else")) {
      resolve(each.path(word), all, seen);
    }
  }
}
