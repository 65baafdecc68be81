package io.ligature.embedded;

import io.ligature.schemas.topics.TopicPlan;
import io.ligature.schemas.topics.TopicSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;

/**
 * The platform as a process of its own: {@code PlatformMain DATA DISTRIBUTION PREFIX PARTITIONS}.
 *
 * <p>When all is up it writes {@code platform.properties} with {@code bootstrap.servers} and {@code
 * registry.url} into the data folder; SIGTERM stops it.
 */
public final class PlatformMain {

  private static final String ADDRESSES = "platform.properties";

  private PlatformMain() {}

  /** Where a platform is reached. */
  public record Addresses(String bootstrapServers, String registryUrl) {}

  public static void main(String[] args) throws Exception {
    if (args.length != 4) {
      System.err.println("usage: PlatformMain DATA DISTRIBUTION PREFIX PARTITIONS");
      System.exit(2);
    }
    Path data = Path.of(args[0]).toAbsolutePath();
    Files.createDirectories(data);
    Files.deleteIfExists(data.resolve(ADDRESSES));
    TopicSettings settings = TopicSettings.local(args[2]).withPartitions(Integer.parseInt(args[3]));
    Platform platform = startOrExit(data, Path.of(args[1]), TopicPlan.of(settings));
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  platform.close();
                  stopped.countDown();
                },
                "stop-platform"));
    write(data, platform);
    stopped.await();
  }

  /** The addresses of the platform of a folder, once it is up. */
  public static Optional<Addresses> addresses(Path data) throws IOException {
    Path file = data.resolve(ADDRESSES);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    Properties kept = new Properties();
    try (var in = Files.newInputStream(file)) {
      kept.load(in);
    }
    return Optional.of(
        new Addresses(kept.getProperty("bootstrap.servers"), kept.getProperty("registry.url")));
  }

  /** Forgets the addresses of a platform that is gone. */
  public static void forget(Path data) throws IOException {
    Files.deleteIfExists(data.resolve(ADDRESSES));
  }

  private static Platform startOrExit(Path data, Path distribution, TopicPlan plan)
      throws InterruptedException {
    try {
      return Platform.start(distribution, data, plan);
    } catch (RuntimeException e) {
      // Kafka may leave threads that would keep a failed process alive.
      e.printStackTrace(System.err);
      System.exit(1);
      throw e;
    }
  }

  private static void write(Path data, Platform platform) throws IOException {
    Properties addresses = new Properties();
    addresses.setProperty("bootstrap.servers", platform.bootstrapServers());
    addresses.setProperty("registry.url", platform.registryUrl().toString());
    Path draft = data.resolve(ADDRESSES + ".new");
    try (var out = Files.newOutputStream(draft)) {
      addresses.store(out, null);
    }
    Files.move(draft, data.resolve(ADDRESSES), StandardCopyOption.ATOMIC_MOVE);
  }
}
