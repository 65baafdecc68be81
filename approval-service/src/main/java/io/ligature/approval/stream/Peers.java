package io.ligature.approval.stream;

import com.fasterxml.jackson.databind.JsonNode;
import io.ligature.approval.tracing.Tracing;
import io.ligature.schemas.wire.CloudEvents;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.apache.kafka.streams.state.HostInfo;
import org.jboss.logging.Logger;

/**
 * Asks other instances of this service for what they have. One that does not answer is told by
 * name: nothing is left out in silence.
 */
final class Peers implements AutoCloseable {

  static final String ROWS = "/peer/rows";
  static final String LIST = "/peer/list";

  private static final Logger LOG = Logger.getLogger(Peers.class);
  private static final int MOST_TEXT = 200;

  private final HttpClient http;
  private final Optional<PeerSeal> seal;
  private final PeerSettings settings;
  private final ReviewListener listener;
  private final Tracing tracing;
  private final Clock clock;

  /** Those that did not answer when they were asked last; each is told once. */
  private final Set<HostInfo> silent = ConcurrentHashMap.newKeySet();

  Peers(PeerSettings settings, ReviewListener listener, Tracing tracing, Clock clock) {
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(settings.timeout())
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    this.seal = settings.secret().map(secret -> new PeerSeal(secret, settings.maxSkew()));
    this.settings = settings;
    this.listener = listener;
    this.tracing = tracing;
    this.clock = clock;
  }

  /**
   * @throws UnavailableException when it does not say
   */
  FetchedRows rows(HostInfo peer, RowsQuestion question) {
    return answer(peer, ask(peer, ROWS, question.json(), FetchedRows::of));
  }

  /** Asks; {@link #answer} waits for what is said. */
  CompletableFuture<ReviewLists.Part> list(HostInfo peer, ListQuestion question) {
    return ask(peer, LIST, question.json(), ReviewLists.Part::of);
  }

  <T> T answer(HostInfo peer, CompletableFuture<T> asked) {
    try {
      T said = asked.get(settings.timeout().toMillis(), TimeUnit.MILLISECONDS);
      if (silent.remove(peer)) {
        LOG.infof("a peer answers again: peer=%s", name(peer));
      }
      return said;
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw failed(peer, cause instanceof UnavailableException said ? said.problem() : text(cause));
    } catch (TimeoutException e) {
      throw failed(peer, "no answer within " + settings.timeout());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnavailableException("the service is stopping");
    }
  }

  private <T> CompletableFuture<T> ask(
      HostInfo peer, String path, JsonNode question, Function<JsonNode, T> reader) {
    if (seal.isEmpty()) {
      throw new UnavailableException(
          "some reviews are with another instance, "
              + name(peer)
              + ", which may not be asked: set ligature.approval.peers.secret on all of them");
    }
    String body = question.toString();
    String kind = path.substring(path.lastIndexOf('/') + 1);
    Tracing.Step span =
        tracing.begin(
            Tracing.Kind.CALL, "ask peer " + kind, Map.of("ligature.peer", name(peer)), null);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://" + name(peer) + path))
            .timeout(settings.timeout())
            .header("Content-Type", "application/json")
            .header(PeerSeal.HEADER, seal.get().of(clock.instant(), path, body))
            .POST(HttpRequest.BodyPublishers.ofString(body));
    if (span.traceparent() != null) {
      request.header(CloudEvents.TRACEPARENT, span.traceparent());
    }
    long asked = System.nanoTime();
    return http.sendAsync(
            request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8))
        .thenApply(response -> reader.apply(body(response)))
        .whenComplete(
            (_, failure) -> {
              listener.askedPeer(kind, failure == null, System.nanoTime() - asked);
              span.came(failure == null ? "answered" : "silent", failure == null);
              span.close();
            });
  }

  private static JsonNode body(HttpResponse<String> response) {
    JsonNode said;
    try {
      said = Wire.parse(response.body());
    } catch (IllegalArgumentException e) {
      throw new UnavailableException("it answers " + response.statusCode());
    }
    if (response.statusCode() != 200) {
      String detail = said.path("detail").asText("");
      throw new UnavailableException(
          "it answers " + response.statusCode() + (detail.isEmpty() ? "" : ", " + detail));
    }
    return said;
  }

  private UnavailableException failed(HostInfo peer, String why) {
    if (silent.add(peer)) {
      LOG.warnf("a peer does not answer: peer=%s reason=%s", name(peer), why);
    }
    return new UnavailableException(
        "another instance, "
            + name(peer)
            + ", which has it or some of it, cannot be asked: "
            + why);
  }

  private static String text(Throwable failure) {
    String text = failure instanceof IOException ? failure.toString() : String.valueOf(failure);
    return text.length() > MOST_TEXT ? text.substring(0, MOST_TEXT) : text;
  }

  private static String name(HostInfo peer) {
    return peer.host() + ":" + peer.port();
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
