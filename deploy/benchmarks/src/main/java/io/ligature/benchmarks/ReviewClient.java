package io.ligature.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;

/** People who ask one instance of the approval service; whatever is not 200 ends the run. */
final class ReviewClient implements AutoCloseable {

  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final Map<String, String> ROLES =
      Map.of("vera", "viewer", "eve", "editor", "rob", "rare", "nick", "none");
  private static final HttpClient METRICS =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final URI service;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  ReviewClient(URI service) {
    this.service = service;
  }

  /** The users, as a file of settings. */
  static String users() {
    StringBuilder text = new StringBuilder();
    new TreeMap<>(ROLES)
        .forEach(
            (user, roles) ->
                text.append("quarkus.security.users.embedded.users.")
                    .append(user)
                    .append("=bench-")
                    .append(user)
                    .append("\nquarkus.security.users.embedded.roles.")
                    .append(user)
                    .append('=')
                    .append(roles)
                    .append('\n'));
    return text.toString();
  }

  void get(String user, String path) throws IOException, InterruptedException {
    send(request(user, path).GET().build());
  }

  void post(String user, String path, String body) throws IOException, InterruptedException {
    send(
        request(user, path)
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  private HttpRequest.Builder request(String user, String path) {
    String credentials = user + ":bench-" + user;
    return HttpRequest.newBuilder(URI.create(service + path))
        .timeout(TIMEOUT)
        .header(
            "authorization",
            "Basic "
                + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8)));
  }

  private void send(HttpRequest request) throws IOException, InterruptedException {
    HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() != 200) {
      throw new IOException(request.uri() + ": " + response.statusCode() + " " + response.body());
    }
  }

  /** Sum of the samples whose line begins so; 0 when the service does not answer. */
  static double metric(URI service, String name) throws InterruptedException {
    try {
      return METRICS
          .send(
              HttpRequest.newBuilder(URI.create(service + "/q/metrics")).timeout(TIMEOUT).build(),
              HttpResponse.BodyHandlers.ofString())
          .body()
          .lines()
          .filter(line -> line.startsWith(name))
          .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
          .sum();
    } catch (IOException e) {
      return 0;
    }
  }

  @Override
  public void close() {
    http.close();
  }
}
