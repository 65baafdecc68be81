package io.ligature.schemas.definition;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.cel.common.values.NullValue;
import io.ligature.schemas.Money;
import io.ligature.schemas.definition.Scope.TaskFacts;
import io.ligature.schemas.definition.Scope.WorkflowFacts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** JSON as CEL sees it, and back: whole numbers are ints, other numbers doubles. */
final class CelValues {

  /** Values and characters that one evaluation may give; far above what a payload may hold. */
  static final int MOST_RESULT_SIZE = 10_000_000;

  private CelValues() {}

  static Object of(@Nullable JsonNode json) {
    if (json == null) {
      return NullValue.NULL_VALUE;
    }
    return switch (json.getNodeType()) {
      case OBJECT -> {
        Map<String, Object> map = new LinkedHashMap<>();
        json.properties().forEach(field -> map.put(field.getKey(), of(field.getValue())));
        yield map;
      }
      case ARRAY -> {
        List<Object> list = new ArrayList<>(json.size());
        json.forEach(item -> list.add(of(item)));
        yield list;
      }
      case STRING -> json.textValue();
      case BOOLEAN -> json.booleanValue();
      case NUMBER ->
          json.canConvertToLong() && json.isIntegralNumber()
              ? (Object) json.longValue()
              : (Object) json.doubleValue();
      case NULL, MISSING -> NullValue.NULL_VALUE;
      case BINARY, POJO -> throw new IllegalArgumentException("not JSON: " + json.getNodeType());
    };
  }

  static Map<String, Object> of(TaskFacts facts) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("status", facts.status());
    map.put("output", of(facts.output()));
    map.put("confidence", orNull(facts.confidence()));
    map.put("grade", orNull(facts.grade()));
    map.put("cost", money(facts.cost()));
    Scope.TaskError error = facts.error();
    map.put(
        "error",
        error == null
            ? NullValue.NULL_VALUE
            : Map.of("kind", error.kind(), "message", error.message()));
    return map;
  }

  static Map<String, Object> of(WorkflowFacts facts) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("id", facts.id());
    map.put("requester", facts.requester());
    map.put("tenant", facts.tenant());
    map.put("spent", money(facts.spent()));
    map.put("remaining", money(facts.remaining()));
    return map;
  }

  private static Object orNull(@Nullable Object value) {
    return value == null ? NullValue.NULL_VALUE : value;
  }

  /** Expressions only compare amounts; what is booked is never computed by them. */
  private static Object money(@Nullable Money amount) {
    return amount == null ? NullValue.NULL_VALUE : amount.toDecimal().doubleValue();
  }

  /**
   * @param expression for the message, when there is no JSON for the value
   */
  static JsonNode json(Object value, String expression) {
    return new Writer(expression).json(value);
  }

  /** Counts what it writes: a list may hold one large value many times over. */
  private static final class Writer {
    private final String expression;
    private long left = MOST_RESULT_SIZE;

    Writer(String expression) {
      this.expression = expression;
    }

    JsonNode json(Object value) {
      spend(1);
      return switch (value) {
        case String text -> {
          spend(text.length());
          yield TextNode.valueOf(text);
        }
        case Boolean bool -> BooleanNode.valueOf(bool);
        case Long number -> LongNode.valueOf(number);
        case Double number -> {
          if (!Double.isFinite(number)) {
            throw new ExpressionException(expression + " is " + number + ", which JSON has not");
          }
          yield DoubleNode.valueOf(number);
        }
        case NullValue _ -> NullNode.getInstance();
        case List<?> items -> {
          ArrayNode array = JsonNodeFactory.instance.arrayNode();
          items.forEach(item -> array.add(json(item)));
          yield array;
        }
        case Map<?, ?> fields -> {
          ObjectNode object = JsonNodeFactory.instance.objectNode();
          fields.forEach((name, field) -> object.set(String.valueOf(name), json(field)));
          yield object;
        }
        default -> TextNode.valueOf(value.toString());
      };
    }

    private void spend(int size) {
      left -= size;
      if (left < 0) {
        throw new ExpressionException(
            expression + " gives more than " + MOST_RESULT_SIZE + " values and characters");
      }
    }
  }
}
