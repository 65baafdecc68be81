package io.ligature.router.stream;

import io.ligature.avro.TaskAssignment;
import io.ligature.schemas.AttemptId;
import io.ligature.schemas.ChildId;
import io.ligature.schemas.topics.Topics;
import io.ligature.schemas.wire.CloudEvents;
import io.ligature.schemas.wire.UnreadableRecordException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Utils;

/**
 * Finds the assignments of one attempt in the log. They have the partition of the root workflow, on
 * the topic of each pool, so one partition of each is read, from its end backwards in windows.
 */
final class AssignmentSearch {

  private static final Duration POLL = Duration.ofMillis(100);
  private static final long WINDOW = 2_000;

  private final Clients clients;
  private final Topics topics;
  private final int limit;

  /**
   * @param limit records that are read of each partition at most
   */
  AssignmentSearch(Clients clients, int limit) {
    this.clients = clients;
    this.topics = clients.topics();
    this.limit = limit;
  }

  /** Oldest first; those of the window in which the newest was found. */
  List<TaskAssignment> find(AttemptId attempt, Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    try (Consumer<byte[], byte[]> consumer = clients.loose()) {
      List<TaskAssignment> found = new ArrayList<>();
      for (TopicPartition partition : partitions(consumer, attempt)) {
        found.addAll(find(consumer, partition, attempt.toString(), deadline));
      }
      found.sort((a, b) -> a.getAssignedAt().compareTo(b.getAssignedAt()));
      return found;
    }
  }

  private List<TopicPartition> partitions(Consumer<byte[], byte[]> consumer, AttemptId attempt) {
    byte[] key = ChildId.rootOf(attempt.workflowId()).getBytes(StandardCharsets.UTF_8);
    String plain = topics.tasksAssigned(Topics.DEFAULT_POOL);
    List<TopicPartition> partitions = new ArrayList<>();
    consumer
        .listTopics()
        .forEach(
            (topic, infos) -> {
              if (topic.equals(plain) || topic.startsWith(plain + ".")) {
                int number = Utils.toPositive(Utils.murmur2(key)) % infos.size();
                partitions.add(new TopicPartition(topic, number));
              }
            });
    return partitions;
  }

  private List<TaskAssignment> find(
      Consumer<byte[], byte[]> consumer, TopicPartition partition, String attempt, long deadline) {
    List<TopicPartition> one = List.of(partition);
    consumer.assign(one);
    long begin = consumer.beginningOffsets(one).getOrDefault(partition, 0L);
    long end = consumer.endOffsets(one).getOrDefault(partition, 0L);
    long least = Math.max(begin, end - limit);
    List<TaskAssignment> found = new ArrayList<>();
    while (found.isEmpty() && end > least) {
      long from = Math.max(least, end - WINDOW);
      consumer.seek(partition, from);
      while (consumer.position(partition) < end) {
        if (System.nanoTime() > deadline) {
          throw new RouterRuntime.UnavailableException(
              "the assignments were not read in time; try again");
        }
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          if (record.offset() < end) {
            assignment(record, attempt).ifPresent(found::add);
          }
        }
      }
      end = from;
    }
    return found;
  }

  private Optional<TaskAssignment> assignment(
      ConsumerRecord<byte[], byte[]> record, String attempt) {
    String id = CloudEvents.text(record.headers(), "ce_id");
    if (id != null && !id.contains(attempt)) {
      return Optional.empty();
    }
    try {
      return clients.codec().decode(record.value()) instanceof TaskAssignment assignment
              && assignment.getEnvelope().getId().equals(attempt)
          ? Optional.of(assignment)
          : Optional.empty();
    } catch (UnreadableRecordException e) {
      // Executors put it aside; it explains nothing.
      return Optional.empty();
    }
  }
}
