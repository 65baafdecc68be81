package io.ligature.schemas.definition;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.StringReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * A YAML or JSON text as a JSON tree that knows where each value stands.
 *
 * <p>Only what JSON can say is read: aliases are refused, and of YAML's many spellings only {@code
 * true}, {@code false} and plain numbers are more than text.
 */
final class LocatedDocument {

  private static final Pattern INTEGER = Pattern.compile("-?(0|[1-9][0-9]{0,17})");
  private static final Pattern DECIMAL =
      Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]{1,3})?");

  private final Map<String, Mark> marks = new HashMap<>();
  private final Set<Node> seen = Collections.newSetFromMap(new IdentityHashMap<>());
  private final List<Problem> problems = new ArrayList<>();
  private @Nullable JsonNode root;

  private LocatedDocument() {}

  static LocatedDocument read(String text, DefinitionLimits limits) {
    LocatedDocument document = new LocatedDocument();
    if (text.getBytes(StandardCharsets.UTF_8).length > limits.textBytes()) {
      document.problem(
          "",
          "the text is larger than " + limits.textBytes() + " bytes",
          "split the workflow, or raise ligature.definitions.max-bytes");
      return document;
    }
    LoaderOptions options = new LoaderOptions();
    options.setNestingDepthLimit(limits.depth());
    options.setCodePointLimit(limits.textBytes());
    try {
      Node node = new Yaml(options).compose(new StringReader(text));
      if (node == null) {
        document.problem("", "the text is empty", "write a definition, at least name and tasks");
      } else {
        document.root = document.convert(node, "");
      }
    } catch (MarkedYAMLException e) {
      Mark mark = e.getProblemMark();
      document.problems.add(
          new Problem(
              mark == null ? 1 : mark.getLine() + 1,
              mark == null ? 1 : mark.getColumn() + 1,
              "",
              "not readable as YAML or JSON: " + e.getProblem(),
              "correct the syntax there"));
    } catch (YAMLException e) {
      document.problem("", "not readable as YAML or JSON: " + e.getMessage(), "correct the syntax");
    }
    return document;
  }

  /** Null when there are problems that leave nothing to go on with. */
  @Nullable JsonNode root() {
    return problems.isEmpty() ? root : null;
  }

  List<Problem> problems() {
    return problems;
  }

  /** A problem at the value of that JSON pointer, or at the nearest one around it. */
  Problem problemAt(String pointer, String message, String remedy) {
    String place = pointer;
    while (!marks.containsKey(place) && !place.isEmpty()) {
      place = place.substring(0, place.lastIndexOf('/'));
    }
    Mark mark = marks.get(place);
    return new Problem(
        mark == null ? 1 : mark.getLine() + 1,
        mark == null ? 1 : mark.getColumn() + 1,
        pointer,
        message,
        remedy);
  }

  static String child(String pointer, String name) {
    return pointer + "/" + name.replace("~", "~0").replace("/", "~1");
  }

  private void problem(String pointer, String message, String remedy) {
    problems.add(problemAt(pointer, message, remedy));
  }

  private JsonNode convert(Node node, String pointer) {
    marks.put(pointer, node.getStartMark());
    if (!seen.add(node)) {
      problem(pointer, "an alias (*) stands for this value elsewhere", "write it out there");
      return NullNode.getInstance();
    }
    return switch (node) {
      case ScalarNode scalar -> scalar(scalar);
      case SequenceNode sequence -> {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        List<Node> items = sequence.getValue();
        for (int i = 0; i < items.size(); i++) {
          array.add(convert(items.get(i), pointer + "/" + i));
        }
        yield array;
      }
      case MappingNode mapping -> object(mapping, pointer);
      default -> throw new IllegalStateException("no YAML node is a " + node.getNodeId());
    };
  }

  private ObjectNode object(MappingNode mapping, String pointer) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    for (NodeTuple tuple : mapping.getValue()) {
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        problem(pointer, "a field's name is not text", "use plain names");
        continue;
      }
      String name = key.getValue();
      String place = child(pointer, name);
      JsonNode value = convert(tuple.getValueNode(), place);
      marks.put(place, key.getStartMark());
      if (object.has(name)) {
        problem(place, "the field '" + name + "' stands there twice", "remove one of them");
      }
      object.set(name, value);
    }
    return object;
  }

  private static JsonNode scalar(ScalarNode scalar) {
    String text = scalar.getValue();
    if (!scalar.isPlain() || scalar.getTag().equals(Tag.STR)) {
      return TextNode.valueOf(text);
    }
    if (scalar.getTag().equals(Tag.NULL)) {
      return NullNode.getInstance();
    }
    if (text.equals("true") || text.equals("false")) {
      return BooleanNode.valueOf(text.equals("true"));
    }
    if (INTEGER.matcher(text).matches()) {
      return LongNode.valueOf(Long.parseLong(text));
    }
    return DECIMAL.matcher(text).matches()
        ? DecimalNode.valueOf(new BigDecimal(text))
        : TextNode.valueOf(text);
  }
}
