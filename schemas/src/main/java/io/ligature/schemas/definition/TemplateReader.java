package io.ligature.schemas.definition;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.ligature.schemas.definition.CelExpressions.CelExpression;
import io.ligature.schemas.definition.CelExpressions.InvalidExpressionException;
import io.ligature.schemas.definition.JsonTemplate.Part;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds the expressions in a tree's strings and compiles them. */
final class TemplateReader {

  private static final Pattern UNDECLARED = Pattern.compile("undeclared reference to '([^']+)'");

  private final LocatedDocument document;
  private final CelExpressions expressions;
  private final List<Problem> problems;
  private final Set<String> locals;

  /**
   * @param locals names that exist at this place only
   */
  TemplateReader(
      LocatedDocument document,
      CelExpressions expressions,
      List<Problem> problems,
      Set<String> locals) {
    this.document = document;
    this.expressions = expressions;
    this.problems = problems;
    this.locals = locals;
  }

  /** The same where these names exist too. */
  TemplateReader with(String... names) {
    Set<String> all = new TreeSet<>(locals);
    all.addAll(List.of(names));
    return new TemplateReader(document, expressions, problems, Set.copyOf(all));
  }

  JsonTemplate template(JsonNode value, String place) {
    return new JsonTemplate(part(value, place));
  }

  /** Null when there is a problem with it. */
  @Nullable Expression condition(JsonNode value, String place) {
    int problemsBefore = problems.size();
    List<Part> parts = parts(value.textValue(), place);
    if (problems.size() > problemsBefore) {
      return null;
    }
    if (parts.size() != 1 || !(parts.getFirst() instanceof JsonTemplate.Value whole)) {
      if (parts.stream().noneMatch(JsonTemplate.Value.class::isInstance)) {
        problem(place, "'" + value.textValue() + "' is no expression", "write it as ${ … }");
      } else {
        problem(place, "there is text beside the expression", "write one ${ … } and nothing else");
      }
      return null;
    }
    CelExpression expression = whole.expression();
    if (!expression.mayBeBoolean()) {
      problem(
          place,
          "${" + expression.text() + "} is of type " + expression.typeName() + ", not bool",
          "compare it with something");
      return null;
    }
    return expression;
  }

  private Part part(JsonNode value, String place) {
    return switch (value.getNodeType()) {
      case OBJECT -> {
        Map<String, Part> fields = new LinkedHashMap<>();
        value
            .properties()
            .forEach(
                field ->
                    fields.put(
                        field.getKey(),
                        part(field.getValue(), LocatedDocument.child(place, field.getKey()))));
        yield JsonTemplate.fields(fields);
      }
      case ARRAY -> {
        List<Part> items = new ArrayList<>();
        for (int i = 0; i < value.size(); i++) {
          items.add(part(value.get(i), place + "/" + i));
        }
        yield new JsonTemplate.Items(items);
      }
      case STRING -> {
        List<Part> parts = parts(value.textValue(), place);
        yield parts.size() == 1 ? parts.getFirst() : new JsonTemplate.Text(parts);
      }
      default -> new JsonTemplate.Constant(value);
    };
  }

  /** The text in pieces: what stands outside of <code>${ }</code>, and each expression. */
  private List<Part> parts(String text, String place) {
    List<Part> parts = new ArrayList<>();
    int at = 0;
    while (true) {
      int open = text.indexOf("${", at);
      if (open < 0) {
        break;
      }
      int close = closing(text, open + 2);
      if (close < 0) {
        problem(place, "'${' is not closed in '" + text + "'", "add the missing '}'");
        return List.of(new JsonTemplate.Constant(TextNode.valueOf(text)));
      }
      if (open > at) {
        parts.add(new JsonTemplate.Constant(TextNode.valueOf(text.substring(at, open))));
      }
      parts.add(expression(text.substring(open + 2, close).strip(), place));
      at = close + 1;
    }
    if (at < text.length() || parts.isEmpty()) {
      parts.add(new JsonTemplate.Constant(TextNode.valueOf(text.substring(at))));
    }
    return parts;
  }

  private Part expression(String text, String place) {
    try {
      return new JsonTemplate.Value(expressions.compile(text, locals), place);
    } catch (InvalidExpressionException e) {
      String message = String.valueOf(e.getMessage());
      problem(place, "${" + text + "}: " + message, hint(text, message));
      return new JsonTemplate.Constant(TextNode.valueOf(text));
    }
  }

  private static String hint(String text, String message) {
    if (text.matches("(?s).*tasks\\.[A-Za-z0-9_]+-.*")) {
      return "a name with '-' is read as tasks['NAME'].output";
    }
    Matcher undeclared = UNDECLARED.matcher(message);
    return switch (undeclared.find() ? undeclared.group(1) : "") {
      case "index" -> "'index' exists in the 'do' of a forEach only";
      case "iteration" -> "'iteration' exists in the 'do' and 'until' of a repeat only";
      case "last" -> "'last' exists in the 'do' and 'until' of a repeat only";
      case "review" -> "'review' exists in the 'when' of a risk only";
      case "output" -> "'output' exists in 'set', 'compensate' and 'validate' only";
      default -> "see the expressions in docs/definitions.md";
    };
  }

  /** The brace that closes an expression; braces in its strings and maps do not count. */
  private static int closing(String text, int from) {
    int depth = 0;
    char quote = 0;
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quote != 0) {
        if (c == '\\') {
          i++;
        } else if (c == quote) {
          quote = 0;
        }
      } else if (c == '\'' || c == '"') {
        quote = c;
      } else if (c == '{') {
        depth++;
      } else if (c == '}') {
        if (depth == 0) {
          return i;
        }
        depth--;
      }
    }
    return -1;
  }

  private void problem(String pointer, String message, String remedy) {
    problems.add(document.problemAt(pointer, message, remedy));
  }
}
