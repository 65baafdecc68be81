package io.ligature.local.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.ligature.schemas.wire.Payloads;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;

/** One service's REST API, called as one user. Problems become {@link CommandFailure}s. */
final class Api {

  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final Duration UNAVAILABLE = Duration.ofSeconds(30);
  private static final Duration PAUSE = Duration.ofMillis(300);

  private final HttpClient http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
  private final URI base;
  private final String authorization;

  Api(URI base, String user, String password) {
    this.base = base;
    this.authorization =
        "Basic "
            + Base64.getEncoder()
                .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
  }

  static String segment(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
  }

  JsonNode get(String path) {
    return json(expect(send(request(path).GET())));
  }

  /** The body as it is. */
  String text(String path) {
    return expect(send(request(path).setHeader("accept", "*/*").GET())).body();
  }

  /** Empty when there is no such thing. */
  Optional<JsonNode> find(String path) {
    HttpResponse<String> response = send(request(path).GET());
    return response.statusCode() == 404 ? Optional.empty() : Optional.of(json(expect(response)));
  }

  JsonNode post(String path, JsonNode body) {
    return json(
        expect(
            send(
                request(path)
                    .header("content-type", Payloads.JSON_TYPE)
                    .POST(HttpRequest.BodyPublishers.ofString(body.toString())))));
  }

  JsonNode put(String path, String contentType, String body) {
    return json(
        expect(
            send(
                request(path)
                    .header("content-type", contentType)
                    .PUT(HttpRequest.BodyPublishers.ofString(body)))));
  }

  JsonNode delete(String path) {
    return json(expect(send(request(path).DELETE())));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(base + path))
        .timeout(TIMEOUT)
        .header("authorization", authorization)
        .header("accept", Payloads.JSON_TYPE);
  }

  /** Asks again while the service says 503: it moves partitions for a few seconds. */
  private HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      long deadline = System.nanoTime() + UNAVAILABLE.toNanos();
      HttpResponse<String> response = ask(request);
      while (response.statusCode() == 503 && System.nanoTime() < deadline) {
        Thread.sleep(PAUSE);
        response = ask(request);
      }
      return response;
    } catch (IOException e) {
      throw new ApiFailure("no answer from " + base + ": " + e + "; is it running?", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure(ExitCodes.FAILED, "interrupted", e);
    }
  }

  private HttpResponse<String> ask(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static HttpResponse<String> expect(HttpResponse<String> response) {
    if (response.statusCode() / 100 == 2) {
      return response;
    }
    throw new ApiFailure(response.statusCode(), problem(response));
  }

  /** A problem document (RFC 9457) in lines for people. */
  private static String problem(HttpResponse<String> response) {
    String fallback =
        ("HTTP "
                + response.statusCode()
                + " from "
                + response.request().uri()
                + " "
                + response.body())
            .strip();
    try {
      JsonNode problem = Payloads.JSON.readTree(response.body());
      if (problem == null || !problem.hasNonNull("title")) {
        return fallback;
      }
      return problem(problem);
    } catch (IOException e) {
      return fallback;
    }
  }

  private static String problem(JsonNode problem) {
    StringBuilder text = new StringBuilder(problem.get("title").asText());
    JsonNode violations = problem.path("violations");
    String detail = problem.path("detail").asText("");
    // With violations the detail often is the first of them.
    if (!detail.isEmpty() && !detail.equals(violations.path(0).asText())) {
      text.append(": ").append(detail);
    }
    violations.forEach(violation -> text.append("\n  - ").append(words(violation)));
    JsonNode winner = problem.path("winner");
    if (winner.isObject()) {
      text.append("\n  it was: ").append(decision(winner));
    }
    return text.toString();
  }

  /** A decision in one line. */
  static String decision(JsonNode decision) {
    String reason = decision.path("reason").asText("");
    return decision.path("decision").asText()
        + " by "
        + decision.path("reviewer").asText()
        + " at "
        + decision.path("decidedAt").asText()
        + (reason.isEmpty() ? "" : ": " + reason);
  }

  private static String words(JsonNode entry) {
    return entry.isTextual() ? entry.textValue() : entry.toString();
  }

  private static JsonNode json(HttpResponse<String> response) {
    try {
      return response.body().isBlank()
          ? Payloads.JSON.createObjectNode()
          : Payloads.JSON.readTree(response.body());
    } catch (IOException e) {
      throw new CommandFailure(
          ExitCodes.FAILED, "the answer of " + response.request().uri() + " is not JSON", e);
    }
  }
}
