package io.ligature.schemas.topics;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;

/** Makes the topics of a plan that are missing, and holds the others against it. */
public final class TopicAdmin {

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration POLL = Duration.ofMillis(20);

  private TopicAdmin() {}

  /**
   * Makes what is missing; changes nothing that exists.
   *
   * @throws TopicMismatchException if a topic exists with other partitions or another cleanup
   *     policy; then nothing is made
   */
  public static void ensure(Admin admin, TopicPlan plan) throws InterruptedException {
    Set<String> existing = await(admin.listTopics().names());
    List<TopicPlan.Planned> present =
        plan.topics().stream().filter(topic -> existing.contains(topic.name())).toList();
    List<String> mismatches = mismatches(admin, present);
    if (!mismatches.isEmpty()) {
      throw new TopicMismatchException(mismatches);
    }
    List<NewTopic> missing =
        plan.topics().stream()
            .filter(topic -> !existing.contains(topic.name()))
            .map(
                topic ->
                    new NewTopic(topic.name(), topic.partitions(), (short) topic.replication())
                        .configs(topic.settings()))
            .toList();
    for (KafkaFuture<Void> made : admin.createTopics(missing).values().values()) {
      awaitUnlessPresent(made);
    }
    if (!missing.isEmpty()) {
      awaitVisible(admin, plan);
      // Another instance with other settings may have been faster.
      List<String> lateMismatches = mismatches(admin, plan.topics());
      if (!lateMismatches.isEmpty()) {
        throw new TopicMismatchException(lateMismatches);
      }
    }
  }

  /** A topic exists for the controller first and for the brokers' clients a moment later. */
  private static void awaitVisible(Admin admin, TopicPlan plan) throws InterruptedException {
    List<String> names = plan.topics().stream().map(TopicPlan.Planned::name).toList();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!await(admin.listTopics().names()).containsAll(names)) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("the topics made are not visible after " + PATIENCE);
      }
      Thread.sleep(POLL);
    }
  }

  private static List<String> mismatches(Admin admin, List<TopicPlan.Planned> present)
      throws InterruptedException {
    Map<String, TopicDescription> found =
        await(
            admin
                .describeTopics(present.stream().map(TopicPlan.Planned::name).toList())
                .allTopicNames());
    Map<ConfigResource, Config> settings =
        await(admin.describeConfigs(present.stream().map(TopicAdmin::resource).toList()).all());
    List<String> mismatches = new ArrayList<>();
    for (TopicPlan.Planned topic : present) {
      TopicDescription description = Objects.requireNonNull(found.get(topic.name()));
      Config config = Objects.requireNonNull(settings.get(resource(topic)));
      compare(
              topic,
              "partitions",
              Integer.toString(topic.partitions()),
              Integer.toString(description.partitions().size()))
          .ifPresent(mismatches::add);
      compare(
              topic,
              TopicConfig.CLEANUP_POLICY_CONFIG,
              topic.cleanupPolicy(),
              config.get(TopicConfig.CLEANUP_POLICY_CONFIG).value())
          .ifPresent(mismatches::add);
    }
    return mismatches;
  }

  private static Optional<String> compare(
      TopicPlan.Planned topic, String key, String planned, String actual) {
    return planned.equals(actual)
        ? Optional.empty()
        : Optional.of(topic.name() + " has " + key + "=" + actual + ", planned is " + planned);
  }

  private static ConfigResource resource(TopicPlan.Planned topic) {
    return new ConfigResource(ConfigResource.Type.TOPIC, topic.name());
  }

  /** Another instance may have made the topic in the meantime. */
  private static void awaitUnlessPresent(KafkaFuture<Void> made) throws InterruptedException {
    try {
      made.get();
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw new IllegalStateException("a topic could not be made", e.getCause());
      }
    }
  }

  private static <T> T await(KafkaFuture<T> future) throws InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("the broker did not answer about its topics", e.getCause());
    }
  }
}
