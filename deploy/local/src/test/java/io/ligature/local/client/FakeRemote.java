package io.ligature.local.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.ligature.schemas.wire.Payloads;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** Somebody else's server: a document at each path, an answer to each JSON-RPC method. */
final class FakeRemote implements AutoCloseable {

  private final HttpServer server;
  private final Map<String, String> documents = new ConcurrentHashMap<>();
  private final List<String> heard = new CopyOnWriteArrayList<>();
  private int status = 200;
  private String type = "application/json";

  FakeRemote() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::handle);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /**
   * @param name a path, or a method
   */
  FakeRemote has(String name, String json) {
    documents.put(name, json);
    return this;
  }

  FakeRemote answersWith(int newStatus) {
    status = newStatus;
    return this;
  }

  FakeRemote asEvents() {
    type = "text/event-stream";
    return this;
  }

  /** Paths and methods with the header {@code X-Key} and the session, where they came with them. */
  List<String> heard() {
    return List.copyOf(heard);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      JsonNode message = body.length == 0 ? null : Payloads.JSON.readTree(body);
      String what =
          message == null ? exchange.getRequestURI().getPath() : message.path("method").asText();
      heard.add(what + header(exchange, "X-Key") + header(exchange, "Mcp-Session-Id"));
      if (what.startsWith("notifications/")) {
        exchange.sendResponseHeaders(202, -1);
        return;
      }
      String json = documents.get(what);
      if (json == null || status != 200) {
        exchange.sendResponseHeaders(status == 200 ? 404 : status, -1);
        return;
      }
      String text =
          message == null
              ? json
              : "{\"jsonrpc\":\"2.0\",\"id\":" + message.path("id") + "," + json + "}";
      if (message != null && type.equals("text/event-stream")) {
        text = ": hello\n\nevent: message\ndata: " + text.replace("\n", "\ndata: ") + "\n\n";
      }
      exchange
          .getResponseHeaders()
          .add("Content-Type", message == null ? "application/json" : type);
      exchange.getResponseHeaders().add("Mcp-Session-Id", "s-1");
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(200, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  private static String header(HttpExchange exchange, String name) {
    String value = exchange.getRequestHeaders().getFirst(name);
    return value == null ? "" : " " + name + "=" + value;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
