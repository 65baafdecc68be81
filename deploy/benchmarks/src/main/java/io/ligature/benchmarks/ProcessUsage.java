package io.ligature.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What a process has used: CPU time from the operating system, and the peak of its resident memory
 * where {@code /proc} tells it.
 *
 * @param peakMemoryBytes empty where the system does not tell
 */
record ProcessUsage(Duration cpu, OptionalLong peakMemoryBytes) {

  static ProcessUsage of(long pid) {
    Duration cpu =
        ProcessHandle.of(pid)
            .flatMap(handle -> handle.info().totalCpuDuration())
            .orElse(Duration.ZERO);
    return new ProcessUsage(cpu, peakMemory(pid));
  }

  static Map<String, ProcessUsage> of(Map<String, Long> pids) {
    Map<String, ProcessUsage> usages = new LinkedHashMap<>();
    pids.forEach((name, pid) -> usages.put(name, of(pid)));
    return usages;
  }

  ProcessUsage since(ProcessUsage earlier) {
    return new ProcessUsage(cpu.minus(earlier.cpu), peakMemoryBytes);
  }

  private static OptionalLong peakMemory(long pid) {
    Path status = Path.of("/proc", Long.toString(pid), "status");
    if (!Files.isReadable(status)) {
      return OptionalLong.empty();
    }
    try {
      return Files.readAllLines(status).stream()
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
          .findFirst();
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }
}
