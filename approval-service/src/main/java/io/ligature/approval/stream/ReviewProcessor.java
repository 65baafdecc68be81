package io.ligature.approval.stream;

import io.ligature.approval.review.Outcome;
import io.ligature.approval.review.Refusal;
import io.ligature.approval.review.Review;
import io.ligature.approval.review.Rules;
import io.ligature.avro.NeedsReview;
import io.ligature.avro.ReviewCommand;
import io.ligature.avro.ReviewDecision;
import io.ligature.avro.ReviewWithdrawn;
import io.ligature.schemas.wire.CloudEvents;
import io.ligature.schemas.wire.DeadLetters;
import io.ligature.schemas.wire.RecordCodec;
import io.ligature.schemas.wire.UnreadableRecordException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The one writer of the reviews of a partition.
 *
 * <p>Each input is decided by the pure rules first; only then are rows written and a decision
 * forwarded, all in one transaction. An input that cannot be read goes to the dead letters and the
 * partition goes on. A commit is asked for after each decision, since someone waits for it.
 */
final class ReviewProcessor implements Processor<byte[], byte[], byte[], byte[]> {

  private static final Logger LOG = Logger.getLogger(ReviewProcessor.class);
  private static final Duration PRUNE_INTERVAL = Duration.ofMinutes(1);
  private static final int MOST_PRUNED = 1_000;

  private final RecordCodec codec;
  private final Rules rules;
  private final ReviewListener listener;
  private final int maxRefusals;
  private final Duration keepEnded;

  private @Nullable ProcessorContext<byte[], byte[]> ownContext;
  private @Nullable KeyValueStore<String, byte[]> ownStore;
  private long open;

  ReviewProcessor(
      RecordCodec codec,
      Rules rules,
      ReviewListener listener,
      int maxRefusals,
      Duration keepEnded) {
    this.codec = codec;
    this.rules = rules;
    this.listener = listener;
    this.maxRefusals = maxRefusals;
    this.keepEnded = keepEnded;
  }

  @Override
  public void init(ProcessorContext<byte[], byte[]> context) {
    ownContext = context;
    ownStore = context.getStateStore(ReviewTopology.STORE);
    open = countOpen();
    listener.openReviews(context.taskId().partition(), open);
    context.schedule(PRUNE_INTERVAL, PunctuationType.WALL_CLOCK_TIME, this::prune);
  }

  @Override
  public void close() {
    listener.openReviews(context().taskId().partition(), 0);
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    SpecificRecord value;
    try {
      value = codec.decode(record.value());
    } catch (UnreadableRecordException e) {
      putAside(record, String.valueOf(e.getMessage()));
      return;
    }
    switch (value) {
      case NeedsReview request -> opened(request);
      case ReviewWithdrawn withdrawal -> withdrawn(withdrawal);
      case ReviewCommand command -> asked(record, command);
      default ->
          putAside(record, value.getSchema().getFullName() + " does not belong on this topic");
    }
  }

  private void opened(NeedsReview request) {
    if (rows().find(request.getReviewId()) != null) {
      return;
    }
    Review review = new Review.Open(request);
    store().put(ReviewRows.REQUEST + request.getReviewId(), codec.encode(request));
    index(review);
    changeOpen(1);
    LOG.infof(
        "review opened: reviewId=%s workflowId=%s task=%s role=%s",
        request.getReviewId(),
        request.getWorkflowId(),
        request.getTask(),
        request.getRule().getRole());
  }

  private void withdrawn(ReviewWithdrawn withdrawal) {
    if (!(rows().find(withdrawal.getReviewId()) instanceof Review.Open before)) {
      return;
    }
    store().put(ReviewRows.WITHDRAWAL + withdrawal.getReviewId(), codec.encode(withdrawal));
    move(before, before.withdrawn(withdrawal));
    LOG.infof(
        "review withdrawn: reviewId=%s workflowId=%s",
        withdrawal.getReviewId(), withdrawal.getWorkflowId());
  }

  private void asked(Record<byte[], byte[]> record, ReviewCommand command) {
    Review review = rows().find(command.getDecision().getReviewId());
    Outcome outcome = rules.decide(review, command);
    switch (outcome) {
      case Outcome.Accepted accepted -> accepted(record, review, accepted.decision());
      case Outcome.Repeated repeated -> answer(command, repeated);
      case Outcome.Refused refused -> {
        remember(review, command, refused.refusal());
        listener.refused(refused.refusal());
        answer(command, refused);
      }
    }
  }

  private void answer(ReviewCommand command, Outcome outcome) {
    listener.answered(command.getDecision().getReviewId(), command.getCommandId(), outcome);
  }

