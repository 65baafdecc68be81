package io.ligature.agent;

import io.ligature.schemas.ErrorKind;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * An agent behind an address: the request is POSTed, the response is the answer.
 *
 * <p>Time and cancellation cover the whole exchange, the response's last byte included; giving up
 * closes the connection.
 */
final class HttpAgent implements AgentContract {

  private final HttpSettings settings;
  private final HttpClient client;
  private final Secrets secrets;
  private final Clock clock;

  HttpAgent(HttpSettings settings, HttpClient client, Secrets secrets, Clock clock) {
    this.settings = settings;
    this.client = client;
    this.secrets = secrets;
    this.clock = clock;
  }

  @Override
  public AgentOutcome call(AgentCall call) {
    Secrets.Redactor redactor = new Secrets.Redactor();
    NotingPublisher body = new NotingPublisher(AgentProtocol.request(call));
    HttpRequest request;
    try {
      request = request(call, body, redactor);
    } catch (UnresolvedSecretException e) {
      return AgentOutcome.unbilled(ErrorKind.AUTH, String.valueOf(e.getMessage()));
    } catch (IllegalArgumentException e) {
      // The header's value would be in the exception's message.
      return AgentOutcome.unbilled(
          ErrorKind.AUTH, "a secret in settings.headers holds characters that no header takes");
    }
    return redacted(exchange(call, body, request), redactor);
  }

  private AgentOutcome exchange(AgentCall call, NotingPublisher body, HttpRequest request) {
    if (Thread.interrupted()) {
      return AgentOutcome.unbilled(ErrorKind.CANCELLED, "cancelled before the request was sent");
    }
    CompletableFuture<HttpResponse<byte[]>> exchange =
        client.sendAsync(request, info -> new BoundedBody(settings.maxResponseBytes()));
    try {
      return answered(exchange.get(call.timeout().toNanos(), TimeUnit.NANOSECONDS));
    } catch (TimeoutException e) {
      exchange.cancel(true);
      return failed(ErrorKind.TIMEOUT, "no answer within " + call.timeout(), body);
    } catch (InterruptedException e) {
      exchange.cancel(true);
      return failed(ErrorKind.CANCELLED, "cancelled during the call", body);
    } catch (ExecutionException e) {
      return broken(e.getCause(), body);
    }
  }

  private HttpRequest request(AgentCall call, NotingPublisher body, Secrets.Redactor redactor)
      throws UnresolvedSecretException {
    HttpRequest.Builder builder = HttpRequest.newBuilder(settings.url()).POST(body);
    for (Map.Entry<String, String> header : settings.headers().entrySet()) {
      builder.header(header.getKey(), secrets.resolve(header.getValue(), redactor));
    }
    builder.header("Content-Type", "application/json");
    builder.header("Idempotency-Key", call.attempt());
    String traceparent = call.traceparent();
    if (traceparent != null) {
      builder.header("traceparent", traceparent);
    }
    return builder.build();
  }

  private AgentOutcome answered(HttpResponse<byte[]> response) {
    int status = response.statusCode();
    if (status >= 200 && status < 300) {
      return AgentProtocol.outcome(response.body());
    }
    Duration retryAfter =
        response
            .headers()
            .firstValue("Retry-After")
            .flatMap(value -> RetryAfter.parse(value, clock.instant()))
            .orElse(null);
    return AgentProtocol.failure(response.body())
        .<AgentOutcome>map(
            told -> new AgentOutcome.Failed(withFloor(told.failure(), retryAfter), told.metadata()))
        .orElseGet(() -> AgentOutcome.failed(byStatus(status, retryAfter)));
  }

  private static CallFailure withFloor(CallFailure told, @Nullable Duration header) {
    return told.retryAfter() != null
        ? told
        : new CallFailure(told.kind(), told.message(), header, told.possiblyBilled());
  }

  /** What a status other than 2xx means. */
  static CallFailure byStatus(int status, @Nullable Duration retryAfter) {
    ErrorKind kind =
        switch (status) {
          case 429 -> ErrorKind.RATE_LIMITED;
          case 401, 403 -> ErrorKind.AUTH;
          case 408, 504 -> ErrorKind.TIMEOUT;
          case 413 -> ErrorKind.CONTEXT_OVERFLOW;
          case 400, 422 -> ErrorKind.INVALID_INPUT;
          default -> status >= 500 ? ErrorKind.UPSTREAM_UNAVAILABLE : ErrorKind.MODEL_ERROR;
        };
    // 501 and 503 refuse before any work; behind the other 5xx work may have been done.
    boolean billed = status == 408 || (status >= 500 && status != 501 && status != 503);
    return new CallFailure(kind, "the agent answered with HTTP " + status, retryAfter, billed);
  }

  private static AgentOutcome broken(@Nullable Throwable cause, NotingPublisher body) {
    if (cause instanceof BoundedBody.TooLargeException) {
      return AgentOutcome.possiblyBilled(
          ErrorKind.SCHEMA_MISMATCH,
          "the agent's answer has "
              + cause.getMessage()
              + "; let it answer shorter, or raise settings.maxResponseBytes");
    }
    String what = cause instanceof IOException ? cause.getClass().getSimpleName() : "" + cause;
    return failed(
        ErrorKind.UPSTREAM_UNAVAILABLE,
        body.begun()
            ? "the connection broke before the answer was there (" + what + ")"
            : "the agent cannot be reached (" + what + ")",
        body);
  }

  private static AgentOutcome failed(ErrorKind kind, String message, NotingPublisher body) {
    return AgentOutcome.failed(new CallFailure(kind, message, null, body.begun()));
  }

  /** An agent may echo what it was sent. */
  static AgentOutcome redacted(AgentOutcome outcome, Secrets.Redactor redactor) {
    if (outcome instanceof AgentOutcome.Failed(CallFailure failure, CallMetadata metadata)) {
      return new AgentOutcome.Failed(
          new CallFailure(
              failure.kind(),
              redactor.redact(failure.message()),
              failure.retryAfter(),
              failure.possiblyBilled()),
          metadata);
    }
    return outcome;
  }
}
