package io.ligature.local.platform;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which data folder a command is about. */
public final class DataOption {

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Folder of all data (default: $LIGATURE_DATA, else .ligature in the project).")
  private @Nullable Path data;

  /** The folder told, else {@code LIGATURE_DATA}, else {@code .ligature} in the project. */
  public Path folder() {
    return folder(data);
  }

  /** The same for a command with an option of its own. */
  public static Path folder(@Nullable Path told) {
    if (told != null) {
      return told.toAbsolutePath().normalize();
    }
    String environment = System.getenv("LIGATURE_DATA");
    if (environment != null && !environment.isBlank()) {
      return Path.of(environment).toAbsolutePath().normalize();
    }
    return LocalSettings.findHome().resolve(".ligature").toAbsolutePath().normalize();
  }
}
