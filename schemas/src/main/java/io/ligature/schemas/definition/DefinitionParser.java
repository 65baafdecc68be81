package io.ligature.schemas.definition;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.ligature.schemas.definition.CelExpressions.CelExpression;
import io.ligature.schemas.definition.CelExpressions.InvalidExpressionException;
import io.ligature.schemas.definition.TaskDefinition.Risk;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * Reads a definition's text and finds all that is wrong with it, or a {@link Definition}.
 *
 * <p>Three passes, each only over what the one before found sound: the syntax (YAML or JSON), the
 * shape (the published JSON Schema), and the sense (names, references, joins, expressions, budget).
 */
public final class DefinitionParser {

  private final DefinitionLimits limits;
  private final CelExpressions expressions;
  private final Schema schema;
  private final SchemaCheck schemas = new SchemaCheck();

  public DefinitionParser(DefinitionLimits limits) {
    this.limits = limits;
    this.expressions = new CelExpressions(limits);
    this.schema =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(publishedSchema());
  }

  /** The JSON Schema that editors complete from. */
  public static String publishedSchema() {
    try (InputStream in = DefinitionParser.class.getResourceAsStream("workflow.schema.json")) {
      if (in == null) {
        throw new IllegalStateException("workflow.schema.json is not on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public ParsedDefinition parse(String text) {
    LocatedDocument document = LocatedDocument.read(text, limits);
    JsonNode root = document.root();
    if (root == null) {
      return new ParsedDefinition.Refused(sorted(document.problems()));
    }
    List<Problem> shape = new ShapeProblems(document).of(schema.validate(root));
    if (!shape.isEmpty()) {
      return new ParsedDefinition.Refused(sorted(shape));
    }
    DefinitionBuilder builder = new DefinitionBuilder(document, expressions, limits);
    Definition definition = builder.build(root);
    List<Problem> sense = new ArrayList<>(builder.problems());
    sense.addAll(new DefinitionChecks(document, definition, schemas).problems());
    if (!sense.isEmpty()) {
      return new ParsedDefinition.Refused(sorted(sense));
    }
    return new ParsedDefinition.Sound(
        definition, root.hasNonNull("version") ? root.get("version").intValue() : null);
  }

  /**
   * A condition of a deployment's review rule: the text that in a definition stands between <code>
   * ${</code> and <code>}</code>. It knows no task by its name.
   *
   * @throws IllegalArgumentException that says what is wrong with it
   */
  public Expression reviewCondition(String text) {
    if (text.startsWith("${")) {
      throw new IllegalArgumentException("'" + text + "' has ${ and } around it; leave them out");
    }
    CelExpression condition;
    try {
      condition = expressions.compile(text, Set.of(Risk.ABOUT));
    } catch (InvalidExpressionException e) {
      throw new IllegalArgumentException("'" + text + "': " + e.getMessage(), e);
    }
    if (!condition.mayBeBoolean()) {
      throw new IllegalArgumentException(
          "'" + text + "' is of type " + condition.typeName() + ", not bool");
    }
    if (!condition.tasks().isEmpty()) {
      throw new IllegalArgumentException(
          "'"
              + text
              + "' reads tasks by name, which differ from definition to definition; read 'review'");
    }
    return condition;
  }

  private static List<Problem> sorted(List<Problem> problems) {
    return problems.stream()
        .distinct()
        .sorted(Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column))
        .toList();
  }
}
