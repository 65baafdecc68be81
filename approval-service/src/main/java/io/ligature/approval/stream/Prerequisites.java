package io.ligature.approval.stream;

import io.ligature.schemas.topics.Topics;
import io.ligature.schemas.wire.SchemaIds;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.jboss.logging.Logger;

/** Waits for what the service cannot do without. */
final class Prerequisites {

  private static final Logger LOG = Logger.getLogger(Prerequisites.class);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private Prerequisites() {}

  static SchemaIds schemas(Registry registry) throws InterruptedException {
    while (true) {
      try {
        return registry.connect();
      } catch (UncheckedIOException e) {
        LOG.warnf("the registry does not answer, next try in %s: %s", PAUSE, e.getMessage());
      }
      Thread.sleep(PAUSE);
    }
  }

  /**
   * @return partitions of the reviews
   */
  static int partitions(String bootstrap, Topics topics) throws InterruptedException {
    List<String> needed =
        List.of(
            topics.reviewsNeeded(),
            topics.reviewsCommands(),
            topics.reviewsDecided(),
            topics.reviewsTrail(),
            topics.deadLetters());
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
      while (true) {
        try {
          Map<String, TopicDescription> found =
              admin.describeTopics(needed).allTopicNames().get(10, TimeUnit.SECONDS);
          return found.values().stream()
              .filter(topic -> topic.name().equals(topics.reviewsNeeded()))
              .mapToInt(topic -> topic.partitions().size())
              .sum();
        } catch (ExecutionException | TimeoutException e) {
          LOG.warnf("topics cannot be read, next try in %s: %s", PAUSE, e.getMessage());
        }
        Thread.sleep(PAUSE);
      }
    }
  }
}
