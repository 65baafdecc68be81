package io.ligature.state.stream;

import io.ligature.avro.Evidence;
import io.ligature.avro.NeedsReview;
import io.ligature.avro.ReviewRequested;
import io.ligature.avro.ReviewWithdrawn;
import io.ligature.avro.TaskCancel;
import io.ligature.avro.TaskEnvelope;
import io.ligature.avro.WorkflowEvent;
import io.ligature.schemas.wire.CloudEvents;
import io.ligature.schemas.wire.RecordCodec;
import io.ligature.state.engine.Effect;
import io.ligature.state.engine.EventEntry;
import io.ligature.state.engine.Outcome;
import io.ligature.state.engine.codec.EventCodec;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/**
 * The records that an outcome puts on topics, encoded and measured before the first is sent: one
 * that the broker would refuse must never reach the producer, because it would hold up every
 * workflow of the partition.
 */
final class Outgoing {

  static final String SOURCE = "/state-service";

  private final RecordCodec codec;
  private final int maxBytes;

  /** One encoded record and the sink it goes to. */
  record Sent(Sink sink, Record<byte[], byte[]> record) {}

  /** A record is larger than the broker takes, whatever is left out of it. */
  static final class OversizeException extends RuntimeException {
    OversizeException(String message) {
      super(message);
    }
  }

  /**
   * @param maxBytes largest value of a record
   */
  Outgoing(RecordCodec codec, int maxBytes) {
    this.codec = codec;
    this.maxBytes = maxBytes;
  }

  /**
   * @param at timestamp of the effects' records; events carry the instant of their decision
   * @throws OversizeException when one does not fit
   */
  List<Sent> of(Outcome outcome, String root, Instant at, @Nullable String traceparent) {
    byte[] key = root.getBytes(StandardCharsets.UTF_8);
    List<Sent> all = new ArrayList<>(outcome.events().size() + outcome.effects().size());
    for (EventEntry entry : outcome.events()) {
      all.add(event(entry, key, traceparent));
    }
    for (Effect effect : outcome.effects()) {
      Sent sent = effect(effect, key, at, traceparent);
      if (sent != null) {
        all.add(sent);
      }
    }
    return all;
  }

  private Sent event(EventEntry entry, byte[] key, @Nullable String traceparent) {
    String id = entry.workflowId() + "/" + entry.sequence();
    WorkflowEvent event = EventCodec.toRecord(entry);
    byte[] value = codec.encode(event);
    if (value.length > maxBytes && event.getBody() instanceof ReviewRequested requested) {
      NeedsReview leaner = leaner(requested.getReview(), value.length - maxBytes);
      ReviewRequested body = ReviewRequested.newBuilder(requested).setReview(leaner).build();
      event = WorkflowEvent.newBuilder(event).setBody(body).build();
      value = codec.encode(event);
    }
    return sent(Sink.EVENTS, key, value, event, id, entry.at(), entry.workflowId(), traceparent);
  }

  private @Nullable Sent effect(
      Effect effect, byte[] key, Instant at, @Nullable String traceparent) {
    return switch (effect) {
      case Effect.DispatchTask(TaskEnvelope envelope) ->
          sent(
              Sink.READY,
              key,
              codec.encode(envelope),
              envelope,
              envelope.getId(),
              at,
              envelope.getContext().getWorkflowId(),
              traceparent);
      case Effect.CancelTask(TaskCancel cancel) ->
          sent(
              Sink.CANCELLED,
              key,
              codec.encode(cancel),
              cancel,
              cancel.getId() + "/cancel",
              at,
              cancel.getWorkflowId(),
              traceparent);
      case Effect.RequestReview(NeedsReview review) -> review(review, key, at, traceparent);
      case Effect.WithdrawReview(ReviewWithdrawn withdrawn) ->
          sent(
              Sink.REVIEWS,
              key,
              codec.encode(withdrawn),
              withdrawn,
              withdrawn.getReviewId() + "/withdrawn",
              at,
              withdrawn.getWorkflowId(),
              traceparent);
      case Effect.StartChild child -> null;
      case Effect.CancelChild child -> null;
      case Effect.PauseChild child -> null;
      case Effect.ResumeChild child -> null;
      case Effect.ReportToParent report -> null;
      case Effect.SetTimer timer -> null;
      case Effect.ClearTimer timer -> null;
    };
  }

  private Sent review(NeedsReview review, byte[] key, Instant at, @Nullable String traceparent) {
    NeedsReview fitting = review;
    byte[] value = codec.encode(fitting);
    if (value.length > maxBytes) {
      fitting = leaner(review, value.length - maxBytes);
      value = codec.encode(fitting);
    }
    return sent(
        Sink.REVIEWS,
        key,
        value,
        fitting,
        review.getReviewId(),
        at,
        review.getWorkflowId(),
        traceparent);
  }

  /**
   * The review without as many of its evidence's inputs and outputs as are over the size, the
   * farthest first. Its subject stays: without it there is nothing to approve.
   */
  private static NeedsReview leaner(NeedsReview review, int excess) {
    List<Evidence> evidence = new ArrayList<>(review.getEvidence());
    long left = excess;
    for (int i = evidence.size() - 1; i >= 0 && left > 0; i--) {
      Evidence full = evidence.get(i);
      left -= full.getInput() == null ? 0 : full.getInput().getSize();
      left -= full.getOutput() == null ? 0 : full.getOutput().getSize();
      evidence.set(i, Evidence.newBuilder(full).setInput(null).setOutput(null).build());
    }
    return NeedsReview.newBuilder(review).setEvidence(evidence).build();
  }

  private Sent sent(
      Sink sink,
      byte[] key,
      byte[] value,
      SpecificRecord record,
      String id,
      Instant at,
      String workflowId,
      @Nullable String traceparent) {
    if (value.length > maxBytes) {
      throw new OversizeException(
          record.getSchema().getName()
              + " "
              + id
              + " has "
              + value.length
              + " bytes, more than a record may have ("
              + maxBytes
              + ")");
    }
    RecordHeaders headers =
        new RecordHeaders(CloudEvents.headers(id, record, SOURCE, at, workflowId, traceparent));
    return new Sent(sink, new Record<>(key, value, Math.max(0, at.toEpochMilli()), headers));
  }
}
