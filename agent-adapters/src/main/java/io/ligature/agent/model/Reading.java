package io.ligature.agent.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.ligature.agent.CallMetadata;
import org.jspecify.annotations.Nullable;

/** What a provider has said so far of one answer, gathered from its document or its events. */
final class Reading {

  /** Why the model stopped. */
  enum Finish {
    /** It was done. */
    COMPLETE,
    /** Its answer was longer than it may be. */
    TRUNCATED,
    /** A safety policy, or the model itself, refuses to answer. */
    BLOCKED,
    /** Input and answer together do not fit into its window. */
    OVERFLOW,
    /** Something that is no answer, such as the call of a tool. */
    OTHER
  }

  private @Nullable String model;
  private @Nullable String id;
  private @Nullable Long inputTokens;
  private @Nullable Long cachedInputTokens;
  private @Nullable Long outputTokens;
  private @Nullable Finish finish;
  private String finishWord = "";
  private @Nullable JsonNode error;
  private boolean refused;
  private boolean over;

  void model(JsonNode name) {
    model = name.isTextual() ? name.textValue() : model;
  }

  void id(JsonNode given) {
    id = given.isTextual() ? given.textValue() : id;
  }

  /** Null leaves what is known. */
  void tokens(@Nullable Long input, @Nullable Long cached, @Nullable Long output) {
    inputTokens = input == null ? inputTokens : input;
    cachedInputTokens = cached == null ? cachedInputTokens : cached;
    outputTokens = output == null ? outputTokens : output;
  }

  void finished(Finish how, String word) {
    finish = how;
    finishWord = word;
    over = true;
  }

  /** The model says that it will not answer; whatever it says of its end does not count. */
  void refused() {
    refused = true;
  }

  /** The stream has come to its end, whatever it said. */
  void over() {
    over = true;
  }

  void failed(JsonNode document) {
    error = document;
    over = true;
  }

  /** An answer that does not say why it stopped is taken as complete. */
  Finish finish() {
    if (refused) {
      return Finish.BLOCKED;
    }
    return finish == null ? Finish.COMPLETE : finish;
  }

  /** The provider's own word for it. */
  String finishWord() {
    return refused ? "refusal" : finishWord;
  }

  /** The document that tells an error in the middle of a stream. */
  @Nullable JsonNode error() {
    return error;
  }

  boolean isOver() {
    return over;
  }

  /**
   * @param requestId from a header; null: the answer's own id is taken
   */
  CallMetadata metadata(@Nullable String requestId) {
    return new CallMetadata(
        null,
        null,
        model,
        inputTokens,
        cachedInputTokens,
        outputTokens,
        requestId == null ? id : requestId);
  }

  /** A count, or null where there is none. */
  static @Nullable Long count(JsonNode value) {
    return value.canConvertToLong() && value.longValue() >= 0 ? value.longValue() : null;
  }

  /** The sum of what is known; null when nothing is. */
  static @Nullable Long sum(@Nullable Long... counts) {
    Long sum = null;
    for (Long each : counts) {
      if (each != null) {
        sum = (sum == null ? 0 : sum) + each;
      }
    }
    return sum;
  }
}
