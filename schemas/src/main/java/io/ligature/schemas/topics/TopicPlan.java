package io.ligature.schemas.topics;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.TopicConfig;

/** Every topic of a deployment as it should be. */
public record TopicPlan(List<Planned> topics) {

  /** One topic: its size, copies and broker settings. */
  public record Planned(
      String name, int partitions, int replication, Map<String, String> settings) {

    public Planned {
      settings = Map.copyOf(settings);
    }

    String cleanupPolicy() {
      return settings.getOrDefault(
          TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_DELETE);
    }
  }

  public TopicPlan {
    topics = List.copyOf(topics);
  }

  public static TopicPlan of(TopicSettings settings) {
    Topics names = new Topics(settings.prefix());
    List<Planned> topics = new ArrayList<>();
    topics.add(kept(settings, names.starts(), settings.startsRetention()));
    for (String name :
        List.of(
            names.inbox(),
            names.tasksReady(),
            names.tasksCancelled(),
            names.reviewsNeeded(),
            names.reviewsCommands(),
            names.reviewsDecided())) {
      topics.add(kept(settings, name, settings.workRetention()));
    }
    for (String pool : settings.pools()) {
      topics.add(kept(settings, names.tasksAssigned(pool), settings.workRetention()));
    }
    topics.add(kept(settings, names.tasksPartial(), settings.partialRetention()));
    topics.add(kept(settings, names.events(), settings.eventsRetention()));
    topics.add(kept(settings, names.reviewsTrail(), settings.eventsRetention()));
    topics.add(kept(settings, names.deadLetters(), settings.deadLettersRetention()));
    topics.add(compacted(settings, names.definitions()));
    topics.add(compacted(settings, names.agents()));
    topics.add(compacted(settings, names.agentsStatus()));
    topics.add(compacted(settings, names.agentsStatistics()));
    topics.add(compacted(settings, names.routers()));
    return new TopicPlan(topics);
  }

  private static Planned kept(TopicSettings settings, String name, Duration retention) {
    return new Planned(
        name,
        settings.partitions(),
        settings.replication(),
        Map.of(
            TopicConfig.CLEANUP_POLICY_CONFIG,
            TopicConfig.CLEANUP_POLICY_DELETE,
            TopicConfig.RETENTION_MS_CONFIG,
            Long.toString(retention.toMillis()),
            TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
            Integer.toString(settings.maxMessageBytes())));
  }

  /** Views that every instance reads whole: one partition keeps them in one order. */
  private static Planned compacted(TopicSettings settings, String name) {
    return new Planned(
        name,
        1,
        settings.replication(),
        Map.of(
            TopicConfig.CLEANUP_POLICY_CONFIG,
            TopicConfig.CLEANUP_POLICY_COMPACT,
            TopicConfig.MAX_MESSAGE_BYTES_CONFIG,
            Integer.toString(settings.maxMessageBytes())));
  }
}
