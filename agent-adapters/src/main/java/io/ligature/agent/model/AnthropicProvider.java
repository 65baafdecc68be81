package io.ligature.agent.model;

import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.model.anthropic.AnthropicChatModel.AnthropicChatModelBuilder;
import dev.langchain4j.model.anthropic.AnthropicStreamingChatModel.AnthropicStreamingChatModelBuilder;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import io.ligature.agent.model.Reading.Finish;
import java.util.List;
import java.util.Map;

/** Anthropic's messages. */
record AnthropicProvider() implements Provider {

  private static final String VERSION = "2023-06-01";

  /** The API wants a bound; this one all of its models take. */
  private static final int MAX_TOKENS = 4096;

  @Override
  public String name() {
    return "anthropic";
  }

  @Override
  public String baseUrl() {
    return "https://api.anthropic.com/v1";
  }

  @Override
  public boolean needsKey() {
    return true;
  }

  @Override
  public int maxOutputTokens() {
    return MAX_TOKENS;
  }

  @Override
  public boolean offers(StructuredOutput mode) {
    return mode != StructuredOutput.JSON_MODE;
  }

  @Override
  public boolean takesStrictSchemas() {
    return false;
  }

  @Override
  public boolean takesParameters() {
    return true;
  }

  @Override
  public ChatModel model(ModelSettings settings) {
    AnthropicChatModelBuilder builder =
        new AnthropicChatModelBuilder()
            .httpClientBuilder(ModelHttpClient.INSTANCE)
            .baseUrl(settings.baseUrl())
            .apiKey(NO_KEY)
            .version(VERSION)
            .modelName(settings.model())
            .maxTokens(settings.maxOutputTokens())
            .customParameters(settings.parameters())
            .maxRetries(0);
    settings.temperature().ifPresent(builder::temperature);
    return builder.build();
  }

  @Override
  public StreamingChatModel streamingModel(ModelSettings settings) {
    AnthropicStreamingChatModelBuilder builder =
        new AnthropicStreamingChatModelBuilder()
            .httpClientBuilder(ModelHttpClient.INSTANCE)
            .baseUrl(settings.baseUrl())
            .apiKey(NO_KEY)
            .version(VERSION)
            .modelName(settings.model())
            .maxTokens(settings.maxOutputTokens())
            .customParameters(settings.parameters());
    settings.temperature().ifPresent(builder::temperature);
    return builder.build();
  }

  @Override
  public Map<String, String> authentication(String key) {
    return Map.of("x-api-key", key);
  }

  @Override
  public List<String> requestIdHeaders() {
    return List.of("request-id");
  }

  @Override
  public void read(JsonNode document, Reading reading) {
    switch (document.path("type").asText()) {
      case "message" -> message(document, reading);
      case "message_start" -> message(document.path("message"), reading);
      case "message_delta" -> {
        usage(document.path("usage"), reading);
        stop(document.path("delta").path("stop_reason"), reading);
      }
      case "error" -> reading.failed(document);
      default -> {
        // Pieces of the content, and pings.
      }
    }
  }

  private static void message(JsonNode message, Reading reading) {
    reading.model(message.path("model"));
    reading.id(message.path("id"));
    usage(message.path("usage"), reading);
    stop(message.path("stop_reason"), reading);
  }

  /** The API counts what it read from and wrote to its cache apart from the other input. */
  private static void usage(JsonNode usage, Reading reading) {
    Long cached = Reading.count(usage.path("cache_read_input_tokens"));
    Long fresh = Reading.count(usage.path("input_tokens"));
    Long written = Reading.count(usage.path("cache_creation_input_tokens"));
    reading.tokens(
        fresh == null ? null : Reading.sum(fresh, cached, written),
        cached,
        Reading.count(usage.path("output_tokens")));
  }

  private static void stop(JsonNode reason, Reading reading) {
    if (reason.isTextual()) {
      reading.finished(finish(reason.textValue()), reason.textValue());
    }
  }

  private static Finish finish(String word) {
    return switch (word) {
      case "end_turn", "stop_sequence" -> Finish.COMPLETE;
      case "max_tokens" -> Finish.TRUNCATED;
      case "refusal" -> Finish.BLOCKED;
      case "model_context_window_exceeded" -> Finish.OVERFLOW;
      default -> Finish.OTHER;
    };
  }
}
