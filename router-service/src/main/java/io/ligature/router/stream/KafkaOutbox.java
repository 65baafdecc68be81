package io.ligature.router.stream;

import io.ligature.avro.RouterReport;
import io.ligature.avro.TaskAssignment;
import io.ligature.avro.TaskEnvelope;
import io.ligature.avro.TaskUnplaced;
import io.ligature.router.routing.Waiting.Origin;
import io.ligature.schemas.topics.Topics;
import io.ligature.schemas.wire.CloudEvents;
import io.ligature.schemas.wire.DeadLetters;
import io.ligature.schemas.wire.RecordCodec;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;

/**
 * Writes to Kafka without waiting. What the broker has stored is queued as finished for the loop to
 * tick off; a write that fails for good is the end of this process, because nothing else keeps the
 * record from being lost.
 */
final class KafkaOutbox implements Outbox {

  static final String SERVICE = "router-service";
  private static final String SOURCE = "/" + SERVICE;

  private final Producer<byte[], byte[]> producer;
  private final Topics topics;
  private final RecordCodec codec;
  private final Tracing tracing;
  private final Consumer<Throwable> onFailure;
  private final Queue<Origin> stored = new ConcurrentLinkedQueue<>();

  KafkaOutbox(
      Producer<byte[], byte[]> producer,
      Topics topics,
      RecordCodec codec,
      Tracing tracing,
      Consumer<Throwable> onFailure) {
    this.producer = producer;
    this.topics = topics;
    this.codec = codec;
    this.tracing = tracing;
    this.onFailure = onFailure;
  }

  @Override
  public void assign(TaskAssignment assignment, Origin origin) {
    TaskEnvelope envelope = assignment.getEnvelope();
    String traceparent = tracing.routed(envelope, assignment.getAgent(), origin.traceparent());
    ProducerRecord<byte[], byte[]> record =
        record(
            topics.tasksAssigned(assignment.getPool()),
            origin,
            assignment,
            envelope.getId(),
            assignment.getAssignedAt(),
            envelope.getContext().getWorkflowId(),
            traceparent);
    var _ =
        producer.send(
            record,
            (metadata, failure) -> {
              if (failure instanceof RecordTooLargeException) {
                tooLarge(assignment, origin, failure);
              } else {
                settle(origin, failure);
              }
            });
  }

  @Override
  public void copy(TaskAssignment assignment, Origin origin) {
    TaskEnvelope envelope = assignment.getEnvelope();
    ProducerRecord<byte[], byte[]> record =
        record(
            topics.tasksAssigned(assignment.getPool()),
            origin,
            assignment,
            Shares.copy(envelope.getId(), assignment.getAgent()),
            assignment.getAssignedAt(),
            envelope.getContext().getWorkflowId(),
            origin.traceparent());
    var _ =
        producer.send(
            record,
            (metadata, failure) -> {
              if (failure != null && !(failure instanceof RecordTooLargeException)) {
                onFailure.accept(failure);
              }
            });
  }

  @Override
  public void unplaced(TaskUnplaced unplaced, Origin origin) {
    ProducerRecord<byte[], byte[]> record =
        record(
            topics.inbox(),
            origin,
            unplaced,
            unplaced.getId() + (unplaced.getParked() ? "/parked/" : "/waiting/") + origin.offset(),
            unplaced.getReportedAt(),
            unplaced.getWorkflowId(),
            origin.traceparent());
    boolean finishes = unplaced.getParked();
    var _ =
        producer.send(
            record,
            (metadata, failure) -> {
              if (failure != null || finishes) {
                settle(origin, failure);
              }
            });
  }

  /** Tells the other routers. */
  void report(RouterReport report) {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(
            topics.routers(),
            null,
            report.getRouter().getBytes(StandardCharsets.UTF_8),
            codec.encode(report),
            CloudEvents.headers(
                report.getRouter() + "/" + report.getSequence(),
                report,
                SOURCE,
                report.getReportedAt(),
                report.getRouter(),
                null));
    var _ =
        producer.send(
            record,
            (metadata, failure) -> {
              if (failure != null) {
                onFailure.accept(failure);
              }
            });
  }

  /** Puts an unreadable record aside; the callback runs when it is stored there. */
  void deadLetter(ConsumerRecord<byte[], byte[]> origin, String reason, Runnable whenStored) {
    Callback callback =
        (metadata, failure) -> {
          if (failure == null) {
            whenStored.run();
          } else {
            onFailure.accept(failure);
          }
        };
    var _ =
        producer.send(DeadLetters.letter(topics.deadLetters(), origin, reason, SERVICE), callback);
  }

  void finished(Origin origin) {
    stored.add(origin);
  }

  /** The next finished record; null when there is none. */
  @Nullable Origin nextFinished() {
    return stored.poll();
  }

  /** Returns when all that was written so far is stored or has failed. */
  void flush() {
    producer.flush();
  }

  private void tooLarge(TaskAssignment assignment, Origin origin, Exception failure) {
    TaskEnvelope envelope = assignment.getEnvelope();
    unplaced(
        new TaskUnplaced(
            envelope.getId(),
            envelope.getContext().getWorkflowId(),
            "the assignment is larger than the broker takes; make the input smaller or raise the"
                + " topics' max.message.bytes: "
                + failure.getMessage(),
            true,
            List.of(),
            assignment.getAssignedAt()),
        origin);
  }

  private void settle(Origin origin, @Nullable Exception failure) {
    if (failure == null) {
      stored.add(origin);
    } else {
      onFailure.accept(failure);
    }
  }

  private ProducerRecord<byte[], byte[]> record(
      String topic,
      Origin origin,
      SpecificRecord value,
      String id,
      Instant time,
      String subject,
      @Nullable String traceparent) {
    return new ProducerRecord<>(
        topic,
        null,
        origin.key().getBytes(StandardCharsets.UTF_8),
        codec.encode(value),
        CloudEvents.headers(id, value, SOURCE, time, subject, traceparent));
  }
}
