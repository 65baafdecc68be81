package io.ligature.local.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The research example's agents: their server as a child process, and their registrations. */
public final class ExampleAgents implements AutoCloseable {

  private static final Pattern LISTENS = Pattern.compile("agents listen on (http://\\S+)");
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Process process;
  private final Path home;
  private final String url;

  private ExampleAgents(Process process, Path home, String url) {
    this.process = process;
    this.home = home;
    this.url = url;
  }

  /**
   * @param home root folder of the project
   * @param log where its log goes; the last words of a server that does not start stand there
   * @param options more options of the server, for example {@code --log FILE}
   */
  public static ExampleAgents start(Path home, Path log, String... options) {
    List<String> command = new ArrayList<>();
    command.add(java());
    command.add("-XX:+UseSerialGC");
    command.add("-XX:TieredStopAtLevel=1");
    command.add("-Xmx128m");
    command.addAll(List.of("-cp", classPath(home), "io.ligature.example.AgentsMain", "serve"));
    command.addAll(List.of("--documents", example(home).resolve("documents").toString()));
    command.addAll(List.of(options));
    try {
      Files.createDirectories(log.toAbsolutePath().getParent());
      Process process = new ProcessBuilder(command).redirectError(log.toFile()).start();
      return new ExampleAgents(process, home, address(process, log));
    } catch (IOException e) {
      throw new UncheckedIOException("the example agents did not start", e);
    }
  }

  /** The address stands in the server's first line. */
  private static String address(Process process, Path log) throws IOException {
    // Left open on purpose: the server may write more, and must not meet a closed pipe.
    BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      Matcher listens = LISTENS.matcher(line);
      if (listens.find()) {
        return listens.group(1);
      }
    }
    throw new CommandFailure(ExitCodes.FAILED, "the example agents did not start; see " + log);
  }

  public String url() {
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
                  text.replace("${AGENTS_URL}", url)
                      .replace("${AGENTS_CLASSPATH}", classPath(home))
                      .replace("${JAVA}", java())
                      .replace("${EXAMPLE_DIR}", example(home).toString()))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Path example(Path home) {
    return home.resolve("examples/research").toAbsolutePath();
  }

  private static String classPath(Path home) {
    Path target = home.resolve("examples/agents/target").toAbsolutePath();
    return target.resolve("agents.jar") + ":" + target.resolve("lib") + "/*";
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
  }
}
