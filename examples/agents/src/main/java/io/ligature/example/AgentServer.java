package io.ligature.example;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.ligature.example.Protocol.Reply;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Serves agents over HTTP on the loopback address: {@code POST /AGENT}, and {@code GET /health}.
 *
 * <p>For trials an agent's address may carry a {@link Trouble}, for example {@code
 * /summarise-rank?delay=PT2S&fail=503&attempts=1}.
 */
final class AgentServer implements AutoCloseable {

  /** Most bytes of a request. */
  static final int MOST_REQUEST = 4 << 20;

  /** Connections that wait to be taken, or are kept for a next request: a burst of callers. */
  private static final int CONNECTIONS = 10_000;

  private final HttpServer http;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Answers answers = new Answers(10_000, 64L << 20);
  private final CallLog log;
  private final Duration delay;

  private AgentServer(HttpServer http, CallLog log, Duration delay) {
    this.http = http;
    this.log = log;
    this.delay = delay;
  }

  /**
   * @param port 0: a free one
   * @param delay every call takes this much longer
   */
  static AgentServer start(int port, Collection<Agent> agents, CallLog log, Duration delay)
      throws IOException {
    // Read once by the JDK's server; its own limit closes connections that a caller still counts
    // on.
    System.setProperty("sun.net.httpserver.maxIdleConnections", Integer.toString(CONNECTIONS));
    HttpServer http =
        HttpServer.create(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECTIONS);
    AgentServer server = new AgentServer(http, log, delay);
    for (Agent agent : agents) {
      http.createContext("/" + agent.id(), exchange -> server.call(agent, exchange));
    }
    http.createContext(
        "/health", exchange -> respond(exchange, new Reply(200, "{\"status\":\"UP\"}")));
    http.setExecutor(server.threads);
    http.start();
    return server;
  }

  String url() {
    return "http://127.0.0.1:" + http.getAddress().getPort();
  }

  @Override
  public void close() {
    http.stop(0);
    threads.shutdownNow();
  }

  private void call(Agent agent, HttpExchange exchange) throws IOException {
    if (!exchange.getRequestURI().getPath().equals("/" + agent.id())) {
      respond(exchange, Protocol.failure(404, "invalid_input", "no such agent"));
      return;
    }
    if (!exchange.getRequestMethod().equals("POST")) {
      exchange.getResponseHeaders().set("Allow", "POST");
      respond(exchange, Protocol.failure(405, "invalid_input", "use POST"));
      return;
    }
    byte[] request = exchange.getRequestBody().readNBytes(MOST_REQUEST + 1);
    if (request.length > MOST_REQUEST) {
      respond(
          exchange,
          Protocol.failure(413, "context_overflow", "over " + MOST_REQUEST + " bytes of input"));
      return;
    }
    Trouble trouble;
    try {
      trouble = Trouble.parse(exchange.getRequestURI().getRawQuery());
    } catch (IllegalArgumentException e) {
      respond(exchange, Protocol.failure(400, "invalid_input", String.valueOf(e.getMessage())));
      return;
    }
    String key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
    Reply reply =
        key == null
            ? work(agent, "-", trouble, request)
            : answers.answer(agent.id() + " " + key, () -> work(agent, key, trouble, request));
    trouble.retryAfter(reply.status()).ifPresent(after -> retryAfter(exchange, after));
    respond(exchange, reply);
  }

  private Reply work(Agent agent, String key, Trouble trouble, byte[] request) {
    Reply reply;
    try {
      Thread.sleep(delay.plus(trouble.delay()));
      Optional<Reply> failure = trouble.failureFor(request);
      reply = failure.isPresent() ? failure.get() : Protocol.reply(agent, request);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Protocol.failure(503, "upstream_unavailable", "the server is stopping");
    }
    log.called(agent.id(), key, reply.status());
    return reply;
  }

  private static void retryAfter(HttpExchange exchange, Duration after) {
    exchange.getResponseHeaders().set("Retry-After", Long.toString(after.toSeconds()));
  }

  private static void respond(HttpExchange exchange, Reply reply) throws IOException {
    try (exchange) {
      Headers headers = exchange.getResponseHeaders();
      headers.set("Content-Type", "application/json");
      byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(reply.status(), body.length);
      exchange.getResponseBody().write(body);
    }
  }
}
