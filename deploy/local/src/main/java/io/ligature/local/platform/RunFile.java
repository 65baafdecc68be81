package io.ligature.local.platform;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.ligature.embedded.ProcessIdentity;
import io.ligature.schemas.wire.Payloads;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What was started last in a data folder, so that another command finds it.
 *
 * @param processes by name; those of an earlier run stay until they are started again, so that
 *     services keep their ports
 */
record RunFile(String bootstrapServers, String registryUrl, Map<String, Started> processes) {

  static final String PLATFORM = "platform";
  private static final String NAME = "run.json";
  private static final ObjectMapper JSON = Payloads.JSON;

  /**
   * @param startedAt ISO 8601
   * @param port 0 for a process without one of its own
   */
  record Started(long pid, String startedAt, int port, String url) {

    static Started of(ProcessHandle process, int port) {
      ProcessIdentity identity = ProcessIdentity.of(process);
      return new Started(
          identity.pid(),
          identity.startedAt().toString(),
          port,
          port == 0 ? "" : "http://127.0.0.1:" + port);
    }

    Optional<ProcessHandle> living() {
      return new ProcessIdentity(pid, Instant.parse(startedAt)).living();
    }

    URI uri() {
      return URI.create(url);
    }
  }

  RunFile {
    processes = Map.copyOf(processes);
  }

  static RunFile read(Path data) {
    Path file = data.resolve(NAME);
    if (!Files.exists(file)) {
      return new RunFile("", "", Map.of());
    }
    try {
      return JSON.readValue(file.toFile(), RunFile.class);
    } catch (IOException e) {
      throw new LocalFailure(
          file + " is unreadable; end the processes of that run and delete the file", e);
    }
  }

  void write(Path data) throws IOException {
    Path draft = data.resolve(NAME + ".new");
    JSON.writerWithDefaultPrettyPrinter().writeValue(draft.toFile(), this);
    Files.move(
        draft,
        data.resolve(NAME),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  RunFile with(String process, Started started) {
    Map<String, Started> all = new TreeMap<>(processes);
    all.put(process, started);
    return new RunFile(bootstrapServers, registryUrl, all);
  }

  RunFile withAddresses(String bootstrap, String registry) {
    return new RunFile(bootstrap, registry, processes);
  }

  Optional<Started> started(String process) {
    return Optional.ofNullable(processes.get(process));
  }

  Optional<ProcessHandle> living(String process) {
    return started(process).flatMap(Started::living);
  }

  boolean anyLiving() {
    return processes.values().stream().anyMatch(started -> started.living().isPresent());
  }
}
