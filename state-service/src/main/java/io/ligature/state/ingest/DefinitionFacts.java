package io.ligature.state.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.ligature.avro.WorkflowDefinition;
import io.ligature.schemas.definition.ChildDefinitions;
import io.ligature.schemas.definition.Definition;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a start has to know of definitions, of the last used ones by content. */
public final class DefinitionFacts {

  private final SchemaRegistry registry =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
  private final Parser parser;
  private final Map<String, Facts> bySha256;

  /** Reads the text of a definition that was found sound when it was put. */
  @FunctionalInterface
  public interface Parser {
    Definition parse(WorkflowDefinition definition);
  }

  private record Facts(Optional<Schema> inputSchema, Set<ChildDefinitions.Call> calls) {}

  public DefinitionFacts(Parser parser, int most) {
    this.parser = parser;
    this.bySha256 =
        new LinkedHashMap<>(16, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<String, Facts> eldest) {
            return size() > most;
          }
        };
  }

  /** One entry for each place that breaks the schema; empty when there is none. */
  List<String> violations(WorkflowDefinition definition, JsonNode input) {
    return facts(definition).inputSchema.stream()
        .flatMap(schema -> schema.validate(input).stream())
        .map(DefinitionFacts::words)
        .toList();
  }

  /** The child workflows its own tasks ask for. */
  public Set<ChildDefinitions.Call> calls(WorkflowDefinition definition) {
    return facts(definition).calls;
  }

  private static String words(Error error) {
    String place = error.getInstanceLocation().toString();
    return "input" + (place.equals("$") ? "" : place) + ": " + error.getMessage();
  }

  private synchronized Facts facts(WorkflowDefinition definition) {
    Facts known = bySha256.get(definition.getSha256());
    if (known == null) {
      Definition parsed = parser.parse(definition);
      known =
          new Facts(
              Optional.ofNullable(parsed.inputSchema()).map(registry::getSchema),
              ChildDefinitions.of(parsed));
      bySha256.put(definition.getSha256(), known);
    }
    return known;
  }
}
