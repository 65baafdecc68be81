package io.ligature.local.platform;

import io.ligature.embedded.KeptPorts;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One more process of a packaged service, on a port of its own, for tests and benchmarks with
 * several of them. It can be killed and started again where it was.
 */
public final class ServiceInstance implements AutoCloseable {

  private static final Duration GRACE = Duration.ofSeconds(30);

  private final LocalService service;
  private final Map<String, String> properties;
  private final Path home;
  private final Path log;
  private final int port;
  private ProcessHandle process;

  private ServiceInstance(
      LocalService service, Map<String, String> properties, Path home, Path log, int port) {
    this.service = service;
    this.properties = properties;
    this.home = home;
    this.log = log;
    this.port = port;
    this.process = launch();
  }

  /**
   * Starts it; it may not be ready yet.
   *
   * @param properties configuration, without host and port
   */
  public static ServiceInstance start(
      LocalService service, Map<String, String> properties, Path log) {
    Path home = LocalSettings.findHome();
    if (!Files.exists(service.jar(home))) {
      throw new LocalFailure(service.id() + " is not built; run ./ligature build");
    }
    return new ServiceInstance(service, Map.copyOf(properties), home, log, KeptPorts.freePort());
  }

  private ProcessHandle launch() {
    Map<String, String> all = new TreeMap<>(properties);
    all.put("quarkus.http.host", "127.0.0.1");
    all.put("quarkus.http.port", Integer.toString(port));
    List<String> command = new ArrayList<>();
    command.add(Launcher.JAVA.toString());
    command.addAll(service.flags());
    all.forEach((key, value) -> command.add("-D" + key + "=" + value));
    command.add("-jar");
    command.add(service.jar(home).toString());
    return Launcher.start(command, home, log);
  }

  public URI url() {
    return URI.create("http://127.0.0.1:" + port);
  }

  public long pid() {
    return process.pid();
  }

  public boolean isRunning() {
    return process.isAlive();
  }

  /** Waits until it is ready. */
  public void awaitReady(Duration patience) throws InterruptedException {
    try (HttpClient http = HttpClient.newHttpClient()) {
      URI ready = URI.create(url() + "/q/health/ready");
      Launcher.await(service.id(), process, () -> Launcher.answers(http, ready), patience, log);
    }
  }

  /** Ends it without a warning (SIGKILL). */
  public void kill() {
    Launcher.kill(process);
  }

  /** Starts it again where it was, with what it has kept. */
  public void restart() {
    process = launch();
  }

  /** Stops it as an operator would. */
  @Override
  public void close() {
    Launcher.end(process, GRACE);
  }
}
