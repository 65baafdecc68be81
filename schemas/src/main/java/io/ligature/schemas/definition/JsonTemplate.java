package io.ligature.schemas.definition;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.ligature.schemas.definition.CelExpressions.CelExpression;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A template whose parts were compiled when the definition was parsed. */
final class JsonTemplate implements Template {

  private static final Pattern OUTPUT =
      Pattern.compile("\\s*tasks(?:\\.([A-Za-z0-9_]+)|\\[['\"]([^'\"]+)['\"]\\])\\.output\\s*");

  /** A part of a template. */
  sealed interface Part {}

  /** Stands for itself. */
  record Constant(JsonNode value) implements Part {}

  /**
   * Becomes the expression's value.
   *
   * @param place of the string it stands in
   */
  record Value(CelExpression expression, String place) implements Part {}

  /** Becomes one string of all its parts. */
  record Text(List<Part> parts) implements Part {}

  record Fields(Map<String, Part> parts) implements Part {}

  record Items(List<Part> parts) implements Part {}

  private final Part root;
  private final List<Value> values = new ArrayList<>();
  private final Set<String> tasks = new TreeSet<>();
  private final Set<String> variables = new TreeSet<>();
  private final Set<String> locals = new TreeSet<>();
  private boolean readsInput;

  JsonTemplate(Part root) {
    this.root = root;
    collect(root);
  }

  @Override
  public Set<String> tasks() {
    return tasks;
  }

  @Override
  public boolean readsInput() {
    return readsInput;
  }

  @Override
  public Set<String> variables() {
    return variables;
  }

  @Override
  public Set<String> locals() {
    return locals;
  }

  @Override
  public @Nullable Copy copies() {
    if (!(root instanceof Value value)) {
      return null;
    }
    String text = value.expression.text();
    if (text.strip().equals("input")) {
      return value.expression.readsInput() ? new Copy.OfInput() : null;
    }
    if (value.expression.locals().contains(text.strip())) {
      return new Copy.OfLocal(text.strip());
    }
    Matcher output = OUTPUT.matcher(text);
    if (!output.matches()) {
      return null;
    }
    String named = output.group(1);
    return new Copy.OfOutput(named == null ? output.group(2) : named);
  }

  /** Its expressions, in the order of the text. */
  List<Value> values() {
    return values;
  }

  @Override
  public JsonNode render(Scope scope) {
    return render(root, scope);
  }

  private static JsonNode render(Part part, Scope scope) {
    return switch (part) {
      case Constant constant -> constant.value;
      case Value value -> value.expression.json(scope);
      case Text text ->
          TextNode.valueOf(
              text.parts.stream()
                  .map(piece -> words(render(piece, scope)))
                  .collect(Collectors.joining()));
      case Fields fields -> {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        fields.parts.forEach((name, field) -> object.set(name, render(field, scope)));
        yield object;
      }
      case Items items -> {
        ArrayNode array = JsonNodeFactory.instance.arrayNode(items.parts.size());
        items.parts.forEach(item -> array.add(render(item, scope)));
        yield array;
      }
    };
  }

  private static String words(JsonNode value) {
    return value.isTextual() ? value.textValue() : value.toString();
  }

  private void collect(Part part) {
    switch (part) {
      case Constant _ -> {}
      case Value value -> {
        values.add(value);
        tasks.addAll(value.expression.tasks());
        readsInput |= value.expression.readsInput();
        variables.addAll(value.expression.variables());
        locals.addAll(value.expression.locals());
      }
      case Text text -> text.parts.forEach(this::collect);
      case Fields fields -> fields.parts.values().forEach(this::collect);
      case Items items -> items.parts.forEach(this::collect);
    }
  }

  /** What stands there when no expression does; null: it must be rendered. */
  @Nullable JsonNode constant() {
    return root instanceof Constant constant ? constant.value : null;
  }

  /** Keeps the order of the text. */
  static Fields fields(Map<String, Part> parts) {
    return new Fields(new LinkedHashMap<>(parts));
  }
}
