package io.ligature.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A real Apicurio Registry as a child process, on loopback, with its schemas in an H2 file.
 *
 * <p>The child writes its pid and start time into the folder; a child that a killed parent left
 * behind is ended before a new one starts, because both would open the same file.
 */
public final class EmbeddedRegistry implements AutoCloseable {

  private static final String PID_FILE = "registry.pid";
  private static final Duration PATIENCE = Duration.ofMinutes(3);
  private static final Duration POLL = Duration.ofMillis(100);

  private final Process process;
  private final URI url;

  private EmbeddedRegistry(Process process, URI url) {
    this.process = process;
    this.url = url;
  }

  /**
   * @param distribution folder with the registry's {@code quarkus-run.jar}
   * @param data folder of this registry alone; made when it is missing
   */
  public static EmbeddedRegistry start(Path distribution, Path data) {
    Path jar = distribution.resolve("quarkus-run.jar");
    if (!Files.exists(jar)) {
      throw new IllegalStateException("no registry in " + distribution + "; run ./ligature build");
    }
    try {
      Files.createDirectories(data);
      PidFile pidFile = new PidFile(data.resolve(PID_FILE));
      pidFile.endLeftover();
      KeptPorts ports = KeptPorts.of(data.resolve("ports.properties"), "http", "management");
      int port = ports.port("http");
      int managementPort = ports.port("management");
      Process process =
          new ProcessBuilder(command(jar, data, port, managementPort))
              .redirectErrorStream(true)
              .redirectOutput(data.resolve("registry.log").toFile())
              .start();
      pidFile.write(process.toHandle());
      EmbeddedRegistry registry =
          new EmbeddedRegistry(process, URI.create("http://127.0.0.1:" + port));
      registry.awaitReady(managementPort, data);
      return registry;
    } catch (IOException e) {
      throw new IllegalStateException(
          "the registry with its data in " + data + " did not start", e);
    }
  }

  public URI url() {
    return url;
  }

  public long pid() {
    return process.pid();
  }

  /** Ends the registry that a killed parent left behind in this folder, if it still lives. */
  public static void endLeftover(Path data) {
    try {
      new PidFile(data.resolve(PID_FILE)).endLeftover();
    } catch (IOException e) {
      throw new UncheckedIOException("the registry's pid file in " + data + " is unreadable", e);
    }
  }

  /** Waits until the child has ended, for whatever reason. */
  void awaitEnd() throws InterruptedException {
    process.waitFor();
  }

  @Override
  public void close() {
    PidFile.end(process.toHandle());
  }

  private static List<String> command(Path jar, Path data, int port, int managementPort) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-Xmx256m",
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "-Dquarkus.http.host=127.0.0.1",
        "-Dquarkus.http.port=" + port,
        "-Dquarkus.management.host=127.0.0.1",
        "-Dquarkus.management.port=" + managementPort,
        "-Dapicurio.storage.kind=sql",
        "-Dapicurio.storage.sql.kind=h2",
        "-Dapicurio.datasource.url=jdbc:h2:file:" + data.toAbsolutePath().resolve("schemas"),
        "-jar",
        jar.toString());
  }

  private void awaitReady(int managementPort, Path data) {
    URI health = URI.create("http://127.0.0.1:" + managementPort + "/health/ready");
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    try (HttpClient http = HttpClient.newHttpClient()) {
      while (System.nanoTime() < deadline) {
        if (process.waitFor(POLL.toMillis(), TimeUnit.MILLISECONDS)) {
          throw new IllegalStateException(
              "the registry ended with code "
                  + process.exitValue()
                  + "; see "
                  + data.resolve("registry.log"));
        }
        if (answers(http, health)) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    close();
    throw new IllegalStateException(
        "the registry was not ready within " + PATIENCE + "; see " + data.resolve("registry.log"));
  }

  private static boolean answers(HttpClient http, URI health) throws InterruptedException {
    try {
      HttpRequest request = HttpRequest.newBuilder(health).timeout(Duration.ofSeconds(2)).build();
      return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false;
    }
  }
}
