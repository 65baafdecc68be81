package io.ligature.approval.inbox;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** What a new element of a list starts with: empty, in the form of the others. */
final class Fresh {

  private static final int MOST_DEPTH = 8;
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private Fresh() {}

  /**
   * @param root the value that holds the list
   * @param pointer to the list
   */
  static JsonNode element(JsonNode schema, JsonNode root, JsonPointer pointer) {
    SchemaNode at = schema.isObject() ? SchemaNode.of(schema) : SchemaNode.none();
    JsonNode value = root;
    for (JsonPointer rest = pointer; !rest.matches(); rest = rest.tail()) {
      at =
          value.isArray()
              ? at.items()
              : at.properties(value).getOrDefault(rest.getMatchingProperty(), SchemaNode.none());
      value =
          value.isArray()
              ? value.path(rest.getMatchingIndex())
              : value.path(rest.getMatchingProperty());
    }
    return empty(at.items(), value.path(0), 0);
  }

  private static JsonNode empty(SchemaNode schema, JsonNode sibling, int depth) {
    if (!schema.choices().isEmpty()) {
      return schema.choices().getFirst();
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
                if (schema.requires(name) || sibling.has(name)) {
                  made.set(name, empty(child, sibling.path(name), depth + 1));
                }
              });
    }
    return made;
  }
}
