package io.ligature.approval.inbox;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What a new value starts with: the schema's default, otherwise empty, in the form of the others.
 */
final class Fresh {

  private static final int MOST_DEPTH = 8;
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private Fresh() {}

  /**
   * @param root the value that holds the list
   * @param pointer to the list
   */
  static JsonNode element(JsonNode schema, JsonNode root, JsonPointer pointer) {
    JsonNode list = root.at(pointer);
    return empty(at(schema, root, pointer).items(), list.path(0), 0);
  }

  /**
   * Something where nothing is yet; a list begins with one element. Missing where the schema does
   * not say what it could be.
   *
   * @param root the value that will hold it
   */
  static JsonNode value(JsonNode schema, JsonNode root, JsonPointer pointer) {
    SchemaNode node = at(schema, root, pointer);
    JsonNode nothing = MissingNode.getInstance();
    JsonNode made = empty(node, nothing, 0);
    if (made.isNull() && pointer.matches()) {
      return nothing;
    }
    return made.isArray() && made.isEmpty()
        ? NODES.arrayNode().add(empty(node.items(), nothing, 1))
        : made;
  }

  private static SchemaNode at(JsonNode schema, JsonNode root, JsonPointer pointer) {
    SchemaNode at = schema.isObject() ? SchemaNode.of(schema) : SchemaNode.none();
    at = at.chosen(root);
    JsonNode value = root;
    for (JsonPointer rest = pointer; !rest.matches(); rest = rest.tail()) {
      boolean list = value.isArray();
      at =
          list
              ? at.items()
              : at.properties(value).getOrDefault(rest.getMatchingProperty(), SchemaNode.none());
      value = list ? value.path(rest.getMatchingIndex()) : value.path(rest.getMatchingProperty());
      at = at.chosen(value);
    }
    return at;
  }

  private static JsonNode empty(SchemaNode schema, JsonNode sibling, int depth) {
    if (schema.standard().isPresent()) {
      return schema.standard().get().deepCopy();
    }
    if (!schema.choices().isEmpty()) {
      return schema.choices().getFirst().value();
    }
    return switch (schema.type(sibling)) {
      case TEXT -> NODES.textNode("");
      // No number is empty; nothing is typed yet, and the form says so.
      case NUMBER, INTEGER -> NODES.textNode("");
      case BOOLEAN -> NODES.booleanNode(false);
      case OBJECT -> object(schema, sibling, depth);
      case ARRAY -> NODES.arrayNode();
      case ANY -> NullNode.instance;
    };
  }

  private static JsonNode object(SchemaNode schema, JsonNode sibling, int depth) {
    ObjectNode made = NODES.objectNode();
    if (depth < MOST_DEPTH) {
      schema
          .properties(sibling)
          .forEach(
              (name, child) -> {
                boolean wanted = schema.requires(name) || sibling.has(name);
                if (child.standard().isPresent()
                    || (wanted && !isAsked(child, sibling.path(name)))) {
                  made.set(name, empty(child, sibling.path(name), depth + 1));
                }
              });
    }
    return made;
  }

  /** Whoever fills in the form chooses; the first of several is no answer. */
  private static boolean isAsked(SchemaNode schema, JsonNode sibling) {
    return schema.choices().size() > 1 || schema.type(sibling) == SchemaNode.Type.BOOLEAN;
  }
}
