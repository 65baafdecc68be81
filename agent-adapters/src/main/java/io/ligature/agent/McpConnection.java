package io.ligature.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.function.Consumer;

/** A way to one MCP server, shared by all calls of an agent. */
interface McpConnection extends AutoCloseable {

  /**
   * One request.
   *
   * @param id of the request, unlike all others of this connection
   * @param cancellable whether the server is told when nobody waits any more
   * @param headers for this request, where the way has headers
   * @param progress hears the notifications that belong to this request
   */
  record Request(
      String id,
      String method,
      ObjectNode params,
      boolean cancellable,
      Map<String, String> headers,
      Deadline deadline,
      Consumer<JsonNode> progress) {

    ObjectNode message() {
      return JsonRpc.request(id, method, params);
    }

    /** Names the request in the server's notifications of progress. */
    String progressToken() {
      return params.path("_meta").path("progressToken").asText("");
    }

    JsonNode cancellation(String reason) {
      ObjectNode told = params.objectNode().put("requestId", id).put("reason", reason);
      return JsonRpc.notification("notifications/cancelled", told);
    }
  }

  /** The server has not taken the request, because it does not know this connection any more. */
  final class LostException extends Exception {
    LostException(String message) {
      super(message);
    }
  }

  /** The response, a result or an error. */
  JsonNode ask(Request request) throws CallFailedException, LostException;

  void tell(JsonNode notification, Map<String, String> headers, Deadline deadline)
      throws CallFailedException, LostException;

  /** From now on the server talks this version of the protocol. */
  void agreed(String protocolVersion);

  /** Listens for what the server says unasked, where it does not yet. */
  void listen(Map<String, String> headers);

  /** False when the next request needs another connection. */
  boolean isUsable();

  /** Ends the connection; a server that is a program gets a moment to end. */
  @Override
  void close();

  /** Ends the connection, and the server that is a program, at once. */
  void kill();
}
