package io.ligature.executor.stream;

import io.ligature.executor.execution.FinishedAttempts.Finished;
import io.ligature.executor.execution.OffsetTracker;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** One partition while it is ours; touched by the loop's thread alone. */
final class PartitionWork {

  /** How far the former owners' log has been read. */
  enum Tail {
    UNREAD,
    READING,
    READ
  }

  /** An executor that is, or was, calling the agent of an attempt. */
  record Claim(String executor, long timestamp) {}

  final TopicPartition partition;

  /** When it became ours, in epoch milliseconds. */
  final long takenAt;

  final OffsetTracker tracker = new OffsetTracker();

  /** Read and not yet begun. */
  final ArrayDeque<ConsumerRecord<byte[], byte[]>> buffer = new ArrayDeque<>();

  /** Results of former owners whose assignment has not come up here yet. */
  final Map<String, Finished> finished = new HashMap<>();

  /** Claims of other executors without a result. */
  final Map<String, Claim> claims = new HashMap<>();

  Tail tail = Tail.UNREAD;
  long tailReadNanos;
  boolean following;
  boolean paused;

  PartitionWork(TopicPartition partition, long takenAt) {
    this.partition = partition;
    this.takenAt = takenAt;
  }

  /** Something is yet to happen before its next record can begin. */
  boolean hasToWait() {
    return !buffer.isEmpty();
  }

  /** An assignment record that is finished when its attempt is. */
  record Ticket(PartitionWork work, long offset) {}
}
