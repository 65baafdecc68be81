package io.ligature.local.client;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** All three REST services at one address: answers what it was told to, and keeps what it got. */
final class FakeServices implements AutoCloseable {

  private static final String NOT_TOLD =
      """
      {"type": "about:blank", "title": "No such thing", "status": 404, "detail": "not told"}
      """;

  private final HttpServer server;
  private final Map<String, Deque<Answer>> answers = new ConcurrentHashMap<>();
  private final List<Call> calls = new CopyOnWriteArrayList<>();

  private record Answer(int status, String body) {}

  /** One request. */
  record Call(String line, String user, String contentType, String body) {}

  FakeServices() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::handle);
    server.start();
  }

  /** The next answer to a request line such as {@code GET /agents}; the last one stays. */
  FakeServices answer(String line, int status, String body) {
    answers.computeIfAbsent(line, any -> new ArrayDeque<>()).add(new Answer(status, body));
    return this;
  }

  List<Call> calls() {
    return Collections.unmodifiableList(calls);
  }

  List<String> lines() {
    return calls.stream().map(Call::line).toList();
  }

  Endpoints endpoints() {
    return endpoints("localhost:1", URI.create("http://localhost:1"));
  }

  Endpoints endpoints(String bootstrapServers, URI registry) {
    return new Endpoints(
        url(),
        url(),
        url(),
        bootstrapServers,
        registry,
        Map.of("operator", "secret-o", "rita", "secret-r", "leo", "secret-l"));
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  private void handle(HttpExchange exchange) {
    try (exchange) {
      String line = exchange.getRequestMethod() + " " + exchange.getRequestURI();
      calls.add(
          new Call(
              line,
              user(exchange.getRequestHeaders().getFirst("authorization")),
              String.valueOf(exchange.getRequestHeaders().getFirst("content-type")),
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
      Answer answer = next(line);
      byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Answer next(String line) {
    Deque<Answer> told = answers.get(line);
    if (told == null) {
      return new Answer(404, NOT_TOLD);
    }
    synchronized (told) {
      return told.size() > 1 ? told.remove() : told.getFirst();
    }
  }

  private static String user(String authorization) {
    return new String(
        Base64.getDecoder().decode(authorization.substring("Basic ".length())),
        StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
