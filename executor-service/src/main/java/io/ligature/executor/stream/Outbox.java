package io.ligature.executor.stream;

import io.ligature.avro.AgentStatus;
import io.ligature.avro.ShadowResult;
import io.ligature.avro.TaskProgress;
import io.ligature.avro.TaskResult;
import io.ligature.avro.TaskStarted;
import io.ligature.schemas.topics.Topics;
import io.ligature.schemas.wire.CloudEvents;
import io.ligature.schemas.wire.DeadLetters;
import io.ligature.schemas.wire.RecordCodec;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** Everything the executor writes. A record that cannot be written ends the executor. */
final class Outbox {

  static final String SERVICE = "executor-service";

  private final Producer<byte[], byte[]> producer;
  private final RecordCodec codec;
  private final Topics topics;
  private final String source;
  private final Consumer<Exception> fatal;
  private volatile boolean silent;

  Outbox(
      Producer<byte[], byte[]> producer,
      RecordCodec codec,
      Topics topics,
      String executor,
      Consumer<Exception> fatal) {
    this.producer = producer;
    this.codec = codec;
    this.topics = topics;
    this.source = "/" + SERVICE + "/" + executor;
    this.fatal = fatal;
  }

  /** Hears where a result stands. */
  interface Stored {
    void at(RecordMetadata place, byte[] value);
  }

  void result(byte[] key, TaskResult result, @Nullable String traceparent, Stored stored) {
    byte[] value = codec.encode(result);
    List<Header> headers =
        headers(
            result.getId() + "/result",
            result,
            result.getReportedAt(),
            result.getWorkflowId(),
            traceparent);
    send(
        new ProducerRecord<>(topics.inbox(), null, key, value, headers),
        place -> stored.at(place, value));
  }

  /** A result that stands on the inbox already, once more. */
  void again(byte[] key, TaskResult result, byte[] value, Consumer<RecordMetadata> stored) {
    List<Header> headers =
        headers(
            result.getId() + "/result",
            result,
            result.getReportedAt(),
            result.getWorkflowId(),
            null);
    send(new ProducerRecord<>(topics.inbox(), null, key, value, headers), stored);
  }

  void shadow(byte[] key, ShadowResult result, @Nullable String traceparent) {
    List<Header> headers =
        headers(
            result.getId() + "/shadow/" + result.getAgent(),
            result,
            result.getReportedAt(),
            result.getWorkflowId(),
            traceparent);
    send(
        new ProducerRecord<>(topics.inbox(), null, key, codec.encode(result), headers),
        place -> {});
  }

  void claim(byte[] key, TaskStarted claim, @Nullable String traceparent) {
    List<Header> headers =
        headers(
            claim.getId() + "/started/" + claim.getExecutor(),
            claim,
            claim.getStartedAt(),
            claim.getWorkflowId(),
            traceparent);
    send(
        new ProducerRecord<>(topics.inbox(), null, key, codec.encode(claim), headers), place -> {});
  }

  void progress(byte[] key, TaskProgress progress, @Nullable String traceparent) {
    Instant at = progress.getReportedAt();
    List<Header> headers =
        headers(
            progress.getId() + "/progress/" + at.toEpochMilli(),
            progress,
            at,
            progress.getWorkflowId(),
            traceparent);
    send(
        new ProducerRecord<>(topics.inbox(), null, key, codec.encode(progress), headers),
        place -> {});
  }

  void status(AgentStatus status) {
    String key = statusKey(status.getAgent(), status.getExecutor());
    List<Header> headers =
        headers(
            key + "/" + status.getHeartbeatAt().toEpochMilli(),
            status,
            status.getHeartbeatAt(),
            status.getAgent(),
            null);
    send(
        new ProducerRecord<>(topics.agentsStatus(), null, utf8(key), codec.encode(status), headers),
        place -> {});
  }

  void removeStatus(String agent, String executor) {
    send(
        new ProducerRecord<>(
            topics.agentsStatus(), null, utf8(statusKey(agent, executor)), null, List.of()),
        place -> {});
  }

  static String statusKey(String agent, String executor) {
    return agent + "@" + executor;
  }

  void deadLetter(ConsumerRecord<byte[], byte[]> origin, String reason, Runnable stored) {
    send(DeadLetters.letter(topics.deadLetters(), origin, reason, SERVICE), place -> stored.run());
  }

  /** Returns when everything handed over before is stored. */
  void flush() {
    producer.flush();
  }

  /** Writes nothing any more, and tells nobody. */
  void silence() {
    silent = true;
  }

  private void send(ProducerRecord<byte[], byte[]> record, Consumer<RecordMetadata> stored) {
    Callback callback =
        (place, failure) -> {
          if (silent) {
            return;
          }
          if (failure == null) {
            stored.accept(place);
          } else {
            fatal.accept(failure);
          }
        };
    if (silent) {
      return;
    }
    var _ = producer.send(record, callback);
  }

  private List<Header> headers(
      String id, SpecificRecord record, Instant at, String subject, @Nullable String traceparent) {
    return CloudEvents.headers(id, record, source, at, subject, traceparent);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
