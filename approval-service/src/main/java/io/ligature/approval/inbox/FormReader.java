package io.ligature.approval.inbox;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.ligature.schemas.wire.Payloads;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the value that an edit form posts. Each name is a code and a JSON pointer, in the order of
 * the page, so that containers come before what they hold:
 *
 * <pre>
 * o:/pointer   an object          a:/pointer   a list
 * s:/pointer   a text             n:/pointer   a number
 * c:/pointer   JSON of a choice   j:/pointer   JSON
 * </pre>
 *
 * <p>{@code so} and {@code no} leave an empty field out; {@code sn} and {@code nn} read it as null;
 * an empty choice or JSON is left out. What cannot be read keeps its text, with an error at its
 * pointer. What such a form may hold is for the schema to say, not for the form.
 */
final class FormReader {

  private static final int LONGEST_NUMBER = 400;
  private static final int MOST_DEPTH = 32;
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final Map<String, List<String>> errors = new LinkedHashMap<>();
  private JsonNode root = MissingNode.getInstance();

  private FormReader() {}

  /**
   * @param value missing when the form had none
   * @param errors by JSON pointer
   */
  record Result(JsonNode value, Map<String, List<String>> errors) {}

  static Result read(Posted posted) {
    FormReader reader = new FormReader();
    for (Map.Entry<String, String> entry : posted.entries()) {
      int colon = entry.getKey().indexOf(':');
      if (colon > 0) {
        reader.take(
            entry.getKey().substring(0, colon),
            entry.getKey().substring(colon + 1),
            entry.getValue());
      }
    }
    return new Result(reader.root, reader.errors);
  }

  /** JSON that was typed as a whole. */
  static Result json(String text) {
    FormReader reader = new FormReader();
    reader.root = reader.parse(text, "");
    return new Result(reader.root, reader.errors);
  }

  private void take(String code, String pointer, String text) {
    JsonNode value = value(code, pointer, text);
    if (!value.isMissingNode()) {
      put(pointer, value);
    }
  }

  private JsonNode value(String code, String pointer, String text) {
    // Browsers post lines that end as on paper tape.
    String plain = text.replace("\r\n", "\n");
    return switch (code) {
      case "o" -> NODES.objectNode();
      case "a" -> NODES.arrayNode();
      case "s" -> TextNode.valueOf(plain);
      case "so" -> plain.isEmpty() ? MissingNode.getInstance() : TextNode.valueOf(plain);
      case "sn" -> plain.isEmpty() ? NullNode.instance : TextNode.valueOf(plain);
      case "n" -> number(plain.strip(), pointer);
      case "no" -> plain.isBlank() ? MissingNode.getInstance() : number(plain.strip(), pointer);
      case "nn" -> plain.isBlank() ? NullNode.instance : number(plain.strip(), pointer);
      case "c", "j" -> plain.isBlank() ? MissingNode.getInstance() : parse(plain, pointer);
      default ->
          throw PageProblem.invalid("the form has a field of an unknown kind, '" + code + "'");
    };
  }

  private JsonNode number(String text, String pointer) {
    try {
      if (text.length() <= LONGEST_NUMBER) {
        BigDecimal number = new BigDecimal(text);
        if (Math.abs((long) number.scale()) <= LONGEST_NUMBER) {
          return Payloads.JSON.readTree(number.toPlainString());
        }
      }
    } catch (NumberFormatException | JsonProcessingException e) {
      // Told below, with what was typed.
    }
    error(pointer, text.isEmpty() ? "give a number" : "'" + text + "' is not a number");
    return TextNode.valueOf(text);
  }

  private JsonNode parse(String text, String pointer) {
    try {
      return Payloads.JSON.readTree(text);
    } catch (JsonProcessingException e) {
      String where = e.getLocation() == null ? "" : " (line " + e.getLocation().getLineNr() + ")";
      error(pointer, "this is not JSON: " + e.getOriginalMessage() + where);
      return TextNode.valueOf(text);
    }
  }

  private void put(String pointer, JsonNode value) {
    if (pointer.isEmpty()) {
      root = value;
      return;
    }
    List<JsonPointer> steps = steps(pointer);
    JsonNode parent = root;
    for (JsonPointer step : steps.subList(0, steps.size() - 1)) {
      parent = child(parent, step);
    }
    JsonPointer last = steps.getLast();
    switch (parent) {
      case ObjectNode object -> object.set(last.getMatchingProperty(), value);
      case ArrayNode array -> array.add(value);
      default ->
          throw PageProblem.invalid("the form's field '" + pointer + "' has nothing to stand in");
    }
  }

  /** Elements are added in the order of the page, so a list's last one is the one being filled. */
  private static JsonNode child(JsonNode parent, JsonPointer step) {
    return parent instanceof ArrayNode array
        ? array.path(array.size() - 1)
        : parent.path(step.getMatchingProperty());
  }

  private static List<JsonPointer> steps(String pointer) {
    List<JsonPointer> steps = new ArrayList<>();
    try {
      for (JsonPointer at = JsonPointer.compile(pointer); !at.matches(); at = at.tail()) {
        steps.add(at);
      }
    } catch (IllegalArgumentException e) {
      throw PageProblem.invalid("the form's field '" + pointer + "' is no JSON pointer");
    }
    if (steps.size() > MOST_DEPTH) {
      throw PageProblem.invalid("the form is nested deeper than " + MOST_DEPTH);
    }
    return steps;
  }

  private void error(String pointer, String text) {
    errors.computeIfAbsent(pointer, any -> new ArrayList<>()).add(text);
  }
}
