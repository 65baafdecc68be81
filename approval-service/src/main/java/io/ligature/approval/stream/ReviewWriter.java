package io.ligature.approval.stream;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.ligature.approval.review.Clockwork;
import io.ligature.approval.review.Evolution;
import io.ligature.approval.review.Outcome;
import io.ligature.approval.review.Review;
import io.ligature.approval.review.ReviewEvent;
import io.ligature.approval.review.Standing;
import io.ligature.avro.NeedsReview;
import io.ligature.avro.Payload;
import io.ligature.avro.ReviewAnswer;
import io.ligature.avro.ReviewCommand;
import io.ligature.avro.ReviewDecision;
import io.ligature.avro.ReviewTrailEntry;
import io.ligature.schemas.wire.CloudEvents;
import io.ligature.schemas.wire.Payloads;
import io.ligature.schemas.wire.RecordCodec;
import io.ligature.schemas.wire.TrailLine;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Writes what happened: the trail, what follows from it (indexes, timers), and the records for
 * others. It decides nothing.
 */
final class ReviewWriter {

  private static final byte[] EMPTY = new byte[0];

  private final KeyValueStore<String, byte[]> store;
  private final RecordCodec codec;
  private final ProcessorContext<byte[], byte[]> context;
  private final PublicReason reasons;

  ReviewWriter(
      KeyValueStore<String, byte[]> store,
      RecordCodec codec,
      ProcessorContext<byte[], byte[]> context,
      PublicReason reasons) {
    this.reasons = reasons;
    this.store = store;
    this.codec = codec;
    this.context = context;
  }

  /**
   * @param before null: the first of the events opens it
   * @return the review behind them
   */
  Review happened(
      ReviewRows.@Nullable Kept before, List<ReviewEvent> events, @Nullable String traceparent) {
    Review review = before == null ? null : before.review();
    Review first = review;
    String head = before == null ? TrailLine.START : before.head();
    List<Entered> entered = new ArrayList<>();
    for (ReviewEvent event : events) {
      Review next = Evolution.evolve(review, event);
      TrailLine line = line(next, event, head);
      entered.add(new Entered(next.standing().entries(), event, line));
      head = line.hash();
      review = next;
    }
    if (review == null) {
      throw new IllegalArgumentException("nothing happened");
    }
    String id = review.request().getReviewId();
    for (Entered each : entered) {
      write(id, each);
    }
    ReviewSummary summary = ReviewSummary.of(review, reasons.of(review.request()));
    index(first, review, summary);
    time(first, review);
    for (Entered each : entered) {
      tell(review, each, summary, traceparent);
    }
    return review;
  }

  private record Entered(long number, ReviewEvent event, TrailLine line) {}

  /** Whoever reads beside this sees no entry without what it speaks of, and no bare request. */
  private void write(String id, Entered entered) {
    boolean first = entered.event instanceof ReviewEvent.Opened;
    if (!first) {
      keep(id, entered.number, entered.event);
    }
    store.put(ReviewRows.trailKey(id, entered.number), entered.line.row());
    if (first) {
      keep(id, entered.number, entered.event);
    }
  }

  private TrailLine line(Review after, ReviewEvent event, String head) {
    String context =
        event instanceof ReviewEvent.Opened(NeedsReview request)
            ? Payloads.sha256(codec.encode(request))
            : "";
    return TrailJson.write(
        after.request().getReviewId(), after.standing().entries(), head, event, context);
  }

  /** What is too large for a line, or is read by itself. */
  private void keep(String id, long number, ReviewEvent event) {
    switch (event) {
      case ReviewEvent.Opened(var request) ->
          store.put(ReviewRows.REQUEST + id, codec.encode(request));
      case ReviewEvent.Decided(var decision) ->
          store.put(ReviewRows.DECISION + id, codec.encode(decision));
      case ReviewEvent.Withdrawn(var withdrawal) ->
          store.put(ReviewRows.WITHDRAWAL + id, codec.encode(withdrawal));
      case ReviewEvent.Claimed any -> {}
      case ReviewEvent.Released any -> {}
      case ReviewEvent.Delegated any -> {}
      case ReviewEvent.Commented any -> {}
      case ReviewEvent.Voted vote -> keepEdit(id, number, vote);
      case ReviewEvent.Reminded any -> {}
      case ReviewEvent.Escalated any -> {}
      case ReviewEvent.Refused any -> {}
    }
  }

  private void keepEdit(String id, long number, ReviewEvent.Voted vote) {
    Payload edited = vote.edited();
    String diff = vote.diff();
    if (edited != null && diff != null) {
      store.put(ReviewRows.numbered(ReviewRows.OUTPUT, id, number), Payloads.bytes(edited));
      store.put(
          ReviewRows.numbered(ReviewRows.DIFF, id, number), diff.getBytes(StandardCharsets.UTF_8));
    }
  }

