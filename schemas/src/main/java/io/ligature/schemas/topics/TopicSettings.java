package io.ligature.schemas.topics;

import java.time.Duration;
import java.util.List;

/**
 * What an operator decides about the topics.
 *
 * @param prefix {@code ligature.topics.prefix}
 * @param partitions {@code ligature.topics.partitions}: of every topic keyed by workflow; the
 *     topics are co-partitioned, so it cannot change once there is data
 * @param replication {@code ligature.topics.replication}: copies of every partition
 * @param maxMessageBytes {@code ligature.topics.max-message-bytes}: the largest record; above
 *     {@code ligature.payload.max-bytes}, because a record carries more than its payload
 * @param startsRetention {@code ligature.topics.retention.starts}: how long users' starts are kept
 * @param workRetention {@code ligature.topics.retention.work}: how long inbox, tasks and reviews
 *     are kept. Readers go back to the oldest assignment without a result, so this must be longer
 *     than the longest call and the longest time all services are down
 * @param eventsRetention {@code ligature.topics.retention.events}: how long the audit trail of
 *     workflows and reviews is kept
 * @param deadLettersRetention {@code ligature.topics.retention.dead-letters}
 * @param partialRetention {@code ligature.topics.retention.partial}: how long pieces of answers
 *     that are still being written are kept for people who watch
 * @param pools {@code ligature.topics.pools}: executor pools; each has its topic of assignments
 */
public record TopicSettings(
    String prefix,
    int partitions,
    int replication,
    int maxMessageBytes,
    Duration startsRetention,
    Duration workRetention,
    Duration eventsRetention,
    Duration deadLettersRetention,
    Duration partialRetention,
    List<String> pools) {

  /** The smallest record limit that carries a payload of the default limit and its context. */
  public static final int SMALLEST_MESSAGE_BYTES = 1_000_000;

  private static final int MEBIBYTE = 1024 * 1024;
  private static final int HEADROOM = 64 * 1024;
  private static final int MOST_PARTITIONS = 1_000;
  private static final int LOCAL_PARTITIONS = 6;
  private static final int CLUSTER_PARTITIONS = 24;

  public TopicSettings {
    require(
        partitions >= 1 && partitions <= MOST_PARTITIONS,
        "ligature.topics.partitions: " + partitions + " is not between 1 and " + MOST_PARTITIONS);
    require(
        replication >= 1 && replication <= Short.MAX_VALUE,
        "ligature.topics.replication: " + replication + " is not a number of copies");
    require(
        maxMessageBytes >= SMALLEST_MESSAGE_BYTES,
        "ligature.topics.max-message-bytes: "
            + maxMessageBytes
            + " is too small for the largest payload; use at least "
            + SMALLEST_MESSAGE_BYTES);
    requirePositive("starts", startsRetention);
    requirePositive("work", workRetention);
    requirePositive("events", eventsRetention);
    requirePositive("dead-letters", deadLettersRetention);
    requirePositive("partial", partialRetention);
    require(
        pools.contains(Topics.DEFAULT_POOL),
        "ligature.topics.pools: the pool '" + Topics.DEFAULT_POOL + "' is missing");
    pools = pools.stream().distinct().toList();
  }

  /** For a cluster of three brokers or more. */
  public static TopicSettings cluster(String prefix) {
    return of(prefix, CLUSTER_PARTITIONS, 3);
  }

  /** For one broker on one machine. */
  public static TopicSettings local(String prefix) {
    return of(prefix, LOCAL_PARTITIONS, 1);
  }

  public TopicSettings withPartitions(int count) {
    return new TopicSettings(
        prefix,
        count,
        replication,
        maxMessageBytes,
        startsRetention,
        workRetention,
        eventsRetention,
        deadLettersRetention,
        partialRetention,
        pools);
  }

  public TopicSettings withPools(List<String> names) {
    return new TopicSettings(
        prefix,
        partitions,
        replication,
        maxMessageBytes,
        startsRetention,
        workRetention,
        eventsRetention,
        deadLettersRetention,
        partialRetention,
        names);
  }

  private static TopicSettings of(String prefix, int partitions, int replication) {
    return new TopicSettings(
        prefix,
        partitions,
        replication,
        MEBIBYTE + HEADROOM,
        Duration.ofDays(7),
        Duration.ofDays(14),
        Duration.ofDays(365),
        Duration.ofDays(30),
        Duration.ofHours(1),
        List.of(Topics.DEFAULT_POOL));
  }

  private static void requirePositive(String name, Duration retention) {
    require(
        retention.isPositive(),
        "ligature.topics.retention." + name + ": " + retention + " is not a positive time");
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }
}
