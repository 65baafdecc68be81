package io.ligature.state.stream;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Asks the broker for the group's position in the inbox, and for where the inbox ends. */
public final class InboxBacklog implements Backlog, AutoCloseable {

  private static final long NOTHING = -1;
  private static final Duration CLOSE_WAIT = Duration.ofSeconds(2);

  private final Supplier<Admin> admins;
  private final String group;
  private final String topic;
  private @Nullable Admin admin;

  /**
   * @param admins makes a client; asked at the first question
   * @param group of the streams, that is their application id
   * @param topic the inbox
   */
  public InboxBacklog(Supplier<Admin> admins, String group, String topic) {
    this.admins = admins;
    this.group = group;
    this.topic = topic;
  }

  @Override
  public CompletionStage<Long> lastWaiting(int partition) {
    TopicPartition inbox = new TopicPartition(topic, partition);
    try {
      Admin client = admin();
      CompletionStage<Long> end = offset(client, inbox, OffsetSpec.latest());
      CompletionStage<Long> begin = offset(client, inbox, OffsetSpec.earliest());
      return position(client, inbox)
          .thenCombine(begin, Math::max)
          .thenCombine(end, (position, last) -> position < last ? last - 1 : NOTHING);
    } catch (KafkaException e) {
      return CompletableFuture.failedStage(e);
    }
  }

  /** 0 when the group has not committed yet. Waits for a transaction that is about to commit. */
  private CompletionStage<Long> position(Admin client, TopicPartition inbox) {
    return client
        .listConsumerGroupOffsets(
            Map.of(group, new ListConsumerGroupOffsetsSpec().topicPartitions(List.of(inbox))),
            new ListConsumerGroupOffsetsOptions().requireStable(true))
        .partitionsToOffsetAndMetadata(group)
        .toCompletionStage()
        .thenApply(
            offsets -> {
              OffsetAndMetadata committed = offsets.get(inbox);
              return committed == null ? 0L : committed.offset();
            });
  }

  private static CompletionStage<Long> offset(
      Admin client, TopicPartition inbox, OffsetSpec which) {
    return client
        .listOffsets(Map.of(inbox, which), new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
        .partitionResult(inbox)
        .toCompletionStage()
        .thenApply(ListOffsetsResultInfo::offset);
  }

  private synchronized Admin admin() {
    Admin known = admin;
    if (known == null) {
      known = admins.get();
      admin = known;
    }
    return known;
  }

  @Override
  public synchronized void close() {
    Admin known = admin;
    if (known != null) {
      known.close(CLOSE_WAIT);
    }
  }
}
