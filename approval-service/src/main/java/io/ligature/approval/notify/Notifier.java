package io.ligature.approval.notify;

import io.ligature.avro.ReviewTrailEntry;
import io.ligature.schemas.topics.Topics;
import io.ligature.schemas.wire.CloudEvents;
import io.ligature.schemas.wire.DeadLetters;
import io.ligature.schemas.wire.RecordCodec;
import io.ligature.schemas.wire.UnreadableRecordException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Reads committed entries of trails for one channel, in a consumer group of its own, and delivers
 * them: each at least once, by one instance, in the order of its review. What does not arrive goes
 * to the dead letters, and the next is delivered. No channel waits for another.
 */
final class Notifier implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(Notifier.class);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  /** Longer than all tries of one notification may take. */
  private static final int MAX_POLL_MILLIS = 3_600_000;

  private final Supplier<Consumer<byte[], byte[]>> consumers;
  private final Producer<byte[], byte[]> producer;
  private final Topics topics;
  private final RecordCodec codec;
  private final Deliveries deliveries;
  private final Duration maxAge;
  private final Clock clock;
  private final Thread thread;
  private volatile @Nullable Consumer<byte[], byte[]> current;
  private volatile boolean stopping;

  Notifier(
      Supplier<Consumer<byte[], byte[]>> consumers,
      Producer<byte[], byte[]> producer,
      Topics topics,
      RecordCodec codec,
      Deliveries deliveries,
      Duration maxAge,
      Clock clock) {
    this.consumers = consumers;
    this.producer = producer;
    this.topics = topics;
    this.codec = codec;
    this.deliveries = deliveries;
    this.maxAge = maxAge;
    this.clock = clock;
    this.thread =
        Thread.ofPlatform()
            .name("review-notifier-" + deliveries.channel())
            .daemon()
            .unstarted(this::run);
  }

  static Consumer<byte[], byte[]> consumer(String bootstrapServers, Topics topics, String channel) {
    Map<String, Object> settings = new HashMap<>();
    settings.put(ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers);
    settings.put(ConsumerConfig.GROUP_ID_CONFIG, topics.prefix() + "-approval-notify-" + channel);
    settings.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    settings.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
    settings.put(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, MAX_POLL_MILLIS);
    settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    return new KafkaConsumer<>(settings);
  }

  void start() {
    thread.start();
  }

  @Override
  public void close() {
    stopping = true;
    Consumer<byte[], byte[]> consumer = current;
    if (consumer != null) {
      consumer.wakeup();
    }
    thread.interrupt();
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
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (RuntimeException e) {
        if (!stopping) {
          LOG.warnf(
              "trails cannot be read, next try in %s: channel=%s reason=%s",
              PAUSE, deliveries.channel(), e.getMessage());
          pause();
        }
      } finally {
        current = null;
      }
    }
  }

  private void follow(Consumer<byte[], byte[]> consumer) throws InterruptedException {
    try {
      consumer.subscribe(List.of(topics.reviewsTrail()));
      while (!stopping) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          take(record);
        }
        consumer.commitSync();
      }
    } finally {
      // A consumer leaves its group in order only when nothing interrupts it.
      if (stopping && Thread.interrupted()) {
        LOG.debug("interrupted to stop");
      }
    }
  }

  /** Delivers one record; one that is older than the settings say is news to nobody. */
  void take(ConsumerRecord<byte[], byte[]> record) throws InterruptedException {
    if (clock.millis() - record.timestamp() > maxAge.toMillis()) {
      return;
    }
    try {
      if (codec.decode(record.value()) instanceof ReviewTrailEntry entry) {
        deliver(record, Notification.of(entry));
      }
    } catch (UnreadableRecordException | IllegalArgumentException e) {
      LOG.warnf(
          "not to be told: channel=%s partition=%d offset=%d reason=%s",
          deliveries.channel(), record.partition(), record.offset(), e.getMessage());
    }
  }

  private void deliver(ConsumerRecord<byte[], byte[]> record, Notification notification)
      throws InterruptedException {
    String problem =
        deliveries.send(notification, CloudEvents.text(record.headers(), CloudEvents.TRACEPARENT));
    if (problem != null) {
      keep(
          DeadLetters.letter(
              topics.deadLetters(), record, "notification: " + problem, "approval-service"));
    }
  }

  /** What is not kept is read and delivered again. */
  private void keep(ProducerRecord<byte[], byte[]> letter) throws InterruptedException {
    try {
      producer.send(letter).get();
    } catch (ExecutionException e) {
      throw new KafkaException("the dead letter was not written", e.getCause());
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
