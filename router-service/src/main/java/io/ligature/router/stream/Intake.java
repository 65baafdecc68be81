package io.ligature.router.stream;

import io.ligature.avro.Failure;
import io.ligature.avro.ResultMetadata;
import io.ligature.avro.ResultStatus;
import io.ligature.avro.ShadowResult;
import io.ligature.avro.TaskCancel;
import io.ligature.avro.TaskEnvelope;
import io.ligature.avro.TaskResult;
import io.ligature.router.routing.Ended;
import io.ligature.router.routing.Waiting.Origin;
import io.ligature.schemas.topics.Topics;
import io.ligature.schemas.wire.CloudEvents;
import io.ligature.schemas.wire.RecordCodec;
import io.ligature.schemas.wire.UnreadableRecordException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Reads what was polled, and hands it to the dispatcher. What cannot be read is put aside. */
final class Intake {

  private static final Logger LOG = Logger.getLogger(Intake.class);

  /** Of the inbox only these concern routing; their header saves reading the others. */
  private static final Set<String> RESULTS =
      Set.of(
          TaskResult.getClassSchema().getFullName(), ShadowResult.getClassSchema().getFullName());

  private final Topics topics;
  private final RecordCodec codec;
  private final Dispatcher dispatcher;
  private final KafkaOutbox outbox;
  private final RouterMetrics metrics;

  Intake(
      Topics topics,
      RecordCodec codec,
      Dispatcher dispatcher,
      KafkaOutbox outbox,
      RouterMetrics metrics) {
    this.topics = topics;
    this.codec = codec;
    this.dispatcher = dispatcher;
    this.outbox = outbox;
    this.metrics = metrics;
  }

  /** A task that was read. */
  record Task(TaskEnvelope envelope, Origin origin) {}

  /** Takes results and cancellations in, and returns the tasks, by priority. */
  List<Task> take(ConsumerRecords<byte[], byte[]> records, Instant now) {
    List<Task> tasks = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      read(record, tasks, now);
    }
    tasks.sort(Comparator.comparingInt((Task task) -> task.envelope.getPriority()).reversed());
    return tasks;
  }

  private void read(ConsumerRecord<byte[], byte[]> record, List<Task> tasks, Instant now) {
    boolean inbox = record.topic().equals(topics.inbox());
    if (record.topic().equals(topics.tasksReady())) {
      OffsetTracker offsets = dispatcher.offsets(record.partition());
      if (offsets == null) {
        return;
      }
      offsets.begin(record.offset());
    } else if (inbox && !tellsResult(record)) {
      return;
    }
    try {
      take(record, codec.decode(record.value()), tasks, now);
    } catch (UnreadableRecordException e) {
      // The state-service puts unreadable records of the inbox aside; twice would be noise.
      if (!inbox) {
        refuse(record, String.valueOf(e.getMessage()));
      }
    }
  }

  private void take(
      ConsumerRecord<byte[], byte[]> record, SpecificRecord value, List<Task> tasks, Instant now) {
    boolean inbox = record.topic().equals(topics.inbox());
    switch (value) {
      case TaskEnvelope envelope when record.topic().equals(topics.tasksReady()) ->
          tasks.add(new Task(envelope, origin(record)));
      case TaskResult result when inbox ->
          dispatcher.result(record.partition(), ended(result), now);
      case ShadowResult result when inbox ->
          dispatcher.copyResult(record.partition(), ended(result), now);
      case TaskCancel cancel when record.topic().equals(topics.tasksCancelled()) ->
          dispatcher.cancelled(record.partition(), cancel.getId());
      default -> {
        if (!inbox) {
          refuse(record, value.getSchema().getFullName() + " does not belong on " + record.topic());
        }
      }
    }
  }

  private static boolean tellsResult(ConsumerRecord<byte[], byte[]> record) {
    String type = CloudEvents.text(record.headers(), "ce_type");
    return type == null || RESULTS.contains(type);
  }

  static Ended ended(TaskResult result) {
    return ended(
        result.getId(),
        result.getExecutor(),
        result.getReportedAt(),
        result.getAgent() != null && result.getMetadata().getServedFrom() == null,
        result.getMetadata(),
        result.getStatus() == ResultStatus.failure ? result.getError() : null);
  }

  static Ended ended(ShadowResult result) {
    return ended(
        Shares.copy(result.getId(), result.getAgent()),
        result.getExecutor(),
        result.getReportedAt(),
        result.getMetadata().getServedFrom() == null,
        result.getMetadata(),
        result.getStatus() == ResultStatus.failure ? result.getError() : null);
  }

  private static Ended ended(
      String name,
      String executor,
      Instant at,
      boolean called,
      ResultMetadata metadata,
      @Nullable Failure failure) {
    Long input = metadata.getInputTokens();
    Long output = metadata.getOutputTokens();
    Long cached = metadata.getCachedInputTokens();
    Long retryAfter = failure == null ? null : failure.getRetryAfter();
    return new Ended(
        name,
        executor,
        at,
        called,
        metadata.getModel(),
        input == null && output == null
            ? -1
            : (input == null ? 0 : input) + (output == null ? 0 : output),
        input == null || input <= 0 || cached == null ? -1 : (double) cached / input,
        failure == null ? null : failure.getKind(),
        retryAfter == null ? 0 : Math.max(0, retryAfter));
  }

  private static Origin origin(ConsumerRecord<byte[], byte[]> record) {
    return new Origin(
        record.partition(),
        record.offset(),
        record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8),
        CloudEvents.text(record.headers(), CloudEvents.TRACEPARENT));
  }

  private void refuse(ConsumerRecord<byte[], byte[]> record, String reason) {
    Origin origin = origin(record);
    boolean ready = record.topic().equals(topics.tasksReady());
    putAside(
        record,
        reason,
        () -> {
          if (ready) {
            outbox.finished(origin);
          }
        });
  }

  void putAside(ConsumerRecord<byte[], byte[]> record, String reason, Runnable whenStored) {
    LOG.warnf(
        "unreadable record put aside: topic=%s partition=%d offset=%d reason=\"%s\"",
        record.topic(), record.partition(), record.offset(), reason);
    metrics.deadLetter();
    outbox.deadLetter(record, reason, whenStored);
  }
}
