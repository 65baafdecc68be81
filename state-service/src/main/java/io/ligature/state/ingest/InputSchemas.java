package io.ligature.state.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.ligature.avro.WorkflowDefinition;
import io.ligature.schemas.definition.Definition;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The compiled input schemas of definitions, the last used ones by content. */
public final class InputSchemas {

  private final SchemaRegistry registry =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
  private final Parser parser;
  private final Map<String, Optional<Schema>> bySha256;

  /** Reads the text of a definition that was found sound when it was put. */
  @FunctionalInterface
  public interface Parser {
    Definition parse(WorkflowDefinition definition);
  }

  public InputSchemas(Parser parser, int most) {
    this.parser = parser;
    this.bySha256 =
        new LinkedHashMap<>(16, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<String, Optional<Schema>> eldest) {
            return size() > most;
          }
        };
  }

  /** One entry for each place that breaks the schema; empty when there is none. */
  List<String> violations(WorkflowDefinition definition, JsonNode input) {
    return schema(definition).stream()
        .flatMap(schema -> schema.validate(input).stream())
        .map(InputSchemas::words)
        .toList();
  }

  private static String words(Error error) {
    String place = error.getInstanceLocation().toString();
    return "input" + (place.equals("$") ? "" : place) + ": " + error.getMessage();
  }

  private synchronized Optional<Schema> schema(WorkflowDefinition definition) {
    Optional<Schema> known = bySha256.get(definition.getSha256());
    if (known == null) {
      JsonNode text = parser.parse(definition).inputSchema();
      known = Optional.ofNullable(text).map(registry::getSchema);
      bySha256.put(definition.getSha256(), known);
    }
    return known;
  }
}
