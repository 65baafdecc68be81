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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;

/**
 * An agent that answers with its input after a while and remembers every request it got.
 *
 * <p>It does not honour idempotency keys, so that a call that was made twice is seen. A call whose
 * input says {@code held} is answered only while calls are not held; one that says {@code fail}
 * fails for good.
 */
final class CountingAgent implements AutoCloseable {

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Duration delay;
  private final List<Call> ended = new ArrayList<>();
  private final Map<String, Integer> running = new LinkedHashMap<>();
  private volatile CountDownLatch gate = new CountDownLatch(0);

  /** One request that was answered. */
  record Call(String key, Instant begunAt, Instant answeredAt) {}

  CountingAgent(Duration delay) throws IOException {
    this.delay = delay;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  /** Calls that say {@code held} wait from now on. */
  void hold() {
    gate = new CountDownLatch(1);
  }

  void release() {
    gate.countDown();
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

  synchronized boolean isRunning(String key) {
    return running.getOrDefault(key, 0) > 0;
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
      JsonNode input =
          Payloads.JSON.readTree(exchange.getRequestBody().readAllBytes()).path("input");
      Thread.sleep(delay);
      if (input.path("held").asBoolean()) {
        gate.await();
      }
      byte[] bytes = Payloads.JSON.writeValueAsBytes(answer(input));
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

  private static ObjectNode answer(JsonNode input) {
    ObjectNode answer = Payloads.JSON.createObjectNode();
    if (input.path("fail").asBoolean()) {
      answer.put("status", "failure");
      answer.putObject("error").put("kind", "invalid_input").put("message", "told to fail");
    } else {
      answer.put("status", "success").set("output", input);
    }
    answer.putObject("metadata").put("confidence", 1.0).put("cost", "0.01");
    return answer;
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
    release();
    server.stop(0);
    threads.close();
  }
}
