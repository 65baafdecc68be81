package io.ligature.router.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Whether every value that one JSON Schema describes is taken by another, as far as structure alone
 * tells.
 *
 * <p>Whether one JSON Schema contains another cannot be decided in general at a sane cost, so only
 * what is plain counts as a problem: types that exclude each other, required properties that nobody
 * promises, properties that are not allowed, values outside of {@code enum} or {@code const}, and
 * narrower bounds. A place where either schema combines others ({@code allOf}, {@code anyOf},
 * {@code oneOf}, {@code not}, {@code if}), names properties by pattern or points outside of itself
 * is taken to fit in that respect; its plain keywords are still compared.
 */
final class SchemaFit {

  private static final int DEEPEST = 32;

  /**
   * A keyword that bounds values.
   *
   * @param types of the values it is about
   * @param most whether it is an upper bound
   */
  private record Bound(String keyword, Set<String> types, boolean most, String words) {}

  private static final Set<String> NUMBERS = Set.of("number", "integer");

  private static final List<Bound> BOUNDS =
      List.of(
          new Bound("minimum", NUMBERS, false, "is at least "),
          new Bound("maximum", NUMBERS, true, "is at most "),
          new Bound("minLength", Set.of("string"), false, "has a length of at least "),
          new Bound("maxLength", Set.of("string"), true, "has a length of at most "),
          new Bound("minItems", Set.of("array"), false, "has a number of items of at least "),
          new Bound("maxItems", Set.of("array"), true, "has a number of items of at most "));

  /** What the values are, which decides how a problem is told. */
  enum Side {
    /** Others' inputs go into the new schema. */
    INPUT,
    /** The new schema's outputs go where others' are expected. */
    OUTPUT
  }

  /**
   * @param pointer into the new agent's schema
   */
  record Problem(String pointer, String words) {}

  private final Side side;
  private final JsonNode givenRoot;
  private final JsonNode takenRoot;
  private final List<Problem> problems = new ArrayList<>();

  private SchemaFit(Side side, JsonNode givenRoot, JsonNode takenRoot) {
    this.side = side;
    this.givenRoot = givenRoot;
    this.takenRoot = takenRoot;
  }

  /**
   * @param given describes the values
   * @param taken must accept them
   */
  static List<Problem> problems(JsonNode given, JsonNode taken, Side side) {
    SchemaFit fit = new SchemaFit(side, given, taken);
    fit.compare(given, taken, "", 0);
    return fit.problems;
  }

  private void compare(JsonNode givenHere, JsonNode takenHere, String pointer, int depth) {
    JsonNode given = resolved(givenHere, givenRoot);
    JsonNode taken = resolved(takenHere, takenRoot);
    if (depth > DEEPEST || given.isMissingNode() || isNever(given)) {
      return;
    }
    if (isNever(taken)) {
      problem(pointer, "no value at all is accepted here, but some are given");
      return;
    }
    if (!typesFit(given, taken, pointer)) {
      return;
    }
    values(given, taken, pointer);
    bounds(given, taken, pointer);
    required(given, taken, pointer);
    properties(given, taken, pointer, depth);
    JsonNode items = taken.path("items");
    if (!items.isMissingNode() && !given.path("items").isMissingNode()) {
      compare(given.path("items"), items, pointer + "/items", depth + 1);
    }
  }

  private static boolean isNever(JsonNode schema) {
    return schema.isBoolean() && !schema.booleanValue();
  }

  private boolean typesFit(JsonNode given, JsonNode taken, String pointer) {
    Set<String> out = types(given);
    Set<String> in = types(taken);
    if (out.isEmpty() || in.isEmpty()) {
      return true;
    }
    Set<String> outside = new TreeSet<>(out);
    outside.removeAll(in);
    if (in.contains("number")) {
      outside.remove("integer");
    }
    if (outside.isEmpty()) {
      return true;
    }
    problem(
        pointer + "/type",
        side == Side.INPUT
            ? "takes " + words(in) + ", but the other also takes " + words(outside)
            : "may be " + words(outside) + ", but the other promises " + words(in));
    // With a type in common the rest can still be told.
    out.removeAll(outside);
    return !out.isEmpty();
  }

