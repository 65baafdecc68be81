package io.ligature.agent.model;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.langchain4j.model.chat.request.ResponseFormat;
import dev.langchain4j.model.chat.request.ResponseFormatType;
import dev.langchain4j.model.chat.request.json.JsonRawSchema;
import dev.langchain4j.model.chat.request.json.JsonSchema;
import io.ligature.agent.AgentOutcome;
import io.ligature.agent.CallMetadata;
import io.ligature.avro.AgentCapability;
import io.ligature.schemas.wire.Payloads;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a model is asked to answer with for one capability, and how its text is read.
 *
 * <p>With an output schema the answer is JSON. Providers take objects only, and a confidence needs
 * a place beside the output: where either matters the model is asked for {@code {"confidence": …,
 * "output": …}}, and gives its output wrapped. Without a schema the output is {@code {"text": …}},
 * whatever the text looks like, so that expressions can rely on it.
 */
final class AnswerShape {

  private static final SchemaRegistry SCHEMAS =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
  private static final ObjectReader FIRST_VALUE =
      Payloads.JSON.reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  private static final List<String> DEFINITIONS = List.of("$defs", "definitions");
  private static final int LONGEST_NAME = 64;
  private static final String OUTPUT = "output";
  private static final String CONFIDENCE = "confidence";

  private final String name;
  private final boolean json;
  private final boolean wrapped;
  private final @Nullable JsonNode asked;
  private final @Nullable Schema promised;

  private AnswerShape(
      String name,
      boolean json,
      boolean wrapped,
      @Nullable JsonNode asked,
      @Nullable Schema promised) {
    this.name = name;
    this.json = json;
    this.wrapped = wrapped;
    this.asked = asked;
    this.promised = promised;
  }

  static AnswerShape of(AgentCapability capability, ModelSettings settings) {
    String name = capability.getName().replaceAll("[^A-Za-z0-9_-]", "_");
    name = name.substring(0, Math.min(name.length(), LONGEST_NAME));
    String text = capability.getOutputSchema();
    boolean confidence = settings.askConfidence();
    if (text == null) {
      boolean json = confidence || settings.structuredOutput().isPresent();
      JsonNode asked = confidence ? wrap(JsonNodeFactory.instance.objectNode(), true) : null;
      return new AnswerShape(name, json, confidence, asked, null);
    }
    JsonNode schema = parsed(text);
    boolean wrapped = confidence || !"object".equals(schema.path("type").asText());
    return new AnswerShape(
        name,
        true,
        wrapped,
        wrapped ? wrap(schema, confidence) : schema,
        SCHEMAS.getSchema(schema));
  }

  private static JsonNode parsed(String schema) {
    try {
      return Payloads.JSON.readTree(schema);
    } catch (IOException e) {
      throw new IllegalArgumentException("outputSchema is not JSON", e);
    }
  }

  private static JsonNode wrap(JsonNode schema, boolean confidence) {
    ObjectNode wrapper = JsonNodeFactory.instance.objectNode();
    wrapper.put("type", "object");
    ObjectNode properties = wrapper.putObject("properties");
    if (confidence) {
      properties
          .putObject(CONFIDENCE)
          .put("type", "number")
          .put("minimum", 0)
          .put("maximum", 1)
          .put("description", "how sure you are that the output is right");
      wrapper.putArray("required").add(CONFIDENCE).add(OUTPUT);
    } else {
      wrapper.putArray("required").add(OUTPUT);
    }
    wrapper.put("additionalProperties", false);
    JsonNode inner = schema.deepCopy();
    if (inner instanceof ObjectNode object) {
      // References such as #/$defs/x are from the root.
      for (String definitions : DEFINITIONS) {
        JsonNode moved = object.remove(definitions);
        if (moved != null) {
          wrapper.set(definitions, moved);
        }
      }
    }
    properties.set(OUTPUT, inner);
    return wrapper;
  }

  boolean isJson() {
    return json;
  }

  /** Null where the answer is free. */
  @Nullable ResponseFormat format(StructuredOutput mode) {
    JsonNode schema = asked;
    if (!json || mode == StructuredOutput.PROMPT) {
      return null;
    }
    ResponseFormat.Builder format = ResponseFormat.builder().type(ResponseFormatType.JSON);
    if (mode == StructuredOutput.JSON_SCHEMA && schema != null) {
      format.jsonSchema(
          JsonSchema.builder()
              .name(name)
              .rootElement(JsonRawSchema.from(schema.toString()))
              .build());
    }
    return format.build();
  }

  /** For the prompt. */
  String words(StructuredOutput mode) {
    if (!json) {
      return "";
    }
    String words = "Answer with one JSON document and nothing around it.";
    return asked == null || mode == StructuredOutput.JSON_SCHEMA
        ? words
        : words + " It must be valid against this JSON Schema:\n" + asked.toPrettyString();
  }

  /** True when the endpoint has not held the model to the schema, as it was asked to. */
  boolean isIgnored(StructuredOutput mode, AgentOutcome answer) {
    return switch (answer) {
      case AgentOutcome.Text _ -> mode != StructuredOutput.PROMPT;
      case AgentOutcome.Success(JsonNode output, CallMetadata _) ->
          mode == StructuredOutput.JSON_SCHEMA
              && promised != null
              && !promised.validate(output).isEmpty();
      case AgentOutcome.NeedsReview _, AgentOutcome.ByHand _, AgentOutcome.Failed _ -> false;
    };
  }

  /** What a complete answer comes to. */
  AgentOutcome read(String text, CallMetadata metadata) {
    if (!json) {
      return new AgentOutcome.Success(
          JsonNodeFactory.instance.objectNode().put("text", text), metadata);
    }
    JsonNode answer;
    try {
      answer = Payloads.JSON.readTree(text);
    } catch (IOException e) {
      return wrapped ? unwrappedText(text, metadata) : new AgentOutcome.Text(text, metadata);
    }
    if (answer.isMissingNode()) {
      return new AgentOutcome.Text(text, metadata);
    }
    return isWrapper(answer)
        ? new AgentOutcome.Success(answer.path(OUTPUT), confident(answer, metadata))
        : new AgentOutcome.Success(answer, metadata);
  }

  /** A model that knows no schema may leave the wrapper out; then its answer is the output. */
  private boolean isWrapper(JsonNode answer) {
    return wrapped && answer.isObject() && answer.has(OUTPUT);
  }

  private static CallMetadata confident(JsonNode wrapper, CallMetadata metadata) {
    JsonNode told = wrapper.path(CONFIDENCE);
    double value = told.doubleValue();
    boolean sound = told.isNumber() && value >= 0 && value <= 1;
    return sound ? metadata.withConfidence(value) : metadata;
  }

  /**
   * The wrapper is ours, so whoever repairs the text does not know of it: it is put aside, and what
   * the model wrote around it stays.
   */
  private AgentOutcome unwrappedText(String text, CallMetadata metadata) {
    int start = text.indexOf('{');
    if (start >= 0) {
      try (JsonParser parser = Payloads.JSON.createParser(text.substring(start))) {
        JsonNode answer = FIRST_VALUE.readTree(parser);
        int end = start + Math.toIntExact(parser.currentLocation().getCharOffset());
        if (isWrapper(answer)) {
          String inner = text.substring(0, start) + answer.path(OUTPUT) + text.substring(end);
          return new AgentOutcome.Text(inner, confident(answer, metadata));
        }
      } catch (IOException e) {
        // Nothing to unwrap: the text is handed on as it is.
        return new AgentOutcome.Text(text, metadata);
      }
    }
    return new AgentOutcome.Text(text, metadata);
  }
}
