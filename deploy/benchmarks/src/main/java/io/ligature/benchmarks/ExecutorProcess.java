package io.ligature.benchmarks;

import io.ligature.embedded.KeptPorts;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The packaged executor as a process of its own. */
final class ExecutorProcess implements AutoCloseable {

  static final String HEAP = "-Xmx512m";

  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration GRACE = Duration.ofSeconds(40);
  private static final Duration POLL = Duration.ofMillis(100);

  private final Process process;
  private final URI url;
  private final HttpClient http = HttpClient.newHttpClient();

  private ExecutorProcess(Process process, URI url) {
    this.process = process;
    this.url = url;
  }

  /** Starts it; it may not be ready yet. */
  static ExecutorProcess start(Path jar, String bootstrapServers, URI registry, Path log)
      throws IOException {
    if (!Files.exists(jar)) {
      throw new IllegalStateException("the executor is not built; run ./ligature build");
    }
    int port = KeptPorts.freePort();
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    HEAP,
                    "-XX:+UseSerialGC",
                    "-XX:+UseCompactObjectHeaders",
                    "-XX:+ExitOnOutOfMemoryError",
                    "--enable-native-access=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow",
                    "-Dquarkus.http.host=127.0.0.1",
                    "-Dquarkus.http.port=" + port,
                    "-Dkafka.bootstrap.servers=" + bootstrapServers,
                    "-Dligature.registry.url=" + registry,
                    "-jar",
                    jar.toString()))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    return new ExecutorProcess(process, URI.create("http://127.0.0.1:" + port));
  }

  long pid() {
    return process.pid();
  }

  void awaitReady() throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!get("/q/health/ready").ready) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        throw new IllegalStateException("an executor did not become ready; see its log");
      }
      Thread.sleep(POLL);
    }
  }

  /** Bytes of heap that are used now, what could be freed included; 0 when it does not answer. */
  long heapUsed() throws InterruptedException {
    return get("/q/metrics")
        .body
        .lines()
        .filter(line -> line.startsWith("jvm_memory_used_bytes{area=\"heap\""))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  private record Answer(boolean ready, String body) {}

  private Answer get(String path) throws InterruptedException {
    try {
      HttpResponse<String> response =
          http.send(
              HttpRequest.newBuilder(url.resolve(path)).timeout(Duration.ofSeconds(5)).build(),
              HttpResponse.BodyHandlers.ofString());
      return new Answer(response.statusCode() == 200, response.body());
    } catch (IOException e) {
      return new Answer(false, "");
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    http.close();
  }
}
