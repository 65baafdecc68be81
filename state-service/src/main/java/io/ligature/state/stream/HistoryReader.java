package io.ligature.state.stream;

import io.ligature.avro.WorkflowEvent;
import io.ligature.schemas.wire.RecordCodec;
import io.ligature.schemas.wire.UnreadableRecordException;
import io.ligature.state.Unavailable;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * Reads one workflow's audit trail out of {@code ligature.events} itself: from the offset of the
 * instant it started at, in the one partition it is in, committed records only.
 */
public final class HistoryReader {

  private static final int MOST_READERS = 4;
  private static final Duration POLL = Duration.ofMillis(100);

  private final Supplier<Consumer<byte[], byte[]>> consumers;
  private final RecordCodec codec;
  private final String topic;
  private final Duration wait;
  private final Semaphore readers = new Semaphore(MOST_READERS);

  /**
   * Which part of which trail.
   *
   * @param upTo last sequence there is, as the store knows
   * @param after sequence behind which the part begins; 0: the first
   * @param limit most events
   */
  public record Part(
      String workflowId, String root, Instant startedAt, long upTo, long after, int limit) {

    public long last() {
      return Math.min(upTo, after + limit);
    }
  }

  /**
   * Events in the order of their sequence.
   *
   * @param complete false when the newest are not committed yet and the wait was over
   */
  public record History(List<WorkflowEvent> events, boolean complete) {}

  /**
   * @param consumers makes a consumer that reads committed records and belongs to no group
   * @param wait longest for one part
   */
  public HistoryReader(
      Supplier<Consumer<byte[], byte[]>> consumers,
      RecordCodec codec,
      String topic,
      Duration wait) {
    this.consumers = consumers;
    this.codec = codec;
    this.topic = topic;
    this.wait = wait;
  }

  /**
   * @throws Unavailable when too many histories are being read, or the broker is away
   */
  public History read(Part part) {
    if (part.after() >= part.upTo()) {
      return new History(List.of(), true);
    }
    try {
      if (!readers.tryAcquire(wait.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new Unavailable("too many histories are being read; ask again");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Unavailable("interrupted while the history was waited for", e);
    }
    try (Consumer<byte[], byte[]> consumer = consumers.get()) {
      return read(consumer, part);
    } catch (KafkaException e) {
      throw new Unavailable("the history cannot be read now: " + e.getMessage(), e);
    } finally {
      readers.release();
    }
  }

  private History read(Consumer<byte[], byte[]> consumer, Part part) {
    byte[] key = part.root().getBytes(StandardCharsets.UTF_8);
    int partitions = consumer.partitionsFor(topic).size();
    TopicPartition at =
        new TopicPartition(topic, Utils.toPositive(Utils.murmur2(key)) % partitions);
    consumer.assign(List.of(at));
    OffsetAndTimestamp from =
        consumer.offsetsForTimes(Map.of(at, part.startedAt().toEpochMilli())).get(at);
    if (from == null) {
      consumer.seekToEnd(List.of(at));
    } else {
      consumer.seek(at, from.offset());
    }
    List<WorkflowEvent> events = new ArrayList<>();
    long expected = part.after() + 1;
    long deadline = System.nanoTime() + wait.toNanos();
    while (expected <= part.last() && System.nanoTime() < deadline) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        WorkflowEvent event = event(record, key, part.workflowId());
        if (event != null && event.getSequence() == expected && expected <= part.last()) {
          events.add(event);
          expected++;
        }
      }
    }
    return new History(events, expected > part.last());
  }

  private @Nullable WorkflowEvent event(
      ConsumerRecord<byte[], byte[]> record, byte[] key, String workflowId) {
    if (!Arrays.equals(record.key(), key)) {
      return null;
    }
    try {
      return codec.decode(record.value()) instanceof WorkflowEvent event
              && event.getWorkflowId().equals(workflowId)
          ? event
          : null;
    } catch (UnreadableRecordException e) {
      return null;
    }
  }
}
