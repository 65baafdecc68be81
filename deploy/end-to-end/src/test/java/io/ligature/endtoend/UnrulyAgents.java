package io.ligature.endtoend;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.ligature.schemas.wire.Payloads;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Function;

/**
 * Agents that do everything wrong that real ones do, each behind its own path of one server, and
 * remember how they were called and whether the caller hung up.
 */
final class UnrulyAgents implements AutoCloseable {

  private static final Duration DRIP = Duration.ofMillis(20);

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, Function<JsonNode, Reply>> agents = new ConcurrentHashMap<>();
  private final List<Call> calls = new CopyOnWriteArrayList<>();

  /**
   * One request.
   *
   * @param key the idempotency key, which is the attempt id
   * @param hungUp the caller closed the connection before the answer was written
   */
  record Call(String agent, String key, JsonNode request, Instant begunAt, boolean hungUp) {}

  /** What an agent answers with. */
  sealed interface Reply {

    static Reply output(String output) {
      return output(output, 0.95, "0.01");
    }

    static Reply output(String output, double confidence, String cost) {
      return new Body(
          200,
          Map.of(),
          "{\"output\": %s, \"metadata\": {\"confidence\": %s, \"cost\": \"%s\"}}"
              .formatted(output, confidence, cost));
    }

    static Reply status(int status) {
      return new Body(status, Map.of(), "{}");
    }

    /** A whole response. */
    record Body(int status, Map<String, String> headers, String text) implements Reply {}

    /** Blanks, for as long as somebody reads them. */
    record Endless() implements Reply {}
  }

  UnrulyAgents() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  /**
   * @param answer gets the request as {@code docs/agents.md} describes it
   */
  void put(String agent, Function<JsonNode, Reply> answer) {
    agents.put(agent, answer);
  }

  String url(String agent) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/" + agent;
  }

  /** Of one workflow, in the order in which they ended. */
  List<Call> calls(String workflow) {
    return calls.stream().filter(call -> call.key().startsWith(workflow + "/")).toList();
  }

  private void answer(HttpExchange exchange) throws IOException {
    Instant begunAt = Instant.now();
    String agent = exchange.getRequestURI().getPath().substring(1);
    String key = String.valueOf(exchange.getRequestHeaders().getFirst("Idempotency-Key"));
    JsonNode request = Payloads.JSON.readTree(exchange.getRequestBody().readAllBytes());
    boolean hungUp = false;
    try (exchange) {
      switch (agents.getOrDefault(agent, any -> Reply.status(404)).apply(request)) {
        case Reply.Body body -> {
          body.headers().forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
          byte[] bytes = body.text().getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(body.status(), bytes.length);
          exchange.getResponseBody().write(bytes);
        }
        case Reply.Endless _ -> drip(exchange);
      }
    } catch (IOException e) {
      hungUp = true;
    } finally {
      calls.add(new Call(agent, key, request, begunAt, hungUp));
    }
  }

  private static void drip(HttpExchange exchange) throws IOException {
    exchange.sendResponseHeaders(200, 0);
    try {
      while (!Thread.currentThread().isInterrupted()) {
        exchange.getResponseBody().write(' ');
        exchange.getResponseBody().flush();
        Thread.sleep(DRIP);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