  private void values(JsonNode given, JsonNode taken, String pointer) {
    List<JsonNode> allowed = valuesOf(taken);
    if (allowed.isEmpty()) {
      return;
    }
    List<JsonNode> told = valuesOf(given);
    if (told.isEmpty()) {
      if (!types(given).isEmpty()) {
        problem(
            pointer + "/enum",
            side == Side.INPUT
                ? "takes only " + allowed + ", but the other takes any"
                : "may be anything, but the other promises one of " + allowed);
      }
      return;
    }
    List<JsonNode> outside = told.stream().filter(each -> !allowed.contains(each)).toList();
    if (!outside.isEmpty()) {
      problem(
          pointer + (given.has("const") ? "/const" : "/enum"),
          side == Side.INPUT
              ? "does not take " + outside + ", which the other takes"
              : "may be " + outside + ", which the other never is");
    }
  }

  private void bounds(JsonNode given, JsonNode taken, String pointer) {
    Set<String> types = types(given);
    if (!valuesOf(given).isEmpty()) {
      return;
    }
    for (Bound bound : BOUNDS) {
      JsonNode limit = taken.path(bound.keyword);
      JsonNode told = given.path(bound.keyword);
      boolean says = limit.isNumber() && types.stream().anyMatch(bound.types::contains);
      if (says
          && (!told.isNumber() || beyond(told.decimalValue(), limit.decimalValue(), bound.most))) {
        problem(
            pointer + "/" + bound.keyword,
            side == Side.INPUT
                ? "wants what " + bound.words + limit + ", which the other does not"
                : "does not promise what " + bound.words + limit);
      }
    }
  }

  private static boolean beyond(BigDecimal told, BigDecimal limit, boolean most) {
    return most ? told.compareTo(limit) > 0 : told.compareTo(limit) < 0;
  }

  private void required(JsonNode given, JsonNode taken, String pointer) {
    Set<String> sure = names(given.path("required"));
    for (String name : names(taken.path("required"))) {
      if (!sure.contains(name)) {
        problem(
            pointer + "/required",
            side == Side.INPUT
                ? "demands '" + name + "', which the other does not"
                : "does not promise '" + name + "', which the other does");
      }
    }
  }

  private void properties(JsonNode given, JsonNode taken, String pointer, int depth) {
    JsonNode known = taken.path("properties");
    for (Map.Entry<String, JsonNode> each : given.path("properties").properties()) {
      String name = each.getKey();
      if (known.has(name)) {
        compare(
            each.getValue(), known.path(name), pointer + "/properties/" + escaped(name), depth + 1);
      } else if (isClosed(taken) && side == Side.INPUT && !isNever(each.getValue())) {
        problem(pointer + "/additionalProperties", "refuses '" + name + "', which the other takes");
      }
    }
    boolean open = !isClosed(given) && !given.path("additionalProperties").isObject();
    if (side == Side.INPUT && isClosed(taken) && open && types(given).contains("object")) {
      problem(
          pointer + "/additionalProperties",
          "refuses properties it does not name, which the other takes");
    }
  }

  private static boolean isClosed(JsonNode schema) {
    return isNever(schema.path("additionalProperties"))
        && schema.path("patternProperties").isEmpty();
  }

  /** Follows references within the schema. */
  private static JsonNode resolved(JsonNode schema, JsonNode root) {
    JsonNode here = schema;
    for (int i = 0; i < DEEPEST && here.path("$ref").isTextual(); i++) {
      String ref = here.path("$ref").textValue();
      if (!ref.startsWith("#/")) {
        return MissingNode.getInstance();
      }
      here = root.at(ref.substring(1));
    }
    return here;
  }

  private static Set<String> types(JsonNode schema) {
    return names(schema.path("type"));
  }

  private static List<JsonNode> valuesOf(JsonNode schema) {
    List<JsonNode> values = new ArrayList<>();
    if (schema.has("const")) {
      values.add(schema.path("const"));
    } else {
      schema.path("enum").forEach(values::add);
    }
    return values;
  }

  /** A text or a list of texts. */
  private static Set<String> names(JsonNode node) {
    Set<String> names = new TreeSet<>();
    if (node.isTextual()) {
      names.add(node.textValue());
    }
    node.forEach(each -> names.add(each.asText()));
    return names;
  }

  private static String words(Set<String> names) {
    return String.join(" or ", names);
  }

  private static String escaped(String name) {
    return name.replace("~", "~0").replace("/", "~1");
  }

  private void problem(String pointer, String words) {
    problems.add(new Problem(pointer, words));
  }
}
