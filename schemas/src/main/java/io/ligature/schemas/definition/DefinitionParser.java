package io.ligature.schemas.definition;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Reads a definition's text and finds all that is wrong with it, or a {@link Definition}.
 *
 * <p>Three passes, each only over what the one before found sound: the syntax (YAML or JSON), the
 * shape (the published JSON Schema), and the sense (names, references, joins, expressions, budget).
 */
public final class DefinitionParser {

  private static final Set<String> LATER =
      Set.of(
          "workflow",
          "wait",
          "signal",
          "forEach",
          "repeat",
          "choose",
          "compensate",
          "validate",
          "schedule",
          "retry",
          "timeout");
  private static final String REFERENCE = "see docs/definitions.md";

  private final DefinitionLimits limits;
  private final CelExpressions expressions;
  private final Schema schema;

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
    List<Problem> shape = shapeProblems(document, root);
    if (!shape.isEmpty()) {
      return new ParsedDefinition.Refused(sorted(shape));
    }
    DefinitionBuilder builder = new DefinitionBuilder(document, expressions, limits);
    Definition definition = builder.build(root);
    List<Problem> sense = new ArrayList<>(builder.problems());
    sense.addAll(new DefinitionChecks(document, definition).problems());
    if (!sense.isEmpty()) {
      return new ParsedDefinition.Refused(sorted(sense));
    }
    return new ParsedDefinition.Sound(
        definition, root.hasNonNull("version") ? root.get("version").intValue() : null);
  }

  private List<Problem> shapeProblems(LocatedDocument document, JsonNode root) {
    Set<Problem> problems = new LinkedHashSet<>();
    for (Error error : schema.validate(root)) {
      problems.add(shapeProblem(document, error));
    }
    return List.copyOf(problems);
  }

  private static Problem shapeProblem(LocatedDocument document, Error error) {
    String place = error.getInstanceLocation().toString();
    String path = error.getEvaluationPath().toString();
    String keyword = error.getKeyword().toLowerCase(Locale.ROOT);
    if (path.contains("/anyOf/")) {
      return document.problemAt(
          alternativePlace(place, path),
          "this has none of the forms that are allowed here",
          REFERENCE);
    }
    return switch (keyword) {
      case "additionalproperties" -> unknownField(document, place, error.getProperty());
      case "required" ->
          document.problemAt(
              place, "the field '" + error.getProperty() + "' is missing", "add it; " + REFERENCE);
      default -> document.problemAt(place, error.getMessage(), REFERENCE);
    };
  }

  private static Problem unknownField(LocatedDocument document, String place, String field) {
    String pointer = LocatedDocument.child(place, field);
    if (LATER.contains(field)) {
      return document.problemAt(
          pointer,
          "'" + field + "' is part of the language but not run by this version",
          "leave it out for now; " + REFERENCE);
    }
    return document.problemAt(
        pointer, "there is no field '" + field + "' here", "remove it or correct its name");
  }

  /** The value whose alternatives all failed: as deep as the path is before its first anyOf. */
  private static String alternativePlace(String place, String path) {
    long inside =
        path.substring(path.indexOf("/anyOf/"))
            .lines()
            .flatMap(line -> List.of(line.split("/", -1)).stream())
            .filter(step -> step.equals("properties") || step.equals("items"))
            .count();
    String outer = place;
    for (long i = 0; i < inside && !outer.isEmpty(); i++) {
      outer = outer.substring(0, Math.max(0, outer.lastIndexOf('/')));
    }
    return outer;
  }

  private static List<Problem> sorted(List<Problem> problems) {
    return problems.stream()
        .distinct()
        .sorted(Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column))
        .toList();
  }
}
