package io.ligature.embedded;

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
        .filter(ProcessHandle::isAlive)
        .filter(
            process -> Duration.between(startOf(process), startedAt).abs().compareTo(DRIFT) < 0);
  }

  private static Instant startOf(ProcessHandle process) {
    return process.info().startInstant().orElse(Instant.EPOCH);
  }
}
