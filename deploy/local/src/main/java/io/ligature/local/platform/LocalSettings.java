package io.ligature.local.platform;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/**
 * How a local deployment is started.
 *
 * @param home the project's folder, where the packaged services are
 * @param data folder for all data, logs, passwords and the run file
 * @param freePorts whether to leave the well-known ports alone
 * @param partitions of the workflow-keyed topics; fixed once the data folder exists
 * @param patience how long a service may take until it is ready
 * @param properties configuration of single services, given to them as system properties
 */
public record LocalSettings(
    Path home,
    Path data,
    boolean freePorts,
    int partitions,
    Duration patience,
    Map<LocalService, Map<String, String>> properties) {

  private static final int PARTITIONS = 6;

  /** Long, for a machine that is busy with other things; what ends is noticed at once. */
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  public LocalSettings {
    home = home.toAbsolutePath().normalize();
    data = data.toAbsolutePath().normalize();
    properties = Map.copyOf(properties);
  }

  /** The usual ports, with the data in the given folder. */
  public static LocalSettings in(Path data) {
    return new LocalSettings(findHome(), data, false, PARTITIONS, PATIENCE, Map.of());
  }

  /** Free ports and a new folder, for tests and benchmarks beside a running deployment. */
  public static LocalSettings ephemeral() {
    try {
      return new LocalSettings(
          findHome(),
          Files.createTempDirectory("ligature-local"),
          true,
          PARTITIONS,
          PATIENCE,
          Map.of());
    } catch (IOException e) {
      throw new UncheckedIOException("no folder for temporary data", e);
    }
  }

  /** Adds configuration for one service. */
  public LocalSettings with(LocalService service, Map<String, String> added) {
    Map<LocalService, Map<String, String>> all = new EnumMap<>(LocalService.class);
    all.putAll(properties);
    Map<String, String> ofService = new HashMap<>(propertiesOf(service));
    ofService.putAll(added);
    all.put(service, Map.copyOf(ofService));
    return new LocalSettings(home, data, freePorts, partitions, patience, all);
  }

  public LocalSettings withPartitions(int count) {
    return new LocalSettings(home, data, freePorts, count, patience, properties);
  }

  public LocalSettings withPatience(Duration longest) {
    return new LocalSettings(home, data, freePorts, partitions, longest, properties);
  }

  Map<String, String> propertiesOf(LocalService service) {
    return properties.getOrDefault(service, Map.of());
  }

  Path log(String process) {
    return data.resolve("logs").resolve(process + ".log");
  }

  /** {@code LIGATURE_HOME}, or the nearest folder above that holds the services. */
  static Path findHome() {
    String told = System.getenv("LIGATURE_HOME");
    if (told != null && !told.isBlank()) {
      return Path.of(told);
    }
    for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
      if (Files.isDirectory(folder.resolve(LocalService.STATE.id()))
          && Files.isRegularFile(folder.resolve("pom.xml"))) {
        return folder;
      }
    }
    throw new LocalFailure(
        "the project's folder is not above "
            + Path.of("").toAbsolutePath()
            + "; run ./ligature from it or set LIGATURE_HOME");
  }
}
