package io.ligature.approval.inbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * As much of a JSON Schema as a form can use. What it does not understand it reports as {@link
 * Type#ANY}, and such a value is edited as JSON; the validator has the last word in any case.
 *
 * @param root the whole schema, for references inside it
 */
record SchemaNode(JsonNode root, JsonNode node) {

  enum Type {
    TEXT,
    NUMBER,
    INTEGER,
    BOOLEAN,
    OBJECT,
    ARRAY,
    ANY
  }

  private static final int MOST_REFERENCES = 16;
  private static final List<String> COMPOUND = List.of("allOf", "anyOf", "oneOf", "if", "not");

  static SchemaNode of(JsonNode root) {
    return new SchemaNode(root, root).resolved();
  }

  static SchemaNode none() {
    return new SchemaNode(MissingNode.getInstance(), MissingNode.getInstance());
  }

  /** What the schema says, or what the value looks like where the schema is silent. */
  Type type(JsonNode value) {
    if (!fits(value)) {
      return Type.ANY;
    }
    Type said = said();
    return said == Type.ANY && !isCompound() ? looksLike(value) : said;
  }

  boolean nullable() {
    return names(node.path("type")).contains("null");
  }

  /** Values of an enumeration of single values; empty: there is none. */
  List<JsonNode> choices() {
    List<JsonNode> choices = new ArrayList<>();
    node.path("enum").forEach(choices::add);
    if (node.has("const")) {
      choices.add(node.get("const"));
    }
    return choices.stream().allMatch(JsonNode::isValueNode) ? choices : List.of();
  }

  /** The schema's properties first, in its order, then those that only the value has. */
  Map<String, SchemaNode> properties(JsonNode value) {
    Map<String, SchemaNode> properties = new LinkedHashMap<>();
    for (var entry : node.path("properties").properties()) {
      properties.put(entry.getKey(), below(entry.getValue()));
    }
    for (var entry : value.properties()) {
      properties.putIfAbsent(entry.getKey(), additional());
    }
    return properties;
  }

  SchemaNode items() {
    return below(node.path("items"));
  }

  boolean requires(String property) {
    for (JsonNode name : node.path("required")) {
      if (name.asText().equals(property)) {
        return true;
      }
    }
    return false;
  }

  String title() {
    return node.path("title").asText("");
  }

  String description() {
    return node.path("description").asText("");
  }

  int most(String keyword, int otherwise) {
    return node.path(keyword).asInt(otherwise);
  }

  private SchemaNode additional() {
    JsonNode additional = node.path("additionalProperties");
    return additional.isObject() ? below(additional) : none();
  }

  private SchemaNode below(JsonNode child) {
    return new SchemaNode(root, child).resolved();
  }

  /** References to other documents are never followed. */
  private SchemaNode resolved() {
    JsonNode at = node;
    for (int i = 0; i < MOST_REFERENCES && at.path("$ref").isTextual(); i++) {
      String reference = at.path("$ref").textValue();
      if (reference.equals("#")) {
        at = root;
      } else if (reference.startsWith("#/")) {
        at = root.at(reference.substring(1).replace("%25", "%"));
      } else {
        return none();
      }
    }
    return at.path("$ref").isTextual() ? none() : new SchemaNode(root, at);
  }

  private boolean isCompound() {
    return COMPOUND.stream().anyMatch(node::has);
  }

  private Type said() {
    List<String> types = names(node.path("type")).stream().filter(t -> !t.equals("null")).toList();
    if (types.size() > 1 || isCompound()) {
      return Type.ANY;
    }
    if (types.isEmpty()) {
      return node.has("properties") ? Type.OBJECT : node.has("items") ? Type.ARRAY : Type.ANY;
    }
    return switch (types.getFirst()) {
      case "string" -> Type.TEXT;
      case "number" -> Type.NUMBER;
      case "integer" -> Type.INTEGER;
      case "boolean" -> Type.BOOLEAN;
      case "object" -> Type.OBJECT;
      case "array" -> node.path("items").isArray() ? Type.ANY : Type.ARRAY;
      default -> Type.ANY;
    };
  }

  /** A value of another type than the schema's is shown as it is, not bent. */
  private boolean fits(JsonNode value) {
    if (value.isMissingNode() || value.isNull()) {
      return true;
    }
    return switch (said()) {
      case TEXT -> value.isTextual();
      // What was typed but is no number stays as it was typed, with the message beside it.
      case NUMBER, INTEGER -> value.isNumber() || value.isTextual();
      case BOOLEAN -> value.isBoolean();
      case OBJECT -> value.isObject();
      case ARRAY -> value.isArray();
      case ANY -> true;
    };
  }

  private static Type looksLike(JsonNode value) {
    return switch (value.getNodeType()) {
      case STRING -> Type.TEXT;
      case NUMBER -> value.isIntegralNumber() ? Type.INTEGER : Type.NUMBER;
      case BOOLEAN -> Type.BOOLEAN;
      case OBJECT -> Type.OBJECT;
      case ARRAY -> value.isEmpty() ? Type.ANY : Type.ARRAY;
      case NULL, MISSING, BINARY, POJO -> Type.ANY;
    };
  }

  private static List<String> names(JsonNode type) {
    if (type.isTextual()) {
      return List.of(type.textValue());
    }
    List<String> names = new ArrayList<>();
    type.forEach(name -> names.add(name.asText()));
    return names;
  }
}
