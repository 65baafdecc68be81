package io.ligature.approval.stream;

import io.ligature.avro.ReviewAnswer;
import io.ligature.avro.ReviewTrailEntry;
import io.ligature.schemas.wire.RecordCodec;
import io.ligature.schemas.wire.UnreadableRecordException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Reads committed trails and answers from their topic as they come, of all partitions: a reviewer
 * hears "approved" only when nothing can take it back, and on whichever instance they asked.
 */
final class TrailTail implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(TrailTail.class);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final Supplier<Consumer<byte[], byte[]>> consumers;
  private final String topic;
  private final RecordCodec codec;
  private final Waiting waiting;
  private final java.util.function.Consumer<ReviewTrailEntry> changes;
  private final Thread thread;
  private volatile @Nullable Consumer<byte[], byte[]> current;
  private volatile boolean ready;
  private volatile boolean stopping;

  TrailTail(
      Supplier<Consumer<byte[], byte[]>> consumers,
      String topic,
      RecordCodec codec,
      Waiting waiting,
      java.util.function.Consumer<ReviewTrailEntry> changes) {
    this.consumers = consumers;
    this.topic = topic;
    this.codec = codec;
    this.waiting = waiting;
    this.changes = changes;
    this.thread = Thread.ofPlatform().name("trail-tail").daemon().unstarted(this::run);
  }

  static Consumer<byte[], byte[]> consumer(String bootstrapServers) {
    Map<String, Object> settings = new HashMap<>();
    settings.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest");
    settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    return new KafkaConsumer<>(settings);
  }

  void start() {
    thread.start();
  }

  /** True while every answer from now on will be seen. */
  boolean ready() {
    return ready;
  }

  @Override
  public void close() {
    stopping = true;
    Consumer<byte[], byte[]> consumer = current;
    if (consumer != null) {
      consumer.wakeup();
    }
    try {
      thread.join(Duration.ofSeconds(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    while (!stopping) {
      try (Consumer<byte[], byte[]> consumer = consumers.get()) {
        current = consumer;
        follow(consumer);
      } catch (WakeupException e) {
        LOG.debug("woken up to stop");
      } catch (KafkaException e) {
        if (!stopping) {
          LOG.warnf("trails cannot be read, next try in %s: %s", PAUSE, e.getMessage());
          pause();
        }
      } finally {
        ready = false;
        current = null;
      }
    }
  }

  private void follow(Consumer<byte[], byte[]> consumer) {
    List<TopicPartition> partitions =
        consumer.partitionsFor(topic).stream()
            .map(info -> new TopicPartition(info.topic(), info.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToEnd(partitions);
    partitions.forEach(consumer::position);
    ready = true;
    while (!stopping) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        answer(record);
      }
    }
  }

  private void answer(ConsumerRecord<byte[], byte[]> record) {
    try {
      switch (codec.decode(record.value())) {
        case ReviewAnswer answer ->
            waiting.complete(answer.getReviewId(), answer.getCommandId(), Answers.outcome(answer));
        case ReviewTrailEntry entry -> changes.accept(entry);
        default -> LOG.debugf("neither a trail nor an answer: offset=%d", record.offset());
      }
    } catch (UnreadableRecordException e) {
      LOG.debugf("not readable: partition=%d offset=%d", record.partition(), record.offset());
    }
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
