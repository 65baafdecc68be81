package io.ligature.endtoend;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.ligature.schemas.wire.Payloads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/**
 * An agent that answers with its input after a while and remembers every request it got.
 *
 * <p>It does not honour idempotency keys, so that a call that was made twice is seen.
 */
final class CountingAgent implements AutoCloseable {

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Duration delay;
  private final List<Call> ended = new ArrayList<>();
  private final Map<String, Integer> running = new LinkedHashMap<>();

  /** One request that was answered. */
  record Call(String key, Instant begunAt, Instant answeredAt) {}

  CountingAgent(Duration delay) throws IOException {
    this.delay = delay;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
  }

  synchronized List<Call> calls() {
    return List.copyOf(ended);
  }

  synchronized int runningCalls() {
    return running.values().stream().mapToInt(Integer::intValue).sum();
  }

  /** Every answered request, by attempt id, in the order of the answers. */
  Map<String, List<Call>> callsByKey() {
    return calls().stream()
        .collect(Collectors.groupingBy(Call::key, LinkedHashMap::new, Collectors.toList()));
  }

  private void answer(HttpExchange exchange) throws IOException {
    String key = String.valueOf(exchange.getRequestHeaders().getFirst("Idempotency-Key"));
    Instant begunAt = Instant.now();
    begun(key);
    try (exchange) {
      JsonNode request = Payloads.JSON.readTree(exchange.getRequestBody().readAllBytes());
      Thread.sleep(delay);
      ObjectNode answer = Payloads.JSON.createObjectNode().put("status", "success");
      answer.set("output", request.path("input"));
      answer.putObject("metadata").put("confidence", 1.0).put("cost", "0.01");
      byte[] bytes = Payloads.JSON.writeValueAsBytes(answer);
      exchange.getResponseHeaders().set("Content-Type", Payloads.JSON_TYPE);
      exchange.sendResponseHeaders(200, bytes.length);
      exchange.getResponseBody().write(bytes);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new IOException("stopped", e));
    } finally {
      ended(new Call(key, begunAt, Instant.now()));
    }
  }

  private synchronized void begun(String key) {
    running.merge(key, 1, Integer::sum);
  }

  private synchronized void ended(Call call) {
    running.merge(call.key(), -1, Integer::sum);
    ended.add(call);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
  }
}
