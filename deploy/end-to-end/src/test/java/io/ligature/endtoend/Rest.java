package io.ligature.endtoend;

import com.fasterxml.jackson.databind.JsonNode;
import io.ligature.schemas.wire.Payloads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;

/** One service's REST API as one user sees it: every answer with its status, none an exception. */
final class Rest {

  private static final Duration TIMEOUT = Duration.ofSeconds(15);
  private static final HttpClient HTTP =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(5))
          .build();

  private final URI base;
  private final String authorization;

  /**
   * @param status 0 when the service did not answer
   */
  record Answer(int status, JsonNode body) {

    /** The body of an answer that must be a good one. */
    JsonNode ok() {
      if (status / 100 != 2) {
        throw new AssertionError("HTTP " + status + ": " + body);
      }
      return body;
    }
  }

  Rest(URI base, String user, String password) {
    this.base = base;
    this.authorization =
        "Basic "
            + Base64.getEncoder()
                .encodeToString((user + ":" + password).getBytes(StandardCharsets.UTF_8));
  }

  static String segment(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
  }

  Answer get(String path) {
    return send(request(path).GET());
  }

  Answer post(String path, JsonNode body) {
    return send(
        request(path)
            .header("content-type", Payloads.JSON_TYPE)
            .POST(HttpRequest.BodyPublishers.ofString(body.toString())));
  }

  Answer post(String path, JsonNode body, Map<String, String> headers) {
    HttpRequest.Builder request =
        request(path)
            .header("content-type", Payloads.JSON_TYPE)
            .POST(HttpRequest.BodyPublishers.ofString(body.toString()));
    headers.forEach(request::header);
    return send(request);
  }

  /** A good answer that is not JSON. */
  String text(String path) {
    HttpRequest request = request(path).setHeader("accept", "*/*").GET().build();
    try {
      HttpResponse<String> response = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw new AssertionError("HTTP " + response.statusCode() + ": " + response.body());
      }
      return response.body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  Answer putYaml(String path, String yaml) {
    return send(
        request(path)
            .header("content-type", "application/yaml")
            .PUT(HttpRequest.BodyPublishers.ofString(yaml)));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(base + path))
        .timeout(TIMEOUT)
        .header("accept", Payloads.JSON_TYPE)
        .header("authorization", authorization);
  }

  /** A service that was killed does not answer; whoever asks decides what that means. */
  private static Answer send(HttpRequest.Builder request) {
    try {
      HttpResponse<String> response =
          HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
      return new Answer(response.statusCode(), json(response.body()));
    } catch (IOException e) {
      return new Answer(0, Payloads.JSON.createObjectNode().put("title", e.toString()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private static JsonNode json(String body) {
    if (body.isBlank()) {
      return Payloads.JSON.createObjectNode();
    }
    try {
      return Payloads.JSON.readTree(body);
    } catch (IOException e) {
      throw new UncheckedIOException("not JSON: " + body, e);
    }
  }
}
