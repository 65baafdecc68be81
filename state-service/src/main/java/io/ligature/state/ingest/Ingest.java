package io.ligature.state.ingest;

import io.ligature.avro.ReviewDecision;
import io.ligature.avro.StartAccepted;
import io.ligature.avro.WorkflowDefinition;
import io.ligature.avro.WorkflowStart;
import io.ligature.schemas.topics.Topics;
import io.ligature.schemas.wire.CloudEvents;
import io.ligature.schemas.wire.DeadLetters;
import io.ligature.schemas.wire.RecordCodec;
import io.ligature.schemas.wire.UnreadableRecordException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of one record from outside: exactly one record, on the inbox or among the dead
 * letters. It writes nothing itself.
 *
 * <p>Idempotent by workflow id and decision id, so that a record may be taken twice.
 */
public final class Ingest {

  private static final String SERVICE = "state-service";
  private static final String SOURCE = "/state-service";

  private final ChildPins.Definitions definitions;
  private final StartCheck check;
  private final RecordCodec codec;
  private final Topics topics;
  private final InstantSource clock;
  private final int maxRecordBytes;

  /**
   * @param maxRecordBytes largest value that the broker takes
   */
  public Ingest(
      ChildPins.Definitions definitions,
      StartCheck check,
      RecordCodec codec,
      Topics topics,
      InstantSource clock,
      int maxRecordBytes) {
    this.definitions = definitions;
    this.check = check;
    this.codec = codec;
    this.topics = topics;
    this.clock = clock;
    this.maxRecordBytes = maxRecordBytes;
  }

  /** For a record of {@code ligature.starts}. */
  public ProducerRecord<byte[], byte[]> start(ConsumerRecord<byte[], byte[]> origin) {
    try {
      if (codec.decode(origin.value()) instanceof WorkflowStart start) {
        return start(origin, start);
      }
      return deadLetter(origin, "not a WorkflowStart; only those are read from " + origin.topic());
    } catch (UnreadableRecordException e) {
      return deadLetter(origin, e.getMessage());
    }
  }

  /** For a record of {@code ligature.reviews.decided}. */
  public ProducerRecord<byte[], byte[]> decision(ConsumerRecord<byte[], byte[]> origin) {
    try {
      if (!(codec.decode(origin.value()) instanceof ReviewDecision decision)) {
        return deadLetter(
            origin, "not a ReviewDecision; only those are read from " + origin.topic());
      }
      String root = decision.getRootWorkflowId();
      return root.equals(key(origin))
          ? inbox(origin, root, decision, decision.getDecisionId())
          : deadLetter(origin, wrongKey(origin, root));
    } catch (UnreadableRecordException e) {
      return deadLetter(origin, e.getMessage());
    }
  }

  private ProducerRecord<byte[], byte[]> start(
      ConsumerRecord<byte[], byte[]> origin, WorkflowStart start) {
    String id = start.getWorkflowId();
    Optional<String> noId = StartCheck.idViolation(id);
    if (noId.isPresent()) {
      return deadLetter(origin, noId.get());
    }
    if (!id.equals(key(origin))) {
      return deadLetter(origin, wrongKey(origin, id));
    }
    Instant now = clock.instant();
    WorkflowDefinition definition =
        definitions.find(start.getDefinition(), start.getVersion()).orElse(null);
    return switch (check.check(start, definition, now)) {
      case StartCheck.Accepted(StartAccepted accepted) -> accepted(origin, accepted, now);
      case StartCheck.UnknownDefinition(String message) ->
          refused(origin, start, List.of(message), now);
      case StartCheck.Refused(List<String> violations) -> refused(origin, start, violations, now);
    };
  }

  private ProducerRecord<byte[], byte[]> accepted(
      ConsumerRecord<byte[], byte[]> origin, StartAccepted accepted, Instant now) {
    WorkflowStart start = accepted.getStart();
    ProducerRecord<byte[], byte[]> record =
        inbox(origin, start.getWorkflowId(), accepted, start.getWorkflowId());
    if (record.value().length <= maxRecordBytes) {
      return record;
    }
    String violation =
        "input: with its definitions the start has "
            + record.value().length
            + " bytes, more than a record may have ("
            + maxRecordBytes
            + "); pass a reference to large content instead of the content";
    return refused(origin, start, List.of(violation), now);
  }

  private ProducerRecord<byte[], byte[]> refused(
      ConsumerRecord<byte[], byte[]> origin,
      WorkflowStart start,
      List<String> violations,
      Instant now) {
    ProducerRecord<byte[], byte[]> record =
        inbox(
            origin,
            start.getWorkflowId(),
            check.refusal(start, violations, now),
            start.getWorkflowId());
    return record.value().length <= maxRecordBytes
        ? record
        : deadLetter(origin, "refused, and too large to say so: " + violations.getFirst());
  }

  private ProducerRecord<byte[], byte[]> inbox(
      ConsumerRecord<byte[], byte[]> origin, String root, SpecificRecord record, String id) {
    List<Header> headers =
        CloudEvents.headers(
            id,
            record,
            SOURCE,
            clock.instant(),
            root,
            CloudEvents.text(origin.headers(), CloudEvents.TRACEPARENT));
    return new ProducerRecord<>(
        topics.inbox(), null, root.getBytes(StandardCharsets.UTF_8), codec.encode(record), headers);
  }

  private ProducerRecord<byte[], byte[]> deadLetter(
      ConsumerRecord<byte[], byte[]> origin, @Nullable String reason) {
    return DeadLetters.letter(topics.deadLetters(), origin, String.valueOf(reason), SERVICE);
  }

  private static @Nullable String key(ConsumerRecord<byte[], byte[]> origin) {
    return origin.key() == null ? null : new String(origin.key(), StandardCharsets.UTF_8);
  }

  private static String wrongKey(ConsumerRecord<byte[], byte[]> origin, String id) {
    return "the record's key is '"
        + key(origin)
        + "' but its workflow id '"
        + id
        + "'; use the workflow id as the key, so that the workflow has one ordered log";
  }
}
