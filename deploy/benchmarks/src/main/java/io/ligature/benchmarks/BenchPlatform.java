package io.ligature.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.ligature.local.platform.LocalDeployment;
import io.ligature.local.platform.LocalService;
import io.ligature.local.platform.LocalSettings;
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

/**
 * Platform and services of a benchmark, in a folder of their own that is deleted at the end, with
 * the no-op agent put.
 */
final class BenchPlatform implements AutoCloseable {

  private static final String OPERATOR = "operator";

  /** For the largest that {@link ScaleShape} makes; nothing else of a deployment is changed. */
  private static final Map<String, String> LARGE_DEFINITIONS =
      Map.of("ligature.definitions.max-bytes", "800000", "ligature.definitions.max-tasks", "10000");

  private final LocalSettings settings;
  private final LocalDeployment deployment;

  private BenchPlatform(LocalSettings settings, LocalDeployment deployment) {
    this.settings = settings;
    this.deployment = deployment;
  }

  static BenchPlatform start() throws IOException, InterruptedException {
    LocalSettings settings = LocalSettings.ephemeral().with(LocalService.STATE, LARGE_DEFINITIONS);
    BenchPlatform platform =
        new BenchPlatform(settings, LocalDeployment.up(settings, System.err::println));
    // Also when it is interrupted: no process of a benchmark outlives it.
    Runtime.getRuntime().addShutdownHook(new Thread(platform::close, "stop-bench"));
    platform.put();
    return platform;
  }

  private void put() throws IOException, InterruptedException {
    JsonNode agent = new YAMLMapper().readTree(Shape.resource("noop-agent.yaml"));
    String id = ((ObjectNode) agent).remove("id").asText();
    put(LocalService.ROUTER, "/agents/" + id, "application/json", agent.toString());
  }

  void put(Workload workload) throws IOException, InterruptedException {
    put(
        LocalService.STATE,
        "/definitions/" + workload.definition(),
        "application/yaml",
        workload.text());
  }

  private void put(LocalService service, String path, String contentType, String body)
      throws IOException, InterruptedException {
    String credentials = OPERATOR + ":" + deployment.users().password(OPERATOR);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(deployment.url(service) + path))
            .timeout(Duration.ofSeconds(30))
            .header("content-type", contentType)
            .header(
                "authorization",
                "Basic "
                    + Base64.getEncoder()
                        .encodeToString(credentials.getBytes(StandardCharsets.UTF_8)))
            .PUT(HttpRequest.BodyPublishers.ofString(body))
            .build();
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() / 100 != 2) {
        throw new IOException(request.uri() + ": " + response.statusCode() + " " + response.body());
      }
    }
  }

  String bootstrapServers() {
    return deployment.bootstrapServers();
  }

  URI registry() {
    return deployment.registryUrl();
  }

  int partitions() {
    return settings.partitions();
  }

  Map<String, Long> pids() {
    return new TreeMap<>(deployment.pids());
  }

  @Override
  public void close() {
    deployment.down();
    LocalDeployment.wipe(settings.data());
  }
}
