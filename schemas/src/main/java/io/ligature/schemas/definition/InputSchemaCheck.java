package io.ligature.schemas.definition;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Checks that {@code input.schema} is a JSON Schema that can be used as it stands: sound by the
 * meta-schema, with patterns that compile, and with references into itself only.
 */
final class InputSchemaCheck {

  private static final String META_SCHEMA = "https://json-schema.org/draft/2020-12/schema";

  private final Schema metaSchema =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
          .getSchema(SchemaLocation.of(META_SCHEMA));

  List<Problem> problems(LocatedDocument document, String place, JsonNode schema) {
    List<Problem> problems = new ArrayList<>();
    Set<String> told = new HashSet<>();
    for (Error error : metaSchema.validate(schema)) {
      String at = error.getInstanceLocation().toString();
      // The meta-schema consists of several that all find the same; one is enough for a place.
      if (told.add(at)) {
        problems.add(
            document.problemAt(
                place + at,
                "the input's schema is not a JSON Schema: " + error.getMessage(),
                "correct it by JSON Schema 2020-12"));
      }
    }
    new Walk(document, schema, problems).check(place, schema);
    return problems;
  }

  private record Walk(LocatedDocument document, JsonNode whole, List<Problem> problems) {

    void check(String place, JsonNode node) {
      if (node.path("$ref").isTextual()) {
        checkReference(place + "/$ref", node.get("$ref").textValue());
      }
      if (node.path("pattern").isTextual()) {
        checkPattern(place + "/pattern", node.get("pattern").textValue());
      }
      node.properties()
          .forEach(field -> check(LocatedDocument.child(place, field.getKey()), field.getValue()));
      for (int i = 0; node.isArray() && i < node.size(); i++) {
        check(place + "/" + i, node.get(i));
      }
    }

    private void checkReference(String place, String reference) {
      if (!reference.startsWith("#")) {
        problems.add(
            document.problemAt(
                place,
                "the input's schema refers to another document, '" + reference + "'",
                "put what it needs under $defs, and refer to it as #/$defs/NAME"));
      } else if (reference.startsWith("#/") && whole.at(reference.substring(1)).isMissingNode()) {
        problems.add(
            document.problemAt(
                place,
                "the input's schema has nothing at '" + reference + "'",
                "correct the reference, or put it there"));
      }
    }

    private void checkPattern(String place, String pattern) {
      try {
        Pattern.compile(pattern);
      } catch (PatternSyntaxException e) {
        problems.add(
            document.problemAt(
                place,
                "'" + pattern + "' is not a regular expression: " + e.getDescription(),
                "correct it"));
      }
    }
  }
}
