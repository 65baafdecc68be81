package io.ligature.local.client;

import io.ligature.local.platform.LocalDeployment;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The research example's agents: their server beside the services, and their registrations. */
public final class ExampleAgents {

  private final Path home;
  private final URI url;

  private ExampleAgents(Path home, URI url) {
    this.home = home;
    this.url = url;
  }

  /**
   * Starts the server as a companion of the deployment, which stops it with the services.
   *
   * @param home root folder of the project
   * @param options more options of the server, for example {@code --log FILE}
   */
  public static ExampleAgents start(LocalDeployment deployment, Path home, String... options)
      throws InterruptedException {
    URI url =
        deployment.companion(
            "example-agents", port -> command(home, port, List.of(options)), "/health");
    return new ExampleAgents(home, url);
  }

  private static List<String> command(Path home, int port, List<String> options) {
    List<String> command = new ArrayList<>();
    command.add(java());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx128m"));
    command.addAll(List.of("-cp", classPath(home), "io.ligature.example.AgentsMain", "serve"));
    command.addAll(List.of("--documents", example(home).resolve("documents").toString()));
    command.addAll(List.of("--port", Integer.toString(port)));
    command.addAll(options);
    return command;
  }

  public URI url() {
    return url;
  }

  /** The registrations as YAML, with the addresses of this server put in. */
  public List<String> registrations() {
    try (Stream<Path> files = Files.list(example(home).resolve("agents"))) {
      return files
          .filter(file -> file.toString().endsWith(".yaml"))
          .sorted()
          .map(Session::file)
          .map(
              text ->
                  text.replace("${AGENTS_URL}", url.toString())
                      .replace("${AGENTS_CLASSPATH}", classPath(home))
                      .replace("${JAVA}", java())
                      .replace("${EXAMPLE_DIR}", example(home).toString()))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The folder of the research example. */
  public static Path example(Path home) {
    return home.resolve("examples/research").toAbsolutePath();
  }

  private static String classPath(Path home) {
    Path target = home.resolve("examples/agents/target").toAbsolutePath();
    return target.resolve("agents.jar") + ":" + target.resolve("lib") + "/*";
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }
}
