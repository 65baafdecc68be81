package io.ligature.agent.model;

import dev.langchain4j.exception.HttpException;
import dev.langchain4j.http.client.HttpRequest;
import dev.langchain4j.http.client.SuccessfulHttpResponse;
import dev.langchain4j.http.client.sse.ServerSentEvent;
import dev.langchain4j.http.client.sse.ServerSentEventContext;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.langchain4j.http.client.sse.ServerSentEventParser;
import io.ligature.agent.NotingPublisher;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One request to a provider and what came back, written down as it came.
 *
 * <p>All of it happens on the caller's thread, streams too, so that interrupting that thread ends
 * it; ending early closes the connection. There is one request per exchange: a library that would
 * try again finds that it cannot.
 */
final class Exchange {

  /** The exchange that the models called on this thread are to use. */
  static final ScopedValue<Exchange> CURRENT = ScopedValue.newInstance();

  private final HttpClient client;
  private final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private final Duration timeout;
  private final long deadlineNanos;
  private final int maxBytes;
  private final List<String> events = new ArrayList<>();

  private @Nullable NotingPublisher request;
  private @Nullable HttpResponse<InputStream> response;
  private @Nullable Broken broken;
  private String body = "";

  /**
   * @param headers sent with the request; they replace those of the same name
   * @param timeout for the message
   * @param deadlineNanos on the scale of {@link System#nanoTime()}
   */
  Exchange(
      HttpClient client,
      Map<String, String> headers,
      Duration timeout,
      long deadlineNanos,
      int maxBytes) {
    this.client = client;
    this.headers.putAll(headers);
    this.timeout = timeout;
    this.deadlineNanos = deadlineNanos;
    this.maxBytes = maxBytes;
  }

  /** The provider may have got the request. */
  boolean begun() {
    return request != null && request.begun();
  }

  /** Set when it ended before the answer was there. */
  @Nullable Broken broken() {
    return broken;
  }

  /** 0 without a response. */
  int status() {
    return response == null ? 0 : response.statusCode();
  }

  HttpHeaders headers() {
    return response == null ? HttpHeaders.of(Map.of(), (a, b) -> true) : response.headers();
  }

  /** Of an answer that is no stream; empty otherwise. */
  String body() {
    return body;
  }

  /** The data of each event of a stream, in order. */
  List<String> events() {
    return events;
  }

  SuccessfulHttpResponse send(HttpRequest asked) {
    try (InputStream in = open(asked)) {
      return answer(whole(in));
    } catch (IOException e) {
      throw new UncheckedIOException(noted(e));
    }
  }

  void stream(HttpRequest asked, ServerSentEventParser parser, ServerSentEventListener listener) {
    try (InputStream in = open(asked)) {
      if (!isSuccess()) {
        answer(whole(in));
      }
      if (isDocument()) {
        body = whole(in);
        return;
      }
      listener.onOpen(answer(""));
      parser.parse(in, noting(listener));
      if (broken == null) {
        listener.onClose();
      }
    } catch (IOException e) {
      noted(e);
      listener.onError(e);
    } catch (HttpException e) {
      listener.onError(e);
    }
  }

  private ServerSentEventListener noting(ServerSentEventListener listener) {
    return new ServerSentEventListener() {
      @Override
      public void onEvent(ServerSentEvent event, ServerSentEventContext context) {
        events.add(event.data());
        listener.onEvent(event, context);
      }

      @Override
      public void onError(Throwable failure) {
        noted(failure);
        listener.onError(failure);
      }
    };
  }

  private InputStream open(HttpRequest asked) throws IOException {
    if (request != null) {
      throw new IllegalStateException("there is one request per exchange");
    }
    NotingPublisher publisher = new NotingPublisher(asked.body().getBytes(StandardCharsets.UTF_8));
    request = publisher;
    if (Thread.interrupted()) {
      throw new Broken(Broken.Cause.CANCELLED, "cancelled before the request was sent");
    }
    CompletableFuture<HttpResponse<InputStream>> sent =
        client.sendAsync(
            jdkRequest(asked, publisher),
            info -> new StreamedBody(deadlineNanos, timeout, maxBytes));
    try {
      HttpResponse<InputStream> got =
          sent.get(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
      response = got;
      return got.body();
    } catch (TimeoutException e) {
      sent.cancel(true);
      throw new Broken(Broken.Cause.TIMEOUT, "no answer within " + timeout);
    } catch (InterruptedException e) {
      sent.cancel(true);
      throw new Broken(Broken.Cause.CANCELLED, "cancelled during the call");
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new Broken(Broken.Cause.CONNECTION, cause.getClass().getSimpleName());
    }
  }

  private java.net.http.HttpRequest jdkRequest(HttpRequest asked, NotingPublisher publisher) {
    java.net.http.HttpRequest.Builder builder =
        java.net.http.HttpRequest.newBuilder(URI.create(asked.url())).POST(publisher);
    asked
        .headers()
        .forEach(
            (name, values) -> {
              if (!headers.containsKey(name) && !values.contains(Provider.NO_KEY)) {
                values.forEach(value -> builder.header(name, value));
              }
            });
    headers.forEach(builder::header);
    return builder.build();
  }

  private static String whole(InputStream in) throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.UTF_8);
  }

  private SuccessfulHttpResponse answer(String text) {
    body = text;
    if (!isSuccess()) {
      throw new HttpException(status(), text);
    }
    return SuccessfulHttpResponse.builder()
        .statusCode(status())
        .headers(headers().map())
        .body(text)
        .build();
  }

  /** Some endpoints know no streams, and answer with the whole at once. */
  private boolean isDocument() {
    return headers().firstValue("Content-Type").orElse("").contains("json");
  }

  private boolean isSuccess() {
    return status() >= 200 && status() < 300;
  }

  private Broken noted(Throwable failure) {
    Broken how =
        failure instanceof Broken known
            ? known
            : new Broken(Broken.Cause.CONNECTION, failure.getClass().getSimpleName());
    if (broken == null) {
      broken = how;
    }
    return how;
  }
}
