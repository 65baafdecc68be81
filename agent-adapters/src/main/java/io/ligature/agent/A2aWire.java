package io.ligature.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.schemas.ErrorKind;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The JSON-RPC binding of A2A 1.0, as far as one call needs it. */
final class A2aWire {

  private static final Duration ASIDE = Duration.ofSeconds(5);

  private final A2aSettings settings;
  private final HttpClient client;
  private final Map<String, String> headers;
  private final AgentCall call;
  private final Deadline deadline;
  private int requests;

  /**
   * @param headers with their secrets
   */
  A2aWire(
      A2aSettings settings,
      HttpClient client,
      Map<String, String> headers,
      AgentCall call,
      Deadline deadline) {
    this.settings = settings;
    this.client = client;
    this.headers = headers;
    this.call = call;
    this.deadline = deadline;
  }

  /** A reply to {@code SendMessage} or {@code SendStreamingMessage}, to be read and closed. */
  JsonRpcReply send() throws CallFailedException {
    return post(settings.stream() ? "SendStreamingMessage" : "SendMessage", message());
  }

  /** The task as it is now. */
  JsonNode ask(String task) throws CallFailedException {
    ObjectNode params = params().put("id", task).put("historyLength", 0);
    try (JsonRpcReply reply = post("GetTask", params)) {
      JsonNode result = next(reply);
      if (result == null) {
        throw reply.endedEarly();
      }
      return result;
    }
  }

  /** The next result of a reply; null at its end. */
  @Nullable JsonNode next(JsonRpcReply reply) throws CallFailedException {
    JsonNode message = reply.next(deadline);
    if (message == null) {
      return null;
    }
    if (message.has("error")) {
      throw refused(message);
    }
    if (!message.path("result").isObject()) {
      throw A2aTask.mismatch("the agent's answer is not a JSON-RPC response with a result");
    }
    return message.path("result");
  }

  /** Tells the agent that nobody waits any more; nobody waits for what it says to that. */
  void cancelAside(String task) {
    HttpRequest request =
        request("application/json")
            .timeout(ASIDE)
            .POST(
                HttpRequest.BodyPublishers.ofByteArray(
                    JsonRpc.bytes(envelope("CancelTask", params().put("id", task)))))
            .build();
    var _ = client.sendAsync(request, HttpResponse.BodyHandlers.discarding());
  }

  private JsonRpcReply post(String method, ObjectNode params) throws CallFailedException {
    String accepts =
        method.equals("SendStreamingMessage") ? "text/event-stream" : "application/json";
    JsonRpcReply reply =
        JsonRpcReply.post(
            client,
            request(accepts),
            envelope(method, params),
            settings.maxResponseBytes(),
            deadline);
    if (reply.isGood()) {
      return reply;
    }
    try (reply) {
      throw reply.refused(deadline, Clock.systemUTC());
    }
  }

  private ObjectNode envelope(String method, ObjectNode params) {
    requests++;
    return JsonRpc.request(Integer.toString(requests), method, params);
  }

  private HttpRequest.Builder request(String accepts) {
    HttpRequest.Builder builder = HttpRequest.newBuilder(settings.url());
    headers.forEach(builder::header);
    builder.header("Content-Type", "application/json");
    builder.header("Accept", accepts);
    builder.header("A2A-Version", "1.0");
    builder.header("Idempotency-Key", call.attempt());
    String traceparent = call.traceparent();
    if (traceparent != null) {
      builder.header("traceparent", traceparent);
    }
    return builder;
  }

  private ObjectNode params() {
    ObjectNode params = JsonNodeFactory.instance.objectNode();
    settings.tenant().ifPresent(tenant -> params.put("tenant", tenant));
    return params;
  }

  /** The attempt's id is the message's, so that a message that comes twice is known. */
  private ObjectNode message() {
    ObjectNode params = params();
    ObjectNode message = params.putObject("message");
    message.put("messageId", call.attempt());
    message.put("role", "ROLE_USER");
    message.putArray("parts").add(part());
    ObjectNode metadata = message.putObject("metadata");
    metadata.put("io.ligature/capability", call.envelope().getCapability());
    if (settings.sendContext()) {
      metadata.set(AgentProtocol.CONTEXT_KEY, AgentProtocol.context(call.envelope().getContext()));
    }
    ObjectNode configuration = params.putObject("configuration");
    settings.acceptedOutputModes().forEach(configuration.withArray("acceptedOutputModes")::add);
    configuration.put("historyLength", 0);
    configuration.put("returnImmediately", true);
    return params;
  }

  private ObjectNode part() {
    JsonNode input = call.input();
    ObjectNode part = JsonNodeFactory.instance.objectNode();
    if (settings.send() == A2aSettings.Form.DATA) {
      part.set("data", input);
      return part.put("mediaType", "application/json");
    }
    boolean onlyText = input.size() == 1 && input.path("text").isTextual();
    part.put("text", onlyText ? input.path("text").asText() : input.toString());
    return part.put("mediaType", onlyText ? "text/plain" : "application/json");
  }

  /** Error codes of JSON-RPC and of A2A 1.0 (its section 5.4). */
  private static CallFailedException refused(JsonNode response) {
    String words = "the agent answered with " + JsonRpc.errorWords(response);
    return switch (response.path("error").path("code").asInt()) {
      case JsonRpc.INVALID_PARAMS, -32005 ->
          CallFailedException.unbilled(ErrorKind.INVALID_INPUT, words);
      case JsonRpc.METHOD_NOT_FOUND, JsonRpc.INVALID_REQUEST, -32009 ->
          CallFailedException.unbilled(
              ErrorKind.NO_AGENT, words + "; the agent has to speak A2A 1.0");
      case -32004 ->
          CallFailedException.unbilled(
              ErrorKind.NO_AGENT, words + "; if it does not stream, set settings.stream to false");
      case -32008 -> CallFailedException.unbilled(ErrorKind.NO_AGENT, words);
      default -> CallFailedException.possiblyBilled(ErrorKind.MODEL_ERROR, words);
    };
  }
}