  private void accepted(
      Record<byte[], byte[]> record, @Nullable Review review, ReviewDecision decision) {
    if (!(review instanceof Review.Open before)) {
      throw new IllegalStateException(
          "the rules accepted a decision on a review that is not open: reviewId="
              + decision.getReviewId());
    }
    byte[] bytes = codec.encode(decision);
    List<Header> headers =
        CloudEvents.headers(
            decision.getDecisionId(),
            decision,
            "/" + ReviewTopology.SERVICE,
            decision.getDecidedAt(),
            decision.getWorkflowId(),
            CloudEvents.text(record.headers(), CloudEvents.TRACEPARENT));
    store().put(ReviewRows.DECISION + decision.getReviewId(), bytes);
    move(before, before.decided(decision));
    context()
        .forward(
            new Record<>(record.key(), bytes, record.timestamp(), new RecordHeaders(headers)),
            ReviewTopology.DECIDED);
    context().commit();
    Instant requestedAt = before.request().getRequestedAt();
    listener.decided(decision, Duration.between(requestedAt, decision.getDecidedAt()));
    LOG.infof(
        "review decided: reviewId=%s workflowId=%s task=%s decision=%s reviewer=%s role=%s",
        decision.getReviewId(),
        decision.getWorkflowId(),
        before.request().getTask(),
        decision.getDecision(),
        decision.getReviewer(),
        decision.getRole());
  }

  private void remember(@Nullable Review review, ReviewCommand command, Refusal refusal) {
    LOG.infof(
        "review command refused: reviewId=%s reviewer=%s kind=%s",
        command.getDecision().getReviewId(), command.getDecision().getReviewer(), refusal.kind());
    if (review == null || refusal instanceof Refusal.Unknown) {
      return;
    }
    String id = review.request().getReviewId();
    List<RefusedCommand> refused = new ArrayList<>(rows().refused(id));
    boolean known =
        refused.stream().anyMatch(entry -> entry.commandId().equals(command.getCommandId()));
    if (!known && refused.size() < maxRefusals) {
      refused.add(RefusedCommand.of(command, refusal));
      store().put(ReviewRows.REFUSED + id, ReviewRows.refusedRow(refused));
    }
  }

  private void move(Review.Open before, Review after) {
    store().delete(ReviewSummary.of(before).key());
    index(after);
    changeOpen(-1);
  }

  private void index(Review review) {
    ReviewSummary summary = ReviewSummary.of(review);
    store().put(summary.key(), summary.row());
  }

  private void changeOpen(int by) {
    open += by;
    listener.openReviews(context().taskId().partition(), open);
  }

  private long countOpen() {
    long count = 0;
    try (KeyValueIterator<String, byte[]> rows = scan(ReviewSummary.Status.OPEN, "~")) {
      while (rows.hasNext()) {
        rows.next();
        count++;
      }
    }
    return count;
  }

  private void prune(long now) {
    String before = ReviewSummary.millis(Instant.ofEpochMilli(now).minus(keepEnded));
    List<String> old = new ArrayList<>();
    collect(old, ReviewSummary.Status.DECIDED, before);
    collect(old, ReviewSummary.Status.WITHDRAWN, before);
    for (String key : old) {
      String id = ReviewSummary.reviewId(key);
      store().delete(ReviewRows.REQUEST + id);
      store().delete(ReviewRows.DECISION + id);
      store().delete(ReviewRows.WITHDRAWAL + id);
      store().delete(ReviewRows.REFUSED + id);
      store().delete(key);
    }
    if (!old.isEmpty()) {
      LOG.infof("old reviews removed: count=%d", old.size());
    }
  }

  private void collect(List<String> old, ReviewSummary.Status status, String before) {
    try (KeyValueIterator<String, byte[]> rows = scan(status, before)) {
      while (rows.hasNext() && old.size() < MOST_PRUNED) {
        KeyValue<String, byte[]> row = rows.next();
        old.add(row.key);
      }
    }
  }

  private KeyValueIterator<String, byte[]> scan(ReviewSummary.Status status, String until) {
    return store().range(status.prefix(), status.prefix() + until);
  }

  private void putAside(Record<byte[], byte[]> record, String reason) {
    RecordMetadata origin = context().recordMetadata().orElseThrow();
    RecordHeaders headers =
        new RecordHeaders(
            DeadLetters.headers(
                origin.topic(),
                origin.partition(),
                origin.offset(),
                record.timestamp(),
                reason,
                ReviewTopology.SERVICE));
    record.headers().forEach(headers::add);
    context()
        .forward(
            new Record<>(record.key(), record.value(), record.timestamp(), headers),
            ReviewTopology.DEAD_LETTERS);
    LOG.warnf(
        "record put aside: topic=%s partition=%d offset=%d reason=%s",
        origin.topic(), origin.partition(), origin.offset(), reason);
  }

  private ReviewRows rows() {
    return new ReviewRows(store(), codec);
  }

  private KeyValueStore<String, byte[]> store() {
    return Objects.requireNonNull(ownStore, "init comes first");
  }

  private ProcessorContext<byte[], byte[]> context() {
    return Objects.requireNonNull(ownContext, "init comes first");
  }
}
