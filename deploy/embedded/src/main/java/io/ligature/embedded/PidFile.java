package io.ligature.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Which process a folder belongs to: its pid, and its start time because pids are used again. */
public final class PidFile {

  private static final long TERMINATION_SECONDS = 10;

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
    CompletableFuture<ProcessHandle> exit = process.onExit();
    process.destroy();
    try {
      exit.get(TERMINATION_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
      process.destroyForcibly();
      exit.orTimeout(TERMINATION_SECONDS, TimeUnit.SECONDS).join();
    }
  }
}
