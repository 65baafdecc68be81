package io.ligature.agent.model;

import com.fasterxml.jackson.databind.JsonNode;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.StreamingChatModel;
import java.util.List;
import java.util.Map;

/** What one kind of model API has of its own. */
interface Provider {

  /** Stands where a library wants a key; the call puts the real one into its headers. */
  String NO_KEY = "set-by-each-call";

  /** The adapter's name. */
  String name();

  /** Where the API begins when the settings do not say. */
  String baseUrl();

  /** True when calls to that address need a key. */
  boolean needsKey();

  /** Bound of an answer when the settings have none; 0: none is sent. */
  int maxOutputTokens();

  boolean offers(StructuredOutput mode);

  boolean takesStrictSchemas();

  boolean takesParameters();

  /** A model that never tries again, and sends through the current {@link Exchange}. */
  ChatModel model(ModelSettings settings);

  StreamingChatModel streamingModel(ModelSettings settings);

  Map<String, String> authentication(String key);

  /** Headers that may hold the provider's id of the request. */
  List<String> requestIdHeaders();

  /** Takes in a whole answer, or the data of the next event of one. */
  void read(JsonNode document, Reading reading);

  /** A text event that ends a stream without being JSON. */
  default boolean isEnd(String event) {
    return false;
  }
}
