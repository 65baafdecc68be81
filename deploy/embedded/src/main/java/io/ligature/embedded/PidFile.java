package io.ligature.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;

/** Which process a folder belongs to: its pid, and its start time because pids are used again. */
public final class PidFile {

  private static final Duration TERMINATION = Duration.ofSeconds(10);
  private static final Duration POLL = Duration.ofMillis(20);

  private final Path file;

  public PidFile(Path file) {
    this.file = file;
  }

  public void write(ProcessHandle process) throws IOException {
    ProcessIdentity identity = ProcessIdentity.of(process);
    Files.writeString(file, identity.pid() + " " + identity.startedAt() + "\n");
  }

  /** The process that wrote the file, when it still lives. */
  public Optional<ProcessHandle> living() throws IOException {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    String[] parts = Files.readString(file).strip().split(" ", 2);
    if (parts.length != 2) {
      return Optional.empty();
    }
    try {
      return new ProcessIdentity(Long.parseLong(parts[0]), Instant.parse(parts[1])).living();
    } catch (NumberFormatException | DateTimeParseException e) {
      // A kill may have cut the file short; such a file names no process.
      return Optional.empty();
    }
  }

  /** Ends the process that wrote the file, when it still lives. */
  public void endLeftover() throws IOException {
    living().ifPresent(PidFile::end);
    Files.deleteIfExists(file);
  }

  /** Asks the process to end, and after a while makes it. */
  public static void end(ProcessHandle process) {
    process.destroy();
    if (!ended(process)) {
      process.destroyForcibly();
      ended(process);
    }
  }

  /** Polls, because an exit that nobody reaps never completes a process's future. */
  private static boolean ended(ProcessHandle process) {
    long deadline = System.nanoTime() + TERMINATION.toNanos();
    try {
      while (ProcessIdentity.isAlive(process)) {
        if (System.nanoTime() > deadline) {
          return false;
        }
        Thread.sleep(POLL);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