  private void index(@Nullable Review before, Review after, ReviewSummary summary) {
    List<String> terms = Terms.rows(summary);
    if (before != null) {
      // No term comes from the reason.
      ReviewSummary old = ReviewSummary.of(before, "");
      if (!old.key().equals(summary.key())) {
        store.delete(old.key());
      }
      List<String> known = Terms.rows(old);
      known.stream().filter(row -> !terms.contains(row)).forEach(store::delete);
      terms.removeAll(known);
    }
    store.put(summary.key(), summary.row());
    terms.forEach(row -> store.put(row, EMPTY));
    if (before instanceof Review.Open && after instanceof Review.Decided decided) {
      deciders(decided);
    }
  }

  private void deciders(Review.Decided review) {
    ArrayNode names = Payloads.JSON.createArrayNode();
    review.standing().votes().stream().map(Standing.Vote::who).distinct().forEach(names::add);
    NeedsReview request = review.request();
    store.put(
        ReviewRows.deciderKey(request.getWorkflowId(), request.getReviewId()),
        ReviewRows.json(names));
  }

  private void time(@Nullable Review before, Review after) {
    String id = after.request().getReviewId();
    Instant old = before == null ? null : Clockwork.next(before).orElse(null);
    Instant next = Clockwork.next(after).orElse(null);
    if (old != null && !old.equals(next)) {
      store.delete(ReviewRows.dueKey(old, id));
    }
    if (next != null && !next.equals(old)) {
      store.put(ReviewRows.dueKey(next, id), EMPTY);
    }
  }

  private void tell(
      Review review, Entered entered, ReviewSummary summary, @Nullable String traceparent) {
    NeedsReview request = review.request();
    ReviewTrailEntry entry =
        new ReviewTrailEntry(
            request.getReviewId(),
            request.getWorkflowId(),
            request.getRootWorkflowId(),
            request.getTenant(),
            entered.number,
            TrailJson.kindOf(entered.event),
            entered.line.text(),
            summary.content().toString(),
            entered.event.at());
    forward(
        ReviewTopology.TRAIL,
        request,
        entry,
        request.getReviewId() + "/" + entered.number,
        entered.event.at(),
        traceparent);
    if (entered.event instanceof ReviewEvent.Decided(ReviewDecision decision)) {
      forward(
          ReviewTopology.DECIDED,
          request,
          decision,
          decision.getDecisionId(),
          decision.getDecidedAt(),
          traceparent);
    }
  }

  private void forward(
      String sink,
      NeedsReview request,
      SpecificRecord record,
      String id,
      Instant at,
      @Nullable String traceparent) {
    forward(
        sink,
        request.getRootWorkflowId().getBytes(StandardCharsets.UTF_8),
        record,
        CloudEvents.headers(
            id, record, "/" + ReviewTopology.SERVICE, at, request.getWorkflowId(), traceparent));
  }

  private void forward(String sink, byte[] key, SpecificRecord record, List<Header> headers) {
    context.forward(
        new Record<>(
            key, codec.encode(record), context.currentSystemTimeMs(), new RecordHeaders(headers)),
        sink);
  }

  /** Tells whoever waits for it, on whichever instance. */
  void answer(byte[] key, ReviewCommand command, @Nullable Review review, Outcome outcome) {
    ReviewAnswer answer = Answers.of(command, review, outcome);
    forward(
        ReviewTopology.TRAIL,
        key,
        answer,
        CloudEvents.headers(
            command.getCommandId(),
            answer,
            "/" + ReviewTopology.SERVICE,
            answer.getAt(),
            answer.getWorkflowId(),
            null));
  }

  /** Writes the index rows of a review of a version that wrote none. */
  void indexAgain(ReviewSummary review) {
    Terms.rows(review).forEach(row -> store.put(row, EMPTY));
  }

  /** Forgets an ended review. */
  void remove(String indexKey) {
    byte[] row = store.get(indexKey);
    if (row != null) {
      Terms.rows(ReviewSummary.read(indexKey, row)).forEach(store::delete);
    }
    String id = ReviewSummary.reviewId(indexKey);
    ReviewRows rows = new ReviewRows(store, codec);
    Review review = rows.find(id);
    if (review != null) {
      store.delete(ReviewRows.deciderKey(review.request().getWorkflowId(), id));
    }
    store.delete(ReviewRows.REQUEST + id);
    int entries = rows.trail(id).size();
    for (int number = 1; number <= entries; number++) {
      store.delete(ReviewRows.trailKey(id, number));
      store.delete(ReviewRows.numbered(ReviewRows.OUTPUT, id, number));
      store.delete(ReviewRows.numbered(ReviewRows.DIFF, id, number));
    }
    store.delete(ReviewRows.DECISION + id);
    store.delete(ReviewRows.WITHDRAWAL + id);
    store.delete(indexKey);
  }
}
