package io.ligature.embedded;

import io.ligature.schemas.topics.TopicAdmin;
import io.ligature.schemas.topics.TopicPlan;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Broker with its topics, and registry, over one data folder. Both start side by side. A registry
 * that dies is started again at the same address.
 */
public final class Platform implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Platform.class);

  /** Restarts of a registry in one run; more than this is not bad luck. */
  private static final int MOST_RESTARTS = 5;

  private final EmbeddedBroker broker;
  private final Path distribution;
  private final Path data;
  private volatile EmbeddedRegistry registry;
  private volatile boolean closing;

  private Platform(EmbeddedBroker broker, EmbeddedRegistry registry, Path distribution, Path data) {
    this.broker = broker;
    this.registry = registry;
    this.distribution = distribution;
    this.data = data;
  }

  /**
   * @param distribution folder with the registry's {@code quarkus-run.jar}
   * @param data folder of this platform alone; made when it is missing
   */
  public static Platform start(Path distribution, Path data, TopicPlan plan)
      throws InterruptedException {
    CompletableFuture<EmbeddedRegistry> registry =
        CompletableFuture.supplyAsync(
            () -> EmbeddedRegistry.start(distribution, registryData(data)),
            Thread::startVirtualThread);
    EmbeddedBroker broker;
    try {
      broker = EmbeddedBroker.start(data.resolve("kafka"));
    } catch (RuntimeException e) {
      closeWhenStarted(registry);
      throw e;
    }
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      TopicAdmin.ensure(admin, plan);
      Platform platform = new Platform(broker, registry.join(), distribution, data);
      Thread.ofPlatform().daemon().name("registry-keeper").start(platform::keep);
      return platform;
    } catch (RuntimeException | InterruptedException e) {
      closeWhenStarted(registry);
      broker.close();
      throw e;
    }
  }

  public String bootstrapServers() {
    return broker.bootstrapServers();
  }

  public URI registryUrl() {
    return registry.url();
  }

  static Path registryData(Path data) {
    return data.resolve("registry");
  }

  /** Ends what a killed platform left behind in this folder. */
  public static void endLeftover(Path data) {
    EmbeddedRegistry.endLeftover(registryData(data));
  }

  @Override
  public void close() {
    closing = true;
    registry.close();
    broker.close();
  }

  /** What else failed is less to the point than what is thrown. */
  private static void closeWhenStarted(CompletableFuture<EmbeddedRegistry> registry) {
    registry.thenAccept(EmbeddedRegistry::close).exceptionally(_ -> null).join();
  }

  private void keep() {
    try {
      for (int restarts = 0; restarts < MOST_RESTARTS; restarts++) {
        registry.awaitEnd();
        if (closing) {
          return;
        }
        LOG.warn("the registry ended and is started again");
        registry = EmbeddedRegistry.start(distribution, registryData(data));
      }
      LOG.error("the registry ended {} times and stays down", MOST_RESTARTS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IllegalStateException e) {
      LOG.error("the registry stays down", e);
    }
  }
}
