package io.ligature.state.schedule;

import io.ligature.avro.WorkflowStart;
import io.ligature.schemas.wire.CloudEvents;
import io.ligature.schemas.wire.RecordCodec;
import io.ligature.state.Unavailable;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Puts starts on {@code ligature.starts}, where they are checked like everyone's. */
public final class StartsTopic implements Scheduler.Starts, AutoCloseable {

  private static final Duration CLOSE_WAIT = Duration.ofSeconds(2);

  private final Producer<byte[], byte[]> producer;
  private final RecordCodec codec;
  private final String topic;
  private final InstantSource clock;
  private final Duration wait;

  public StartsTopic(
      Producer<byte[], byte[]> producer,
      RecordCodec codec,
      String topic,
      InstantSource clock,
      Duration wait) {
    this.producer = producer;
    this.codec = codec;
    this.topic = topic;
    this.clock = clock;
    this.wait = wait;
  }

  @Override
  public void put(WorkflowStart start) {
    String id = start.getWorkflowId();
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            topic,
            null,
            id.getBytes(StandardCharsets.UTF_8),
            codec.encode(start),
            CloudEvents.headers(id, start, "/state-service/schedule", clock.instant(), id, null));
    try {
      producer.send(record).get(wait.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Unavailable("interrupted while the broker was waited for", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new Unavailable("the broker did not take the start of " + id, e);
    }
  }

  @Override
  public void close() {
    producer.close(CLOSE_WAIT);
  }
}
