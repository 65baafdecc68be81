package io.ligature.agent;

import com.fasterxml.jackson.databind.JsonNode;
import io.ligature.schemas.ErrorKind;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * An MCP server over Streamable HTTP: each message is a POST, and the response to a request comes
 * in its response, alone or behind notifications.
 */
final class McpHttp implements McpConnection {

  private static final String SESSION = "Mcp-Session-Id";
  private static final Duration LISTENING = Duration.ofDays(365);
  private static final Duration ASIDE = Duration.ofSeconds(5);

  private final URI url;
  private final HttpClient client;
  private final int maxBytes;
  private final Runnable toolsChanged;
  private final Set<JsonRpcReply> open = ConcurrentHashMap.newKeySet();
  private volatile @Nullable String session;
  private volatile @Nullable String version;
  private final AtomicReference<@Nullable Thread> listener = new AtomicReference<>();
  private volatile @Nullable JsonRpcReply unasked;
  private volatile boolean closed;
  private volatile Map<String, String> lastHeaders = Map.of();

  McpHttp(URI url, HttpClient client, int maxBytes, Runnable toolsChanged) {
    this.url = url;
    this.client = client;
    this.maxBytes = maxBytes;
    this.toolsChanged = toolsChanged;
  }

  @Override
  public JsonNode ask(Request request) throws CallFailedException, LostException {
    lastHeaders = request.headers();
    JsonRpcReply reply = null;
    try {
      reply = post(request.message(), request.headers(), request.deadline());
      JsonNode answer = answer(reply, request);
      reply.finish();
      return answer;
    } catch (CallFailedException e) {
      ErrorKind kind = e.failure().kind();
      if (request.cancellable() && (kind == ErrorKind.TIMEOUT || kind == ErrorKind.CANCELLED)) {
        tellAside(request.cancellation(e.failure().message()), request.headers());
      }
      throw e;
    } finally {
      if (reply != null) {
        open.remove(reply);
        reply.close();
      }
    }
  }

  private JsonRpcReply post(JsonNode message, Map<String, String> headers, Deadline deadline)
      throws CallFailedException, LostException {
    JsonRpcReply reply =
        JsonRpcReply.post(
            client,
            request(headers)
                .header("Content-Type", "application/json")
                .header("Accept", "application/json, text/event-stream"),
            message,
            maxBytes,
            deadline);
    open.add(reply);
    if (reply.isGood()) {
      return reply;
    }
    try (reply) {
      open.remove(reply);
      if (reply.status() == 404 && session != null) {
        forget();
        throw new LostException("the server has ended the session");
      }
      throw reply.refused(deadline, Clock.systemUTC());
    }
  }

  private JsonNode answer(JsonRpcReply reply, Request request) throws CallFailedException {
    String given = reply.header(SESSION);
    if (given != null && session == null) {
      session = given;
    }
    for (JsonNode message = reply.next(request.deadline());
        message != null;
        message = reply.next(request.deadline())) {
      if (JsonRpc.answers(message, request.id())) {
        return message;
      }
      heard(message, request);
    }
    throw reply.endedEarly();
  }

  private void heard(JsonNode message, @Nullable Request request) {
    String method = message.path("method").asText();
    if (JsonRpc.isRequest(message)) {
      tellAside(JsonRpc.reply(message), lastHeaders);
    } else if (method.equals("notifications/tools/list_changed")) {
      toolsChanged.run();
    } else if (method.equals("notifications/progress") && request != null) {
      request.progress().accept(message.path("params"));
    }
  }

  @Override
  public void tell(JsonNode notification, Map<String, String> headers, Deadline deadline)
      throws CallFailedException, LostException {
    JsonRpcReply reply = post(notification, headers, deadline);
    open.remove(reply);
    reply.finish();
  }

  /** Nobody waits for what becomes of it. */
  private void tellAside(JsonNode message, Map<String, String> headers) {
    HttpRequest request =
        request(headers)
            .header("Content-Type", "application/json")
            .header("Accept", "application/json, text/event-stream")
            .timeout(ASIDE)
            .POST(HttpRequest.BodyPublishers.ofByteArray(JsonRpc.bytes(message)))
            .build();
    var _ = client.sendAsync(request, HttpResponse.BodyHandlers.discarding());
  }

  private HttpRequest.Builder request(Map<String, String> headers) {
    HttpRequest.Builder builder = HttpRequest.newBuilder(url);
    headers.forEach(builder::header);
    String its = session;
    if (its != null) {
      builder.header(SESSION, its);
    }
    String agreed = version;
    if (agreed != null) {
      builder.header("MCP-Protocol-Version", agreed);
    }
    return builder;
  }

  @Override
  public void agreed(String protocolVersion) {
    version = protocolVersion;
  }

  @Override
  public void listen(Map<String, String> headers) {
    Thread thread =
        Thread.ofVirtual().name("mcp-listen").unstarted(() -> listenUntilTheEnd(headers));
    if (listener.compareAndSet(null, thread)) {
      thread.start();
    }
  }

  /** Behind the end of the stream changes could be missed; so the tools are asked for again. */
  private void listenUntilTheEnd(Map<String, String> headers) {
    Deadline never = Deadline.in(LISTENING);
    try (JsonRpcReply reply =
        JsonRpcReply.get(
            client, request(headers).header("Accept", "text/event-stream"), maxBytes, never)) {
      unasked = reply;
      boolean listens = reply.isGood() && !closed;
      while (listens) {
        JsonNode message = reply.next(never);
        listens = message != null && !closed;
        if (message != null) {
          heard(message, null);
        } else {
          toolsChanged.run();
        }
      }
    } catch (CallFailedException e) {
      // The stream broke, or holds what is no message.
      toolsChanged.run();
    } finally {
      listener.set(null);
    }
  }

  @Override
  public boolean isUsable() {
    return !closed;
  }

  private void forget() {
    closed = true;
    JsonRpcReply stream = unasked;
    if (stream != null) {
      stream.close();
    }
  }

  @Override
  public void kill() {
    close();
  }

  @Override
  public void close() {
    boolean lost = closed;
    forget();
    open.forEach(JsonRpcReply::close);
    if (session != null && !lost) {
      var _ =
          client.sendAsync(
              request(lastHeaders).timeout(ASIDE).DELETE().build(),
              HttpResponse.BodyHandlers.discarding());
    }
  }
}
