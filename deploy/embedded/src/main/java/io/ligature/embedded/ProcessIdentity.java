package io.ligature.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * One process among all that ever have its pid: systems use pids again.
 *
 * @param startedAt as the system tells it; it is derived from the boot time and may drift a little
 */
public record ProcessIdentity(long pid, Instant startedAt) {

  private static final Duration DRIFT = Duration.ofSeconds(5);

  public static ProcessIdentity of(ProcessHandle process) {
    return new ProcessIdentity(process.pid(), startOf(process));
  }

  /** The process, if it still lives. */
  public Optional<ProcessHandle> living() {
    return ProcessHandle.of(pid)
        .filter(ProcessIdentity::isAlive)
        .filter(
            process -> Duration.between(startOf(process), startedAt).abs().compareTo(DRIFT) < 0);
  }

  /**
   * Whether a process lives. An ended process that nobody has reaped, as in containers without an
   * init, still counts as alive for Java.
   */
  public static boolean isAlive(ProcessHandle process) {
    return process.isAlive() && !isZombie(process.pid());
  }

  private static boolean isZombie(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
      // "pid (command) state ..."; the command may hold anything, also ')'.
      return stat.startsWith("Z", stat.lastIndexOf(')') + 2);
    } catch (IOException e) {
      return false; // no /proc, or gone in the meantime
    }
  }

  private static Instant startOf(ProcessHandle process) {
    return process.info().startInstant().orElse(Instant.EPOCH);
  }
}
