package io.ligature.schemas.definition;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What is known of a JSON value before any run. Every keyword of a JSON Schema only forbids, so
 * what one of them says is certain whatever stands beside it.
 *
 * @param kinds that are possible
 * @param schema of the value; missing: there is none
 * @param whole the schema that references are looked up in
 */
record Shape(Set<Kind> kinds, JsonNode schema, JsonNode whole) {

  private static final int MOST_REFERENCES = 16;

  /** Of anything. */
  static final Shape UNKNOWN = of(EnumSet.allOf(Kind.class));

  /** Kinds of JSON values, in the words of messages. */
  enum Kind {
    STRING("a string"),
    NUMBER("a number"),
    BOOLEAN("true or false"),
    NULL("null"),
    LIST("a list"),
    OBJECT("an object");

    private final String words;

    Kind(String words) {
      this.words = words;
    }
  }

  static Shape of(Set<Kind> kinds) {
    return new Shape(kinds, MissingNode.getInstance(), MissingNode.getInstance());
  }

  static Shape of(JsonNode schema) {
    return of(schema, schema);
  }

  private static Shape of(JsonNode schema, JsonNode whole) {
    JsonNode meant = schema;
    for (int i = 0; meant.path("$ref").isTextual() && i < MOST_REFERENCES; i++) {
      String reference = meant.get("$ref").textValue();
      meant =
          pointsInside(reference) ? whole.at(reference.substring(1)) : MissingNode.getInstance();
    }
    return new Shape(kinds(meant.path("type")), meant, whole);
  }

  private static boolean pointsInside(String reference) {
    return reference.equals("#") || reference.startsWith("#/");
  }

  private static Set<Kind> kinds(JsonNode type) {
    Set<Kind> kinds = EnumSet.noneOf(Kind.class);
    if (type.isTextual()) {
      add(type.textValue(), kinds);
    }
    type.forEach(one -> add(one.asText(), kinds));
    return kinds.isEmpty() ? EnumSet.allOf(Kind.class) : kinds;
  }

  private static void add(String type, Set<Kind> kinds) {
    switch (type) {
      case "string" -> kinds.add(Kind.STRING);
      case "integer", "number" -> kinds.add(Kind.NUMBER);
      case "boolean" -> kinds.add(Kind.BOOLEAN);
      case "null" -> kinds.add(Kind.NULL);
      case "array" -> kinds.add(Kind.LIST);
      case "object" -> kinds.add(Kind.OBJECT);
      default -> kinds.addAll(EnumSet.allOf(Kind.class));
    }
  }

  boolean mayBe(Kind kind) {
    return kinds.contains(kind);
  }

  boolean mayBeLike(Shape other) {
    return kinds.stream().anyMatch(other.kinds::contains);
  }

  /** Names of the fields it may have, when it can have no others; empty: any. */
  Set<String> onlyFields() {
    JsonNode others = schema.path("additionalProperties");
    if (!others.isBoolean() || others.booleanValue() || schema.has("patternProperties")) {
      return Set.of();
    }
    Set<String> names = new TreeSet<>();
    schema.path("properties").fieldNames().forEachRemaining(names::add);
    return names;
  }

  Shape field(String name) {
    JsonNode field = schema.path("properties").path(name);
    return field.isObject() ? of(field, whole) : UNKNOWN;
  }

  Shape item() {
    JsonNode items = schema.path("items");
    return items.isObject() && !schema.has("prefixItems") ? of(items, whole) : UNKNOWN;
  }

  /** In the words of messages. */
  String words() {
    return kinds.stream().map(kind -> kind.words).collect(Collectors.joining(" or "));
  }
}
