package io.ligature.local.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.ligature.schemas.wire.Payloads;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** JSON from servers of others, asked for with headers whose secrets are looked up here. */
final class RemoteJson {

  private static final Duration TIMEOUT = Duration.ofSeconds(30);
  private static final int MOST_CHARS = 4_000_000;
  private static final Pattern REFERENCE =
      Pattern.compile("\\$\\{((?:env|file):[^}]+)}|^((?:env|file):.+)$");

  private final HttpClient http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
  private final Map<String, String> headers = new LinkedHashMap<>();

  /** What came back. */
  record Reply(HttpResponse<String> response, URI uri) {

    @Nullable String header(String name) {
      return response.headers().firstValue(name).orElse(null);
    }

    boolean streams() {
      String type = header("content-type");
      return type != null && type.startsWith("text/event-stream");
    }

    String body() {
      return response.body();
    }

    JsonNode json() {
      try {
        return Payloads.JSON.readTree(body());
      } catch (IOException e) {
        throw new CommandFailure(ExitCodes.FAILED, uri + " does not answer with JSON", e);
      }
    }
  }

  /**
   * @param headers values may be or hold references
   */
  RemoteJson(Map<String, String> headers) {
    headers.forEach((name, value) -> this.headers.put(name, resolved(name, value)));
  }

  Reply get(URI uri) {
    return send(uri, request(uri, Map.of()).header("Accept", "application/json").GET());
  }

  Reply post(URI uri, JsonNode body, Map<String, String> more) {
    return send(
        uri,
        request(uri, more)
            .header("Accept", "application/json, text/event-stream")
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body.toString())));
  }

  private HttpRequest.Builder request(URI uri, Map<String, String> more) {
    try {
      HttpRequest.Builder builder = HttpRequest.newBuilder(uri).timeout(TIMEOUT);
      more.forEach(builder::header);
      headers.forEach(builder::header);
      return builder;
    } catch (IllegalArgumentException e) {
      // The value of a secret could be in its message.
      throw new CommandFailure(
          ExitCodes.USAGE, uri + " or a header of --header is none that can be asked with");
    }
  }

  private Reply send(URI uri, HttpRequest.Builder request) {
    HttpResponse<String> response;
    try {
      response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new CommandFailure(ExitCodes.FAILED, "no answer from " + uri + ": " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure(ExitCodes.FAILED, "interrupted", e);
    }
    if (response.statusCode() / 100 != 2) {
      throw new CommandFailure(
          ExitCodes.FAILED,
          uri
              + " answers with HTTP "
              + response.statusCode()
              + (response.statusCode() == 401 || response.statusCode() == 403
                  ? "; give what it asks for with --header 'Authorization=Bearer ${env:TOKEN}'"
                  : ""));
    }
    if (response.body().length() > MOST_CHARS) {
      throw new CommandFailure(
          ExitCodes.FAILED, uri + " answers with more than " + MOST_CHARS + " characters");
    }
    return new Reply(response, uri);
  }

  private static String resolved(String header, String text) {
    Matcher matcher = REFERENCE.matcher(text);
    return matcher.replaceAll(
        found ->
            Matcher.quoteReplacement(
                value(header, found.group(1) == null ? found.group(2) : found.group(1))));
  }

  private static String value(String header, String reference) {
    String value = null;
    if (reference.startsWith("env:")) {
      value = System.getenv(reference.substring("env:".length()));
    } else {
      try {
        value = Files.readString(Path.of(reference.substring("file:".length()))).strip();
      } catch (IOException e) {
        throw new CommandFailure(
            ExitCodes.USAGE, "--header " + header + ": " + reference + " cannot be read here", e);
      }
    }
    if (value == null || value.isEmpty()) {
      throw new CommandFailure(
          ExitCodes.USAGE, "--header " + header + ": " + reference + " is not set here");
    }
    return value;
  }
}
