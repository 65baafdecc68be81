package io.ligature.local.platform;

import java.nio.file.Path;
import java.util.List;

/** The services of local mode: where their code is, where they listen, and what they may use. */
public enum LocalService {
  // State keeps workflows, RocksDB's blocks outside the heap, and serves the views.
  STATE("state-service", 8081, "-Xmx512m"),
  ROUTER("router-service", 8082, "-Xmx384m"),
  // Thousands of calls in flight hold their inputs and outputs in memory.
  EXECUTOR("executor-service", 8083, "-Xmx512m"),
  APPROVAL("approval-service", 8084, "-Xmx384m");

  /**
   * Flags of every service: a small machine, two cores, and an end rather than a limping process.
   */
  private static final List<String> COMMON_FLAGS =
      List.of(
          "-XX:+UseSerialGC",
          "-XX:+UseCompactObjectHeaders",
          "-XX:+ExitOnOutOfMemoryError",
          "-Xshare:auto",
          "--enable-native-access=ALL-UNNAMED",
          "--sun-misc-unsafe-memory-access=allow");

  private final String folder;
  private final int preferredPort;
  private final String heap;

  LocalService(String folder, int preferredPort, String heap) {
    this.folder = folder;
    this.preferredPort = preferredPort;
    this.heap = heap;
  }

  /** The service's name, as in its folder and its log. */
  public String id() {
    return folder;
  }

  int preferredPort() {
    return preferredPort;
  }

  Path jar(Path home) {
    return home.resolve(folder).resolve("target/quarkus-app/quarkus-run.jar");
  }

  List<String> flags() {
    return java.util.stream.Stream.concat(java.util.stream.Stream.of(heap), COMMON_FLAGS.stream())
        .toList();
  }
}
