package io.ligature.agent.model;

import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.googleai.GoogleAiGeminiChatModel;
import dev.langchain4j.model.googleai.GoogleAiGeminiStreamingChatModel;
import io.ligature.agent.model.Reading.Finish;
import java.util.List;
import java.util.Map;

/** Google's Gemini API. */
record GeminiProvider() implements Provider {

  @Override
  public String name() {
    return "gemini";
  }

  @Override
  public String baseUrl() {
    return "https://generativelanguage.googleapis.com/v1beta";
  }

  @Override
  public boolean needsKey() {
    return true;
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
    return false;
  }

  @Override
  public boolean takesParameters() {
    return false;
  }

  @Override
  public ChatModel model(ModelSettings settings) {
    GoogleAiGeminiChatModel.GoogleAiGeminiChatModelBuilder builder =
        GoogleAiGeminiChatModel.builder()
            .httpClientBuilder(ModelHttpClient.INSTANCE)
            .baseUrl(settings.baseUrl())
            .apiKey(NO_KEY)
            .modelName(settings.model())
            .maxRetries(0);
    settings.temperature().ifPresent(builder::temperature);
    if (settings.maxOutputTokens() > 0) {
      builder.maxOutputTokens(settings.maxOutputTokens());
    }
    return builder.build();
  }

  @Override
  public StreamingChatModel streamingModel(ModelSettings settings) {
    GoogleAiGeminiStreamingChatModel.GoogleAiGeminiStreamingChatModelBuilder builder =
        GoogleAiGeminiStreamingChatModel.builder()
            .httpClientBuilder(ModelHttpClient.INSTANCE)
            .baseUrl(settings.baseUrl())
            .apiKey(NO_KEY)
            .modelName(settings.model());
    settings.temperature().ifPresent(builder::temperature);
    if (settings.maxOutputTokens() > 0) {
      builder.maxOutputTokens(settings.maxOutputTokens());
    }
    return builder.build();
  }

  @Override
  public Map<String, String> authentication(String key) {
    return Map.of("x-goog-api-key", key);
  }

  @Override
  public List<String> requestIdHeaders() {
    return List.of();
  }

  @Override
  public void read(JsonNode document, Reading reading) {
    if (document.hasNonNull("error")) {
      reading.failed(document);
      return;
    }
    reading.model(document.path("modelVersion"));
    reading.id(document.path("responseId"));
    usage(document.path("usageMetadata"), reading);
    JsonNode blocked = document.path("promptFeedback").path("blockReason");
    JsonNode finish = document.path("candidates").path(0).path("finishReason");
    if (blocked.isTextual()) {
      reading.finished(Finish.BLOCKED, blocked.textValue());
    } else if (finish.isTextual()) {
      reading.finished(finish(finish.textValue()), finish.textValue());
    }
  }

  /** The prompt's count holds what came from a cache; thoughts are paid for as output. */
  private static void usage(JsonNode usage, Reading reading) {
    reading.tokens(
        Reading.sum(
            Reading.count(usage.path("promptTokenCount")),
            Reading.count(usage.path("toolUsePromptTokenCount"))),
        Reading.count(usage.path("cachedContentTokenCount")),
        Reading.sum(
            Reading.count(usage.path("candidatesTokenCount")),
            Reading.count(usage.path("thoughtsTokenCount"))));
  }

  private static Finish finish(String word) {
    return switch (word) {
      case "STOP", "FINISH_REASON_UNSPECIFIED" -> Finish.COMPLETE;
      case "MAX_TOKENS" -> Finish.TRUNCATED;
      case "SAFETY",
          "RECITATION",
          "LANGUAGE",
          "BLOCKLIST",
          "PROHIBITED_CONTENT",
          "SPII",
          "IMAGE_SAFETY" ->
          Finish.BLOCKED;
      default -> Finish.OTHER;
    };
  }
}
