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

  private KafkaFixture() {}

  public static String bootstrapServers() {
    return Shared.BROKER.bootstrapServers();
  }

  private static final class Shared {
    static final EmbeddedBroker BROKER = startShared();
  }

  private static EmbeddedBroker startShared() {
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
      return broker;
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
