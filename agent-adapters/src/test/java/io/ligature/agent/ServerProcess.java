package io.ligature.agent;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A server of these tests in a process of its own, and the folder through which it is told. */
final class ServerProcess implements AutoCloseable {

  private static final Duration PLENTY = Duration.ofSeconds(30);

  private final Path folder;
  private final Process process;

  private ServerProcess(Path folder, Process process) {
    this.folder = folder;
    this.process = process;
  }

  /** The command of a Java program of the tests. */
  static List<String> java(Class<?> main, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData", "-Xshare:auto"));
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(main.getName());
    command.addAll(List.of(arguments));
    return command;
  }

  /** Returns when the server has said its port. */
  static ServerProcess start(Path folder, Class<?> main, String... arguments) throws IOException {
    Process process =
        new ProcessBuilder(java(main, arguments))
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("output").toFile())
            .start();
    await().atMost(PLENTY).until(() -> Files.exists(folder.resolve("port")));
    return new ServerProcess(folder, process);
  }

  String url() throws IOException {
    return "http://127.0.0.1:" + Files.readString(folder.resolve("port"));
  }

  static List<String> journal(Path folder) throws IOException {
    Path journal = folder.resolve("journal");
    return Files.exists(journal) ? Files.readAllLines(journal) : List.of();
  }

  static void awaitLine(Path folder, String beginning) {
    await()
        .atMost(PLENTY)
        .until(() -> journal(folder).stream().anyMatch(each -> each.startsWith(beginning)));
  }

  static long count(Path folder, String beginning) throws IOException {
    return journal(folder).stream().filter(each -> each.startsWith(beginning)).count();
  }

  /** Forgets what was told and written, but not the port. */
  static void clear(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path each : files.toList()) {
        String name = each.getFileName().toString();
        if (!name.equals("port") && !name.equals("output")) {
          Files.delete(each);
        }
      }
    }
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
