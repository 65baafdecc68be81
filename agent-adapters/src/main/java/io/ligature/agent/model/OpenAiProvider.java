package io.ligature.agent.model;

import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.openai.OpenAiChatModel.OpenAiChatModelBuilder;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel.OpenAiStreamingChatModelBuilder;
import io.ligature.agent.model.Reading.Finish;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Chat completions: OpenAI's own, and those of the many that speak its protocol. */
record OpenAiProvider(String name, String baseUrl, boolean needsKey) implements Provider {

  private static final String OPENAI = "https://api.openai.com/v1";

  static OpenAiProvider compatible() {
    return new OpenAiProvider("openai-compatible", OPENAI, true);
  }

  static OpenAiProvider ollama() {
    return new OpenAiProvider("ollama", "http://localhost:11434/v1", false);
  }

  @Override
  public int maxOutputTokens() {
    return 0;
  }

  @Override
  public boolean offers(StructuredOutput mode) {
    return true;
  }

  @Override
  public boolean takesStrictSchemas() {
    return true;
  }

  @Override
  public boolean takesParameters() {
    return true;
  }

  @Override
  public ChatModel model(ModelSettings settings) {
    OpenAiChatModelBuilder builder =
        new OpenAiChatModelBuilder()
            .httpClientBuilder(ModelHttpClient.INSTANCE)
            .baseUrl(settings.baseUrl())
            .modelName(settings.model())
            .strictJsonSchema(settings.strictSchema())
            .customParameters(settings.parameters())
            .maxRetries(0);
    settings.temperature().ifPresent(builder::temperature);
    Integer bound = bound(settings);
    return (isOpenAi(settings) ? builder.maxCompletionTokens(bound) : builder.maxTokens(bound))
        .build();
  }

  @Override
  public StreamingChatModel streamingModel(ModelSettings settings) {
    OpenAiStreamingChatModelBuilder builder =
        new OpenAiStreamingChatModelBuilder()
            .httpClientBuilder(ModelHttpClient.INSTANCE)
            .baseUrl(settings.baseUrl())
            .modelName(settings.model())
            .strictJsonSchema(settings.strictSchema())
            .customParameters(settings.parameters());
    settings.temperature().ifPresent(builder::temperature);
    Integer bound = bound(settings);
    return (isOpenAi(settings) ? builder.maxCompletionTokens(bound) : builder.maxTokens(bound))
        .build();
  }

  /** OpenAI's newer models refuse {@code max_tokens}; others know nothing else. */
  private static boolean isOpenAi(ModelSettings settings) {
    return settings.baseUrl().equals(OPENAI);
  }

  private static @Nullable Integer bound(ModelSettings settings) {
    return settings.maxOutputTokens() == 0 ? null : settings.maxOutputTokens();
  }

  @Override
  public Map<String, String> authentication(String key) {
    return Map.of("Authorization", "Bearer " + key);
  }

  @Override
  public List<String> requestIdHeaders() {
    return List.of("x-request-id");
  }

  @Override
  public boolean isEnd(String event) {
    return event.strip().equals("[DONE]");
  }

  @Override
  public void read(JsonNode document, Reading reading) {
    if (document.hasNonNull("error")) {
      reading.failed(document);
      return;
    }
    reading.model(document.path("model"));
    reading.id(document.path("id"));
    JsonNode usage = document.path("usage");
    reading.tokens(
        Reading.count(usage.path("prompt_tokens")),
        Reading.count(usage.path("prompt_tokens_details").path("cached_tokens")),
        Reading.count(usage.path("completion_tokens")));
    JsonNode choice = document.path("choices").path(0);
    JsonNode finish = choice.path("finish_reason");
    if (finish.isTextual()) {
      reading.finished(finish(finish.textValue()), finish.textValue());
    }
    String refusal =
        choice.path("message").path("refusal").asText("")
            + choice.path("delta").path("refusal").asText("");
    if (!refusal.isBlank()) {
      reading.refused();
    }
  }

  private static Finish finish(String word) {
    return switch (word) {
      case "length" -> Finish.TRUNCATED;
      case "content_filter" -> Finish.BLOCKED;
      case "tool_calls", "function_call" -> Finish.OTHER;
      // Compatible endpoints have words of their own for being done.
      default -> Finish.COMPLETE;
    };
  }
}
