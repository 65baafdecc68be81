package io.ligature.example;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * The agent protocol: a request in JSON, a response in JSON, the same over HTTP and for scripts.
 */
final class Protocol {

  /** A response with the status that HTTP has for it. */
  record Reply(int status, String body) {

    boolean succeeded() {
      return status == 200;
    }
  }

  private Protocol() {}

  static Reply reply(Agent agent, byte[] request) throws InterruptedException {
    JsonNode node;
    try {
      node = Json.MAPPER.readTree(request);
    } catch (java.io.IOException e) {
      return failure(400, "invalid_input", "the request is not JSON");
    }
    if (!node.path("input").isObject()) {
      return failure(422, "invalid_input", "'input' must be an object");
    }
    try {
      return success(agent, agent.answer(node.path("input"), node.at("/context/task").asText("")));
    } catch (InvalidInputException e) {
      return failure(422, "invalid_input", e.problem());
    }
  }

  /** The attempt the request is for; {@code -} when it does not say. */
  static String requestId(byte[] request) {
    try {
      return Json.MAPPER.readTree(request).path("id").asText("-");
    } catch (java.io.IOException e) {
      return "-";
    }
  }

  static Reply failure(int status, String kind, String message) {
    ObjectNode body = Json.object().put("status", "failure");
    body.putObject("error").put("kind", kind).put("message", message);
    return new Reply(status, text(body));
  }

  private static Reply success(Agent agent, Answer answer) {
    ObjectNode body = Json.object().put("status", "success");
    body.set("output", answer.output());
    body.putObject("metadata")
        .put("cost", agent.price().toPlainString())
        .put("confidence", Json.rounded(answer.confidence()))
        .put("model", agent.id() + "-1");
    return new Reply(200, text(body));
  }

  private static String text(JsonNode node) {
    try {
      return Json.MAPPER.writeValueAsString(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a JSON tree cannot be written", e);
    }
  }
}
