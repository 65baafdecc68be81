package io.ligature.agent;

import com.fasterxml.jackson.databind.JsonNode;
import io.ligature.schemas.ErrorKind;
import io.ligature.schemas.wire.Payloads;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * What comes back over HTTP for one JSON-RPC message: one message as the body, or several as
 * server-sent events. Closing it early closes the connection.
 */
final class JsonRpcReply implements AutoCloseable {

  private static final int MOST_ERROR_BYTES = 64_000;
  private static final int MOST_ERROR_WORDS = 500;
  private static final Duration A_MOMENT = Duration.ofMillis(50);

  private final HttpResponse<HttpStream> response;
  private final boolean begun;
  private final int maxBytes;
  private final @Nullable SseEvents events;
  private final Deque<JsonNode> ready = new ArrayDeque<>();
  private boolean ended;

  private JsonRpcReply(HttpResponse<HttpStream> response, boolean begun, int maxBytes) {
    this.response = response;
    this.begun = begun;
    this.maxBytes = maxBytes;
    boolean streams =
        response
            .headers()
            .firstValue("Content-Type")
            .map(type -> type.startsWith("text/event-stream"))
            .orElse(false);
    this.events = streams ? new SseEvents(maxBytes) : null;
  }

  /** Posts the message; returns when the head of the response is there. */
  static JsonRpcReply post(
      HttpClient client,
      HttpRequest.Builder request,
      JsonNode message,
      int maxBytes,
      Deadline deadline)
      throws CallFailedException {
    NotingPublisher body = new NotingPublisher(JsonRpc.bytes(message));
    return exchange(client, request.POST(body).build(), body, maxBytes, deadline);
  }

  /** Asks for the events that a server has for nobody in particular. */
  static JsonRpcReply get(
      HttpClient client, HttpRequest.Builder request, int maxBytes, Deadline deadline)
      throws CallFailedException {
    NotingPublisher none = new NotingPublisher(new byte[0]);
    return exchange(client, request.GET().build(), none, maxBytes, deadline);
  }

  private static JsonRpcReply exchange(
      HttpClient client, HttpRequest request, NotingPublisher body, int maxBytes, Deadline deadline)
      throws CallFailedException {
    if (Thread.interrupted()) {
      throw CallFailedException.unbilled(
          ErrorKind.CANCELLED, "cancelled before the request was sent");
    }
    CompletableFuture<HttpResponse<HttpStream>> exchange =
        client.sendAsync(request, head -> new HttpStream());
    try {
      return new JsonRpcReply(
          exchange.get(deadline.left(), TimeUnit.NANOSECONDS), body.begun(), maxBytes);
    } catch (TimeoutException e) {
      abandon(exchange);
      throw over(deadline, body.begun());
    } catch (InterruptedException e) {
      abandon(exchange);
      throw cancelled(body.begun());
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      String what = cause instanceof IOException ? cause.getClass().getSimpleName() : "" + cause;
      throw new CallFailedException(
          new CallFailure(
              ErrorKind.UPSTREAM_UNAVAILABLE,
              body.begun()
                  ? "the connection broke before the answer was there (" + what + ")"
                  : "the agent cannot be reached (" + what + ")",
              null,
              body.begun()));
    }
  }

  /** The head may have come just now; then its connection is still to be closed. */
  private static void abandon(CompletableFuture<HttpResponse<HttpStream>> exchange) {
    exchange.cancel(true);
    var _ = exchange.thenAccept(late -> late.body().close());
  }

  int status() {
    return response.statusCode();
  }

  boolean isGood() {
    return status() >= 200 && status() < 300;
  }

  @Nullable String header(String name) {
    return response.headers().firstValue(name).orElse(null);
  }

  /** The next message; null at the end. */
  @Nullable JsonNode next(Deadline deadline) throws CallFailedException {
    while (ready.isEmpty() && !ended) {
      try {
        read(deadline);
      } catch (BoundedBody.TooLargeException e) {
        throw tooLarge(e.getMessage());
      }
    }
    return ready.poll();
  }

