package io.ligature.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.schemas.ErrorKind;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** What the response to {@code tools/call} means. */
final class McpResult {

  private static final String NO_WORDS = "the tool reports an error without a text";

  private McpResult() {}

  /**
   * @param violations of an output against what the tool promises
   */
  static AgentOutcome outcome(JsonNode response, Function<JsonNode, List<String>> violations) {
    if (response.has("error")) {
      return refused(response);
    }
    JsonNode result = response.path("result");
    if (!result.isObject()) {
      return mismatch("the tool's result is not a JSON object");
    }
    String text = text(result.path("content"));
    CallMetadata metadata;
    try {
      metadata = AgentProtocol.told(result.path("_meta"));
    } catch (CallFailedException e) {
      return AgentOutcome.failed(e.failure());
    }
    if (result.path("isError").asBoolean()) {
      return new AgentOutcome.Failed(
          CallFailure.possiblyBilled(ErrorKind.MODEL_ERROR, text.isBlank() ? NO_WORDS : text),
          metadata);
    }
    JsonNode output = output(result, text);
    List<String> wrong = violations.apply(output);
    return wrong.isEmpty()
        ? new AgentOutcome.Success(output, metadata)
        : new AgentOutcome.Failed(
            CallFailure.possiblyBilled(
                ErrorKind.SCHEMA_MISMATCH,
                "output is not what the tool promises: " + String.join("; ", wrong)),
            metadata);
  }

  private static AgentOutcome refused(JsonNode response) {
    String words = "the server refuses the call, " + JsonRpc.errorWords(response);
    return switch (response.path("error").path("code").asInt()) {
      case JsonRpc.INVALID_PARAMS -> AgentOutcome.unbilled(ErrorKind.INVALID_INPUT, words);
      case JsonRpc.METHOD_NOT_FOUND, JsonRpc.INVALID_REQUEST ->
          AgentOutcome.unbilled(ErrorKind.NO_AGENT, words);
      default -> AgentOutcome.possiblyBilled(ErrorKind.MODEL_ERROR, words);
    };
  }

  /** What is structured is the output; else the text is, and beside it what is no text. */
  private static JsonNode output(JsonNode result, String text) {
    JsonNode structured = result.path("structuredContent");
    if (!structured.isMissingNode() && !structured.isNull()) {
      return structured;
    }
    ArrayNode others = JsonNodeFactory.instance.arrayNode();
    for (JsonNode each : result.path("content")) {
      if (!isText(each)) {
        others.add(each);
      }
    }
    if (others.isEmpty()) {
      return TextOutput.of(text);
    }
    ObjectNode output = JsonNodeFactory.instance.objectNode();
    if (!text.isEmpty()) {
      output.put("text", text);
    }
    output.set("content", others);
    return output;
  }

  private static String text(JsonNode content) {
    List<String> texts = new ArrayList<>();
    for (JsonNode each : content) {
      if (isText(each)) {
        texts.add(each.path("text").asText());
      }
    }
    return String.join("\n", texts);
  }

  private static boolean isText(JsonNode content) {
    return "text".equals(content.path("type").asText());
  }

  private static AgentOutcome mismatch(String message) {
    return AgentOutcome.possiblyBilled(ErrorKind.SCHEMA_MISMATCH, message);
  }
}
