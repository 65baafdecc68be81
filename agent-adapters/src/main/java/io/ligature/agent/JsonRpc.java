package io.ligature.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.schemas.wire.Payloads;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Messages of JSON-RPC 2.0. */
final class JsonRpc {

  static final int INVALID_REQUEST = -32600;
  static final int METHOD_NOT_FOUND = -32601;
  static final int INVALID_PARAMS = -32602;

  private JsonRpc() {}

  static ObjectNode request(String id, String method, JsonNode params) {
    ObjectNode message = envelope();
    message.put("id", id);
    message.put("method", method);
    message.set("params", params);
    return message;
  }

  static ObjectNode notification(String method, JsonNode params) {
    ObjectNode message = envelope();
    message.put("method", method);
    message.set("params", params);
    return message;
  }

  /** What a server gets that asks something of its client: a ping is answered, the rest refused. */
  static ObjectNode reply(JsonNode request) {
    ObjectNode message = envelope();
    message.set("id", request.path("id"));
    if ("ping".equals(request.path("method").asText())) {
      message.putObject("result");
    } else {
      message
          .putObject("error")
          .put("code", METHOD_NOT_FOUND)
          .put("message", "this client offers nothing");
    }
    return message;
  }

  /** True for the answer, good or bad, to the request of that id. */
  static boolean answers(JsonNode message, String id) {
    return isResponse(message) && id.equals(message.path("id").asText());
  }

  static boolean isResponse(JsonNode message) {
    return message.has("result") || message.has("error");
  }

  static boolean isRequest(JsonNode message) {
    return message.has("method") && message.hasNonNull("id");
  }

  static byte[] bytes(JsonNode message) {
    try {
      return Payloads.JSON.writeValueAsBytes(message);
    } catch (IOException e) {
      throw new UncheckedIOException("writing JSON to memory failed", e);
    }
  }

  static String errorWords(JsonNode response) {
    JsonNode error = response.path("error");
    return "error "
        + error.path("code").asText("without code")
        + ": "
        + error.path("message").asText();
  }

  private static ObjectNode envelope() {
    return JsonNodeFactory.instance.objectNode().put("jsonrpc", "2.0");
  }
}
