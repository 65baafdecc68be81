package io.ligature.state;

import io.ligature.schemas.topics.Topics;
import io.ligature.schemas.wire.CloudEvents;
import io.ligature.schemas.wire.RecordCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Puts the REST interface's commands on the inbox; outside of any transaction. */
public final class Inbox implements AutoCloseable {

  private final Producer<byte[], byte[]> producer;
  private final RecordCodec codec;
  private final Topics topics;
  private final InstantSource clock;
  private final Duration wait;
  private final int maxRecordBytes;

  Inbox(
      Producer<byte[], byte[]> producer,
      RecordCodec codec,
      Topics topics,
      InstantSource clock,
      Duration wait,
      int maxRecordBytes) {
    this.producer = producer;
    this.codec = codec;
    this.topics = topics;
    this.clock = clock;
    this.wait = wait;
    this.maxRecordBytes = maxRecordBytes;
  }

  /** True when the encoded record is one that the broker takes. */
  public boolean fits(SpecificRecord record) {
    return codec.encode(record).length <= maxRecordBytes;
  }

  /**
   * Returns when the broker has it.
   *
   * @throws Unavailable when the broker did not say so in time; it may have it all the same
   */
  public void put(String root, String id, SpecificRecord record, @Nullable String traceparent) {
    ProducerRecord<byte[], byte[]> message =
        new ProducerRecord<>(
            topics.inbox(),
            null,
            root.getBytes(StandardCharsets.UTF_8),
            codec.encode(record),
            CloudEvents.headers(id, record, "/state-service", clock.instant(), root, traceparent));
    try {
      producer.send(message).get(wait.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Unavailable("interrupted while the broker was waited for", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new Unavailable(
          "the broker did not take the record within " + wait + "; send the request again", e);
    }
  }

  @Override
  public void close() {
    producer.close(Duration.ofSeconds(2));
  }
}
