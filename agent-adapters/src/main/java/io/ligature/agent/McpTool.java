package io.ligature.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.ligature.schemas.ErrorKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A tool of an MCP server, with the contract it publishes. */
record McpTool(@Nullable Schema input, @Nullable Schema output) {

  private static final int MOST_VIOLATIONS = 10;
  private static final SchemaRegistry SCHEMAS =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

  /**
   * @param tool as {@code tools/list} has it
   */
  static McpTool of(JsonNode tool) throws CallFailedException {
    return new McpTool(compile(tool, "inputSchema"), compile(tool, "outputSchema"));
  }

  private static @Nullable Schema compile(JsonNode tool, String key) throws CallFailedException {
    JsonNode text = tool.path(key);
    if (!text.isObject()) {
      return null;
    }
    try {
      Schema schema = SCHEMAS.getSchema(text);
      schema.initializeValidators();
      return schema;
    } catch (RuntimeException e) {
      throw CallFailedException.unbilled(
          ErrorKind.NO_AGENT,
          "the " + key + " of the server's tool is not a usable JSON Schema: " + e.getMessage());
    }
  }

  List<String> inputViolations(JsonNode value) {
    return violations(input, value);
  }

  List<String> outputViolations(JsonNode value) {
    return violations(output, value);
  }

  private static List<String> violations(@Nullable Schema schema, JsonNode value) {
    return schema == null
        ? List.of()
        : schema.validate(value).stream().limit(MOST_VIOLATIONS).map(McpTool::words).toList();
  }

  private static String words(Error error) {
    String place = error.getInstanceLocation().toString();
    return (place.isEmpty() ? "/" : place) + ": " + error.getMessage();
  }
}
