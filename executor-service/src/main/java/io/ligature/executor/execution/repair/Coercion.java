package io.ligature.executor.execution.repair;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.ligature.schemas.wire.Payloads;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Gives a value the type its schema wants, where exactly one type is wanted and the value says the
 * same in another: {@code "3"} where a number is wanted, {@code 3} where a text is, one value where
 * a list is, a list or object written as a text.
 *
 * <p>It follows {@code properties}, {@code additionalProperties}, {@code items}, {@code
 * prefixItems}, {@code allOf}, references within the schema, and {@code anyOf} and {@code oneOf}
 * that offer one form beside null. What has the type it should have stays what it is; nothing is
 * dropped, filled in or cut.
 */
public final class Coercion {

  /** Longest text that is read as a number; what is longer was not meant as one. */
  private static final int MOST_DIGITS = 40;

  private static final int DEEPEST = 100;
  private static final Pattern NUMBER =
      Pattern.compile("-?(0|[1-9]\\d*)(\\.\\d+)?([eE][+-]?\\d{1,2})?");
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final JsonNode root;
  private final List<String> repairs = new ArrayList<>();

  private Coercion(JsonNode root) {
    this.root = root;
  }

  /** A value of the types the schema wants, as far as that could be had. */
  public record Coerced(JsonNode value, List<String> repairs) {}

  public static Coerced coerce(JsonNode value, JsonNode schema) {
    Coercion coercion = new Coercion(schema);
    JsonNode result = coercion.at(value, schema, "", 0);
    return new Coerced(result, List.copyOf(coercion.repairs));
  }

  static String below(String place, String name) {
    return place + "/" + name.replace("~", "~0").replace("/", "~1");
  }

  static String named(String place) {
    return place.isEmpty() ? "/" : place;
  }

  private JsonNode at(JsonNode given, JsonNode reference, String place, int depth) {
    JsonNode schema = resolved(reference);
    if (schema == null || depth > DEEPEST) {
      return given;
    }
    JsonNode value = typed(given, schema, place);
    for (JsonNode each : schema.path("allOf")) {
      value = at(value, each, place, depth + 1);
    }
    JsonNode only = onlyForm(schema);
    if (only != null && !value.isNull()) {
      value = at(value, only, place, depth + 1);
    }
    return switch (value.getNodeType()) {
      case OBJECT -> members((ObjectNode) value, schema, place, depth + 1);
      case ARRAY -> items((ArrayNode) value, schema, place, depth + 1);
      case BINARY, BOOLEAN, MISSING, NULL, NUMBER, POJO, STRING -> value;
    };
  }

  private JsonNode members(ObjectNode object, JsonNode schema, String place, int depth) {
    JsonNode properties = schema.path("properties");
    JsonNode others = schema.has("patternProperties") ? null : schema.get("additionalProperties");
    ObjectNode result = NODES.objectNode();
    for (Map.Entry<String, JsonNode> each : object.properties()) {
      JsonNode its = properties.has(each.getKey()) ? properties.get(each.getKey()) : others;
      JsonNode member = each.getValue();
      result.set(
          each.getKey(),
          its == null ? member : at(member, its, below(place, each.getKey()), depth));
    }
    return result;
  }

  private JsonNode items(ArrayNode array, JsonNode schema, String place, int depth) {
    JsonNode first = schema.path("prefixItems");
    ArrayNode result = NODES.arrayNode();
    for (int i = 0; i < array.size(); i++) {
      JsonNode its = i < first.size() ? first.get(i) : schema.get("items");
      JsonNode item = array.get(i);
      result.add(its == null ? item : at(item, its, place + "/" + i, depth));
    }
    return result;
  }

  private JsonNode typed(JsonNode value, JsonNode schema, String place) {
    Set<String> types = types(schema);
    if (types.isEmpty() || types.stream().anyMatch(type -> is(value, type))) {
      return value;
    }
    types.remove("null");
    if (types.contains("number")) {
      types.remove("integer");
    }
    if (types.size() != 1 || value.isNull()) {
      return value;
    }
    String wanted = types.iterator().next();
    return switch (wanted) {
      case "integer", "number" -> number(value, wanted, place);
      case "boolean" -> bool(value, place);
      case "string" -> text(value, place);
      case "object" -> object(value, place);
      case "array" -> list(value, place);
      default -> value;
    };
  }

