package io.ligature.router.stream;

import io.ligature.avro.AgentStatistics;
import io.ligature.avro.StatisticsPosition;
import io.ligature.router.statistics.AgentAt;
import io.ligature.router.statistics.EventFold;
import io.ligature.schemas.topics.Topics;
import io.ligature.schemas.wire.CloudEvents;
import io.ligature.schemas.wire.RecordCodec;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Writes to the topic of statistics: what has changed first, then how far it reaches. */
final class StatisticsOutbox {

  private static final String SOURCE = "/" + KafkaOutbox.SERVICE;

  private final Producer<byte[], byte[]> producer;
  private final Topics topics;
  private final RecordCodec codec;
  private final Clock clock;
  private final Map<Integer, Long> published = new HashMap<>();
  private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

  StatisticsOutbox(
      Producer<byte[], byte[]> producer, Topics topics, RecordCodec codec, Clock clock) {
    this.producer = producer;
    this.topics = topics;
    this.codec = codec;
    this.clock = clock;
  }

  /** Key of a record: {@code agent|capability@partition}. */
  record Key(AgentAt at, int partition) {

    /** Null when it is the key of a position, {@code @partition}, or of nothing known. */
    static @Nullable Key parse(String text) {
      int bar = text.indexOf('|');
      int at = text.lastIndexOf('@');
      if (bar < 1 || at < bar || !text.substring(at + 1).matches("\\d{1,9}")) {
        return null;
      }
      return new Key(
          new AgentAt(text.substring(0, bar), text.substring(bar + 1, at)),
          Integer.parseInt(text.substring(at + 1)));
    }

    @Override
    public String toString() {
      return at.agent() + "|" + at.capability() + "@" + partition;
    }
  }

  /**
   * @throws IllegalStateException when a write was refused for good
   */
  void check() {
    Exception cause = failure.get();
    if (cause != null) {
      throw new IllegalStateException("statistics were not written", cause);
    }
  }

  void publish(int partition, EventFold fold) {
    List<AgentStatistics> changed = fold.takeChanged(partition);
    for (AgentStatistics each : changed) {
      send(new Key(AgentAt.of(each), partition).toString(), each);
    }
    fold.takeDropped().forEach(each -> remove(each, partition));
    Long before = published.put(partition, fold.nextOffset());
    if (before == null || before < fold.nextOffset()) {
      send(
          "@" + partition,
          new StatisticsPosition(partition, fold.nextOffset(), fold.readFrom(), now()));
    }
  }

  void remove(AgentAt at, int partition) {
    byte[] key = new Key(at, partition).toString().getBytes(StandardCharsets.UTF_8);
    write(new ProducerRecord<>(topics.agentsStatistics(), key, null));
  }

  private void send(String key, SpecificRecord value) {
    Instant now = now();
    write(
        new ProducerRecord<>(
            topics.agentsStatistics(),
            null,
            key.getBytes(StandardCharsets.UTF_8),
            codec.encode(value),
            CloudEvents.headers(key + "/" + now.toEpochMilli(), value, SOURCE, now, key, null)));
  }

  private void write(ProducerRecord<byte[], byte[]> record) {
    var _ =
        producer.send(
            record,
            (metadata, refused) -> {
              if (refused != null) {
                failure.compareAndSet(null, refused);
              }
            });
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}
