package io.ligature.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.schemas.ErrorKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A remote task as far as the agent has told of it: as a whole, or by events that change its status
 * and its artifacts.
 */
final class A2aTask {

  private final Map<String, ArrayNode> artifacts = new LinkedHashMap<>();
  private String id = "";
  private JsonNode status = JsonNodeFactory.instance.objectNode();
  private JsonNode metadata = JsonNodeFactory.instance.objectNode();
  private long artifactChars;

  /** Empty until the agent has told it. */
  String id() {
    return id;
  }

  /** The whole task as it is now. */
  void is(JsonNode task) throws CallFailedException {
    if (!task.path("id").isTextual() || !task.path("status").path("state").isTextual()) {
      throw mismatch("the agent's task has no id or no state");
    }
    id = task.path("id").asText();
    status = task.path("status");
    metadata = task.path("metadata");
    artifacts.clear();
    artifactChars = 0;
    for (JsonNode each : task.path("artifacts")) {
      artifact(each, false);
    }
  }

  /** What {@code statusUpdate} says. */
  void statusIs(JsonNode update) throws CallFailedException {
    if (!update.path("status").path("state").isTextual()) {
      throw mismatch("the agent's update has no state");
    }
    if (id.isEmpty()) {
      id = update.path("taskId").asText();
    }
    status = update.path("status");
    if (update.path("metadata").isObject() && !update.path("metadata").isEmpty()) {
      metadata = update.path("metadata");
    }
  }

  /** What {@code artifactUpdate} says: a new artifact, or the next piece of one. */
  void artifactIs(JsonNode update) {
    artifact(update.path("artifact"), update.path("append").asBoolean());
  }

  private void artifact(JsonNode artifact, boolean append) {
    String name = artifact.path("artifactId").asText();
    ArrayNode parts = append ? artifacts.get(name) : null;
    if (parts == null) {
      parts = JsonNodeFactory.instance.arrayNode();
      artifacts.put(name, parts);
    }
    for (JsonNode part : artifact.path("parts")) {
      artifactChars += part.toString().length();
      add(parts, part, append);
    }
  }

  /** The pieces of a text are one text. */
  private static void add(ArrayNode parts, JsonNode part, boolean append) {
    boolean piece =
        append
            && !parts.isEmpty()
            && part.path("text").isTextual()
            && parts.get(parts.size() - 1).path("text").isTextual();
    if (piece) {
      ObjectNode whole = ((ObjectNode) parts.get(parts.size() - 1)).deepCopy();
      whole.put("text", whole.path("text").asText() + part.path("text").asText());
      parts.set(parts.size() - 1, whole);
    } else {
      parts.add(part);
    }
  }

  long artifactChars() {
    return artifactChars;
  }

  /** What the agent says to its state; null when it says nothing. */
  @Nullable String words() {
    String words = String.join("\n", texts(status.path("message").path("parts")));
    return words.isBlank() ? null : words;
  }

  boolean isOver() {
    return switch (state()) {
      case "", "TASK_STATE_SUBMITTED", "TASK_STATE_WORKING" -> false;
      default -> true;
    };
  }

  /** The task is not over for the agent, which waits for somebody. */
  boolean isInterrupted() {
    return state().equals("TASK_STATE_INPUT_REQUIRED")
        || state().equals("TASK_STATE_AUTH_REQUIRED");
  }

  private String state() {
    return status.path("state").asText();
  }

  /** What the task came to; only of one that is over. */
  AgentOutcome outcome() throws CallFailedException {
    CallMetadata told = AgentProtocol.told(metadata);
    String words = words();
    return switch (state()) {
      case "TASK_STATE_COMPLETED" -> new AgentOutcome.Success(output(), told);
      case "TASK_STATE_INPUT_REQUIRED" -> review(told, words);
      case "TASK_STATE_AUTH_REQUIRED" ->
          failed(ErrorKind.AUTH, words, "the agent asks for credentials it was not given", told);
      case "TASK_STATE_REJECTED" ->
          failed(ErrorKind.POLICY_BLOCK, words, "the agent rejects the task", told);
      case "TASK_STATE_FAILED" ->
          failed(ErrorKind.MODEL_ERROR, words, "the agent failed without a message", told);
      case "TASK_STATE_CANCELED" ->
          failed(ErrorKind.MODEL_ERROR, words, "the agent cancelled the task by itself", told);
      default -> throw mismatch("the agent's task is in a state that A2A 1.0 does not have");
    };
  }

  /** Without an output there is nothing to look at: then a person makes it. */
  private AgentOutcome review(CallMetadata told, @Nullable String words) {
    if (artifacts.isEmpty()) {
      return new AgentOutcome.ByHand(
          words == null ? "the agent asks for input and does not say which" : words, null, told);
    }
    return new AgentOutcome.NeedsReview(output(), told, words);
  }

  private JsonNode output() {
    List<JsonNode> parts = new ArrayList<>();
    artifacts.values().forEach(each -> each.forEach(parts::add));
    if (parts.isEmpty()) {
      status.path("message").path("parts").forEach(parts::add);
    }
    return output(parts);
  }

  /**
   * One part with data is the output itself, whatever texts come with it; texts are a text;
   * anything else is given as it came, in {@code parts}.
   */
  static JsonNode output(List<JsonNode> parts) {
    List<JsonNode> data = parts.stream().filter(each -> each.has("data")).toList();
    List<String> texts = new ArrayList<>();
    parts.forEach(each -> addText(each, texts));
    if (data.size() == 1 && texts.size() == parts.size() - 1) {
      return data.getFirst().path("data");
    }
    if (texts.size() == parts.size()) {
      return TextOutput.of(String.join("\n", texts));
    }
    ObjectNode output = JsonNodeFactory.instance.objectNode();
    output.putArray("parts").addAll(parts);
    return output;
  }

  static List<String> texts(JsonNode parts) {
    List<String> texts = new ArrayList<>();
    parts.forEach(each -> addText(each, texts));
    return texts;
  }

  private static void addText(JsonNode part, List<String> texts) {
    if (part.path("text").isTextual()) {
      texts.add(part.path("text").asText());
    }
  }

  private static AgentOutcome failed(
      ErrorKind kind, @Nullable String words, String without, CallMetadata told) {
    return new AgentOutcome.Failed(
        CallFailure.possiblyBilled(kind, words == null ? without : words), told);
  }

  static CallFailedException mismatch(String message) {
    return CallFailedException.possiblyBilled(ErrorKind.SCHEMA_MISMATCH, message);
  }
}