  private JsonNode number(JsonNode value, String wanted, String place) {
    String text = value.isTextual() ? value.textValue().strip() : "";
    if (text.length() > MOST_DIGITS || !NUMBER.matcher(text).matches()) {
      return value;
    }
    JsonNode number = json(text);
    return number != null && is(number, wanted)
        ? done(number, place, "text read as " + wanted)
        : value;
  }

  private JsonNode bool(JsonNode value, String place) {
    String text = value.isTextual() ? value.textValue().strip() : "";
    if (text.equalsIgnoreCase("true") || text.equalsIgnoreCase("false")) {
      return done(
          BooleanNode.valueOf(text.equalsIgnoreCase("true")), place, "text read as boolean");
    }
    return value;
  }

  private JsonNode text(JsonNode value, String place) {
    if (!value.isNumber() || Math.abs(value.decimalValue().scale()) > MOST_DIGITS) {
      return value;
    }
    String text =
        value instanceof DecimalNode ? value.decimalValue().toPlainString() : value.asText();
    return text.length() > MOST_DIGITS
        ? value
        : done(TextNode.valueOf(text), place, "number written as text");
  }

  private JsonNode object(JsonNode value, String place) {
    JsonNode inner = value.isTextual() ? json(value.textValue()) : null;
    return inner != null && inner.isObject() ? done(inner, place, "text read as object") : value;
  }

  private JsonNode list(JsonNode value, String place) {
    if (value.isTextual() && value.textValue().strip().startsWith("[")) {
      // A text that is nearly a list is no item of one.
      JsonNode inner = json(value.textValue());
      return inner == null ? value : done(inner, place, "text read as array");
    }
    return done(NODES.arrayNode().add(value), place, "single value put into a list");
  }

  private JsonNode done(JsonNode value, String place, String what) {
    repairs.add(named(place) + ": " + what);
    return value;
  }

  private static @Nullable JsonNode json(String text) {
    try {
      return Payloads.JSON.readTree(text);
    } catch (IOException e) {
      return null;
    }
  }

  private static Set<String> types(JsonNode schema) {
    Set<String> types = new HashSet<>();
    JsonNode type = schema.path("type");
    if (type.isTextual()) {
      types.add(type.textValue());
    }
    type.forEach(each -> types.add(each.asText()));
    return types;
  }

  private static boolean is(JsonNode value, String type) {
    return switch (type) {
      case "null" -> value.isNull();
      case "boolean" -> value.isBoolean();
      case "string" -> value.isTextual();
      case "number" -> value.isNumber();
      case "integer" ->
          value.isIntegralNumber()
              || (value.isNumber() && value.decimalValue().stripTrailingZeros().scale() <= 0);
      case "object" -> value.isObject();
      case "array" -> value.isArray();
      default -> true;
    };
  }

  /** The one form that is offered beside null; null when there is a choice, or none is offered. */
  private @Nullable JsonNode onlyForm(JsonNode schema) {
    JsonNode forms = schema.has("anyOf") ? schema.path("anyOf") : schema.path("oneOf");
    JsonNode only = null;
    for (JsonNode each : forms) {
      JsonNode form = resolved(each);
      if (form != null && types(form).equals(Set.of("null"))) {
        continue;
      }
      if (only != null) {
        return null;
      }
      only = each;
    }
    return only;
  }

  /** Follows references within the document; null for those that lead elsewhere or in circles. */
  private @Nullable JsonNode resolved(JsonNode reference) {
    JsonNode schema = reference;
    for (int hops = 0; hops < DEEPEST; hops++) {
      String target = schema.path("$ref").asText("");
      if (target.isEmpty()) {
        return schema.isObject() ? schema : null;
      }
      if (target.equals("#")) {
        schema = root;
      } else if (target.startsWith("#/")) {
        schema = root.at(target.substring(1));
      } else {
        return null;
      }
    }
    return null;
  }
}
