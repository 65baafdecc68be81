package io.ligature.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * One broker for all tests of a JVM, started at the first use and stopped with the JVM; tests keep
 * apart by topic prefixes of their own.
 */
public final class KafkaFixture {

  /** System property that chooses the broker: {@code embedded} (default) or {@code container}. */
  private static final String KIND = "ligature.kafka";

  private static final String EMBEDDED = "embedded";

  private KafkaFixture() {}

  public static String bootstrapServers() {
    return Shared.ADDRESS;
  }

  private static final class Shared {
    static final String ADDRESS = startShared(System.getProperty(KIND, EMBEDDED));
  }

  private static String startShared(String kind) {
    return switch (kind) {
      case EMBEDDED -> startEmbedded();
      case "container" -> ContainerBroker.start();
      default ->
          throw new IllegalStateException(
              KIND + "=" + kind + " is not known; use 'embedded' or 'container'");
    };
  }

  private static String startEmbedded() {
    try {
      Path data = Files.createTempDirectory("ligature-broker");
      EmbeddedBroker broker = EmbeddedBroker.start(data);
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(
                  () -> {
                    broker.close();
                    deleteTree(data);
                  },
                  "stop-broker"));
      return broker.bootstrapServers();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Deletes a folder and all in it; what is gone already is fine. */
  public static void deleteTree(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("could not delete " + folder, e);
    }
  }
}
