package io.ligature.embedded;

import org.testcontainers.DockerClientFactory;
import org.testcontainers.kafka.KafkaContainer;

/** A broker in a container, with the settings of the embedded one where they matter. */
final class ContainerBroker {

  private static final String IMAGE = "apache/kafka:4.3.1";

  private ContainerBroker() {}

  /** Starts it; the container goes with the JVM. */
  @SuppressWarnings("resource") // lives as long as the JVM; the shutdown hook stops it
  static String start() {
    requireDocker();
    KafkaContainer container =
        new KafkaContainer(IMAGE)
            .withEnv("KAFKA_AUTO_CREATE_TOPICS_ENABLE", "false")
            .withEnv("KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS", "0")
            .withEnv("KAFKA_ADD_PARTITIONS_TO_TXN_RETRY_BACKOFF_MS", "1")
            .withEnv("KAFKA_TRANSACTION_ABORT_TIMED_OUT_TRANSACTION_CLEANUP_INTERVAL_MS", "1000");
    container.start();
    Runtime.getRuntime().addShutdownHook(new Thread(container::stop, "stop-container"));
    return container.getBootstrapServers();
  }

  private static void requireDocker() {
    if (!DockerClientFactory.instance().isDockerAvailable()) {
      throw new IllegalStateException(
          "-Dligature.kafka=container needs a Docker engine, and none answers; start one, or leave"
              + " the property out to test on the embedded broker");
    }
  }
}
