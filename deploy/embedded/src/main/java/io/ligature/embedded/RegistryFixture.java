package io.ligature.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;

/** One registry for all tests of a JVM, started at the first use and stopped with the JVM. */
public final class RegistryFixture {

  private static final String IN_THE_PROJECT = "deploy/embedded/target/registry";

  private RegistryFixture() {}

  public static URI url() {
    return Shared.REGISTRY.url();
  }

  /** The unpacked registry of the project that the working directory is in. */
  public static Path distribution() {
    for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
      Path candidate = folder.resolve(IN_THE_PROJECT);
      if (Files.exists(candidate.resolve("quarkus-run.jar"))) {
        return candidate;
      }
    }
    throw new IllegalStateException(
        "no "
            + IN_THE_PROJECT
            + " above "
            + Path.of("").toAbsolutePath()
            + "; run ./ligature build");
  }

  private static final class Shared {
    static final EmbeddedRegistry REGISTRY = start();
  }

  private static EmbeddedRegistry start() {
    try {
      Path data = Files.createTempDirectory("ligature-registry");
      EmbeddedRegistry registry = EmbeddedRegistry.start(distribution(), data);
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(
                  () -> {
                    registry.close();
                    KafkaFixture.deleteTree(data);
                  },
                  "stop-registry"));
      return registry;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
