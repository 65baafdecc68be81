package io.ligature.schemas.definition;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Checks that what a definition gives as a JSON Schema can be used as it stands: sound by the
 * meta-schema, with patterns that compile, and with references into itself only.
 */
final class SchemaCheck {

  private static final String META_SCHEMA = "https://json-schema.org/draft/2020-12/schema";

  private final Schema metaSchema =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
          .getSchema(SchemaLocation.of(META_SCHEMA));

  /**
   * @param of what the schema describes, for the messages
   */
  void check(JsonNode schema, String of, String place, Findings findings) {
    Set<String> told = new HashSet<>();
    for (Error error : metaSchema.validate(schema)) {
      String at = error.getInstanceLocation().toString();
      // The meta-schema consists of several that all find the same; one is enough for a place.
      if (told.add(at)) {
        findings.add(
            place + at,
            "the schema of " + of + " is not a JSON Schema: " + error.getMessage(),
            "correct it by JSON Schema 2020-12");
      }
    }
    new Walk(schema, of, findings).check(place, schema);
  }

  private record Walk(JsonNode whole, String of, Findings findings) {

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
        findings.add(
            place,
            "the schema of " + of + " refers to another document, '" + reference + "'",
            "put what it needs under $defs, and refer to it as #/$defs/NAME");
      } else if (reference.startsWith("#/") && whole.at(reference.substring(1)).isMissingNode()) {
        findings.add(
            place,
            "the schema of " + of + " has nothing at '" + reference + "'",
            "correct the reference, or put it there");
      }
    }

    private void checkPattern(String place, String pattern) {
      try {
        Pattern.compile(pattern);
      } catch (PatternSyntaxException e) {
        findings.add(
            place,
            "'" + pattern + "' is not a regular expression: " + e.getDescription(),
            "correct it");
      }
    }
  }
}
