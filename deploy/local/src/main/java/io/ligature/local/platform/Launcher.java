package io.ligature.local.platform;

import io.ligature.embedded.ProcessIdentity;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Starts, awaits and ends processes that outlive this one. */
final class Launcher {

  static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");

  private static final Path NOHUP = Path.of("/usr/bin/nohup");
  private static final long LARGEST_LOG = 10L * 1024 * 1024;
  private static final int TAIL_BYTES = 16 * 1024;
  private static final int TAIL_LINES = 25;
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration ENDING_POLL = Duration.ofMillis(20);
  private static final Duration PROBE = Duration.ofSeconds(2);

  private Launcher() {}

  /** Starts a command that stays when this process ends or its terminal is closed. */
  static ProcessHandle start(List<String> command, Path home, Path log) {
    List<String> detached = new ArrayList<>();
    if (Files.isExecutable(NOHUP)) {
      detached.add(NOHUP.toString());
    }
    detached.addAll(command);
    try {
      Files.createDirectories(log.getParent());
      keepBounded(log);
      ProcessBuilder builder =
          new ProcessBuilder(detached)
              .directory(home.toFile())
              .redirectErrorStream(true)
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
      builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
      builder.environment().put("LIGATURE_HOME", home.toString());
      return builder.start().toHandle();
    } catch (IOException e) {
      throw new LocalFailure("could not start " + command.getFirst() + ": " + e.getMessage(), e);
    }
  }

  /**
   * Waits until the process is ready.
   *
   * @throws LocalFailure when it ends or takes too long, with the end of its log
   */
  static void await(
      String name, ProcessHandle process, BooleanSupplier ready, Duration patience, Path log)
      throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (!ready.getAsBoolean()) {
      if (!ProcessIdentity.isAlive(process)) {
        throw new LocalFailure(name + " ended while it started; " + tail(log));
      }
      if (System.nanoTime() > deadline) {
        throw new LocalFailure(name + " was not ready within " + patience + "; " + tail(log));
      }
      Thread.sleep(POLL);
    }
  }

  /** Whether an address answers 200 now. */
  static boolean answers(HttpClient http, URI address) {
    try {
      return http.send(
                  HttpRequest.newBuilder(address).timeout(PROBE).build(),
                  HttpResponse.BodyHandlers.discarding())
              .statusCode()
          == 200;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** Asks a process to end, and makes it end when it takes too long. */
  static void end(ProcessHandle process, Duration patience) {
    process.destroy();
    if (!ended(process, patience)) {
      kill(process);
    }
  }

  static void kill(ProcessHandle process) {
    process.destroyForcibly();
    ended(process, Duration.ofSeconds(10));
  }

  /** Polls, because an exit that nobody reaps never completes a process's future. */
  private static boolean ended(ProcessHandle process, Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    try {
      while (ProcessIdentity.isAlive(process)) {
        if (System.nanoTime() > deadline) {
          return false;
        }
        Thread.sleep(ENDING_POLL);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static void keepBounded(Path log) throws IOException {
    if (Files.exists(log) && Files.size(log) > LARGEST_LOG) {
      Files.move(
          log, log.resolveSibling(log.getFileName() + ".1"), StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static String tail(Path log) {
    try (RandomAccessFile file = new RandomAccessFile(log.toFile(), "r")) {
      byte[] end = new byte[(int) Math.min(file.length(), TAIL_BYTES)];
      file.seek(file.length() - end.length);
      file.readFully(end);
      List<String> lines = new String(end, StandardCharsets.UTF_8).lines().toList();
      return "the end of "
          + log
          + ":\n"
          + String.join("\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
    } catch (IOException e) {
      return "there is no log in " + log;
    }
  }
}
