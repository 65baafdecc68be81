package io.ligature.approval.inbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * As much of a JSON Schema as a form can use. What it does not understand it reports as {@link
 * Type#ANY}, and such a value is edited as JSON; the validator has the last word in any case.
 *
 * <p>References inside the document, {@code allOf} of one, and "this or null" are read as what they
 * stand for, since that is how most agents' schemas are generated.
 *
 * @param root the whole schema, for references inside it
 * @param nullable true: null is allowed beside what the node says
 */
record SchemaNode(JsonNode root, JsonNode node, boolean nullable) {

  enum Type {
    TEXT,
    NUMBER,
    INTEGER,
    BOOLEAN,
    OBJECT,
    ARRAY,
    ANY
  }

  /** One of the values that are allowed, and what it is called. */
  record Choice(JsonNode value, String label) {}

  private static final int MOST_REFERENCES = 16;
  private static final List<String> BRANCHES = List.of("oneOf", "anyOf");
  private static final List<String> COMPOUND = List.of("allOf", "anyOf", "oneOf", "if", "not");

  /** What stands beside a reference says more about this place than what stands behind it. */
  private static final List<String> SAID_HERE = List.of("title", "description", "default");

  static SchemaNode of(JsonNode root) {
    return resolved(root, root);
  }

  static SchemaNode none() {
    return new SchemaNode(MissingNode.getInstance(), MissingNode.getInstance(), false);
  }

  /** What the schema says, or what the value looks like where the schema is silent. */
  Type type(JsonNode value) {
    if (!fits(value)) {
      return Type.ANY;
    }
    Type said = said();
    return said == Type.ANY && !isCompound() ? looksLike(value) : said;
  }

  /** The one of several forms of an object that the value has; this one where none is told. */
  SchemaNode chosen(JsonNode value) {
    for (String keyword : BRANCHES) {
      for (JsonNode branch : node.path(keyword)) {
        SchemaNode candidate = below(branch);
        if (value.isObject() && candidate.isMarkedAs(value)) {
          return candidate;
        }
      }
    }
    return this;
  }

  /** True where members with one possible value have just that. */
  private boolean isMarkedAs(JsonNode value) {
    boolean marked = false;
    for (var property : node.path("properties").properties()) {
      List<Choice> choices = below(property.getValue()).choices();
      if (choices.size() == 1) {
        if (!choices.getFirst().value().equals(value.path(property.getKey()))) {
          return false;
        }
        marked = true;
      }
    }
    return marked;
  }

  /** Values of an enumeration of single values; empty: there is none. */
  List<Choice> choices() {
    List<Choice> choices = new ArrayList<>();
    node.path("enum").forEach(value -> choices.add(choice(value, "")));
    if (node.has("const")) {
      choices.add(choice(node.get("const"), title()));
    }
    for (String keyword : BRANCHES) {
      for (JsonNode branch : node.path(keyword)) {
        if (!branch.has("const")) {
          return List.of();
        }
        choices.add(choice(branch.get("const"), branch.path("title").asText("")));
      }
    }
    boolean single = choices.stream().map(Choice::value).allMatch(JsonNode::isValueNode);
    return single ? choices : List.of();
  }

  private static Choice choice(JsonNode value, String title) {
    if (!title.isEmpty()) {
      return new Choice(value, title);
    }
    if (value.isBoolean()) {
      return new Choice(value, value.booleanValue() ? "Yes" : "No");
    }
    return new Choice(value, value.isNull() ? "(nothing)" : value.asText());
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

  String format() {
    return node.path("format").asText("");
  }

  /** The value that stands where none is given. */
  Optional<JsonNode> standard() {
    return Optional.ofNullable(node.get("default"));
  }

  int most(String keyword, int otherwise) {
    return node.path(keyword).asInt(otherwise);
  }

  private SchemaNode additional() {
    JsonNode additional = node.path("additionalProperties");
    return additional.isObject() ? below(additional) : none();
  }

  private SchemaNode below(JsonNode child) {
    return resolved(root, child);
  }

  /** References to other documents are never followed. */
  private static SchemaNode resolved(JsonNode root, JsonNode node) {
    JsonNode at = node;
    boolean nullable = false;
    for (int i = 0; i < MOST_REFERENCES; i++) {
      JsonNode behind = behind(root, at);
      if (behind == null) {
        return new SchemaNode(root, at, nullable || names(at.path("type")).contains("null"));
      }
      nullable |= isNullOrMore(at);
      at = said(at, behind);
    }
    return none();
  }

  /** What the node stands for; null: for itself. Missing: for something that is not here. */
  private static @Nullable JsonNode behind(JsonNode root, JsonNode node) {
    if (node.path("$ref").isTextual()) {
      String reference = node.path("$ref").textValue();
      if (reference.equals("#")) {
        return root;
      }
      return reference.startsWith("#/")
          ? root.at(reference.substring(1).replace("%25", "%"))
          : MissingNode.getInstance();
    }
    if (node.has("type") || node.has("properties")) {
      return null;
    }
    if (node.path("allOf").size() == 1) {
      return node.path("allOf").get(0);
    }
    for (String keyword : BRANCHES) {
      List<JsonNode> some = new ArrayList<>();
      node.path(keyword).forEach(some::add);
      some.removeIf(SchemaNode::isNull);
      if (some.size() == 1) {
        return some.getFirst();
      }
    }
    return null;
  }

  private static boolean isNullOrMore(JsonNode node) {
    for (String keyword : BRANCHES) {
      for (JsonNode branch : node.path(keyword)) {
        if (isNull(branch)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean isNull(JsonNode node) {
    return node.path("type").asText().equals("null")
        || (node.has("const") && node.get("const").isNull());
  }

  private static JsonNode said(JsonNode here, JsonNode behind) {
    if (!(behind instanceof ObjectNode object)
        || SAID_HERE.stream().noneMatch(keyword -> here.has(keyword))) {
      return behind;
    }
    ObjectNode both = object.objectNode();
    both.setAll(object);
    SAID_HERE.stream().filter(here::has).forEach(keyword -> both.set(keyword, here.get(keyword)));
    return both;
  }

  private boolean isCompound() {
    return COMPOUND.stream().anyMatch(node::has) || isTuple();
  }

  /** Its places are not alike, so that nothing can be added or removed. */
  private boolean isTuple() {
    return node.path("items").isArray() || node.has("prefixItems");
  }

  private Type said() {
    List<String> types = names(node.path("type")).stream().filter(t -> !t.equals("null")).toList();
    if (types.size() > 1) {
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
      case "array" -> isTuple() ? Type.ANY : Type.ARRAY;
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
