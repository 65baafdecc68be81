package io.ligature.benchmarks;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** An agent behind HTTP that answers after a while and counts the calls of each attempt. */
final class SlowAgent implements AutoCloseable {

  /** Connections that wait to be accepted, when thousands come at once. */
  private static final int BACKLOG = 4_096;

  static {
    // Else the server closes connections between two waves, under the client's hands.
    System.setProperty("sun.net.httpserver.maxIdleConnections", Integer.toString(BACKLOG));
    System.setProperty("sun.net.httpserver.idleInterval", "600");
  }

  private static final byte[] ANSWER =
      "{\"output\": {\"done\": true}, \"metadata\": {\"cost\": \"0.00\"}}"
          .getBytes(StandardCharsets.UTF_8);

  private final Duration delay;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Map<String, Integer> calls = new ConcurrentHashMap<>();
  private final AtomicInteger running = new AtomicInteger();
  private final AtomicInteger peak = new AtomicInteger();

  SlowAgent(Duration delay) throws IOException {
    this.delay = delay;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/";
  }

  /** How often each attempt was called. */
  Map<String, Integer> calls() {
    return Map.copyOf(calls);
  }

  /** Most calls at once. */
  int peak() {
    return peak.get();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      calls.merge(exchange.getRequestHeaders().getFirst("Idempotency-Key"), 1, Integer::sum);
      peak.accumulateAndGet(running.incrementAndGet(), Math::max);
      try {
        Thread.sleep(delay);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } finally {
        running.decrementAndGet();
      }
      exchange.getResponseHeaders().add("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, ANSWER.length);
      exchange.getResponseBody().write(ANSWER);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