  private void read(Deadline deadline) throws CallFailedException, BoundedBody.TooLargeException {
    if (events == null) {
      ended = true;
      String text = new String(whole(deadline, maxBytes), StandardCharsets.UTF_8);
      if (!text.isBlank()) {
        parse(text);
      }
      return;
    }
    byte[] piece = piece(deadline);
    if (piece == null) {
      ended = true;
      return;
    }
    events.feed(piece);
    for (String data = events.next(); data != null; data = events.next()) {
      parse(data);
    }
  }

  private void parse(String text) throws CallFailedException {
    try {
      JsonNode json = Payloads.JSON.readTree(text);
      if (json.isArray()) {
        json.forEach(ready::add);
        return;
      }
      if (json.isObject()) {
        ready.add(json);
        return;
      }
    } catch (IOException e) {
      // Refused below, as JSON of another shape is.
    }
    throw CallFailedException.possiblyBilled(
        ErrorKind.SCHEMA_MISMATCH, "the agent's answer is not a JSON-RPC message");
  }

  private byte[] whole(Deadline deadline, int most)
      throws CallFailedException, BoundedBody.TooLargeException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] piece = piece(deadline); piece != null; piece = piece(deadline)) {
      if (all.size() + (long) piece.length > most) {
        throw new BoundedBody.TooLargeException(most);
      }
      all.writeBytes(piece);
    }
    return all.toByteArray();
  }

  private byte @Nullable [] piece(Deadline deadline) throws CallFailedException {
    try {
      return response.body().next(deadline);
    } catch (TimeoutException e) {
      throw over(deadline, true);
    } catch (InterruptedException e) {
      throw cancelled(true);
    } catch (IOException e) {
      throw CallFailedException.possiblyBilled(
          ErrorKind.UPSTREAM_UNAVAILABLE, "the connection broke before the answer was there");
    }
  }

  /** What a status other than 2xx means, with the words of its body where that is JSON. */
  CallFailedException refused(Deadline deadline, Clock clock) {
    Duration retryAfter =
        response
            .headers()
            .firstValue("Retry-After")
            .flatMap(value -> RetryAfter.parse(value, clock.instant()))
            .orElse(null);
    CallFailure failure = HttpAgent.byStatus(status(), retryAfter);
    return new CallFailedException(
        new CallFailure(
            failure.kind(),
            failure.message() + words(deadline),
            failure.retryAfter(),
            failure.possiblyBilled()));
  }

  private String words(Deadline deadline) {
    try {
      JsonNode json = Payloads.JSON.readTree(whole(deadline, MOST_ERROR_BYTES));
      String words = json.path("error").path("message").asText("");
      return words.isEmpty()
          ? ""
          : ": " + words.substring(0, Math.min(words.length(), MOST_ERROR_WORDS));
    } catch (IOException | CallFailedException e) {
      return "";
    }
  }

  CallFailedException tooLarge(@Nullable String words) {
    return CallFailedException.possiblyBilled(
        ErrorKind.SCHEMA_MISMATCH,
        "the agent's answer has "
            + words
            + "; let it answer shorter, or raise settings.maxResponseBytes");
  }

  /** The stream ended without the answer. */
  CallFailedException endedEarly() {
    return new CallFailedException(
        new CallFailure(
            ErrorKind.UPSTREAM_UNAVAILABLE,
            "the agent closed the connection before the answer was there",
            null,
            begun));
  }

  static CallFailedException over(Deadline deadline, boolean billed) {
    return new CallFailedException(
        new CallFailure(ErrorKind.TIMEOUT, "no answer within " + deadline.whole(), null, billed));
  }

  static CallFailedException cancelled(boolean billed) {
    return new CallFailedException(
        new CallFailure(ErrorKind.CANCELLED, "cancelled during the call", null, billed));
  }

  /** Waits a moment for the end behind the answer, so that the connection can be used again. */
  void finish() {
    Deadline moment = Deadline.in(A_MOMENT);
    try {
      while (!ended) {
        ended = response.body().next(moment) == null;
      }
    } catch (IOException | TimeoutException e) {
      // Then it is not used again.
      ended = true;
    } catch (InterruptedException e) {
      // The answer is there; what comes next sees that it is to end.
      ended = true;
      Thread.currentThread().interrupt();
    }
    close();
  }

  @Override
  public void close() {
    response.body().close();
  }
}
