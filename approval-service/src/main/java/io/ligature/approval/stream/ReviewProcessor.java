package io.ligature.approval.stream;

import io.ligature.approval.review.Clockwork;
import io.ligature.approval.review.Outcome;
import io.ligature.approval.review.Refusal;
import io.ligature.approval.review.Review;
import io.ligature.approval.review.ReviewDefaults;
import io.ligature.approval.review.ReviewEvent;
import io.ligature.approval.review.Rules;
import io.ligature.approval.review.Ruling;
import io.ligature.approval.tracing.Tracing;
import io.ligature.avro.NeedsReview;
import io.ligature.avro.ReviewCommand;
import io.ligature.avro.ReviewWithdrawn;
import io.ligature.schemas.wire.CloudEvents;
import io.ligature.schemas.wire.DeadLetters;
import io.ligature.schemas.wire.RecordCodec;
import io.ligature.schemas.wire.UnreadableRecordException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.KafkaException;
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
 * <p>Each input is decided by the pure rules first; only then are rows written and records
 * forwarded, all in one transaction. An input that cannot be read, or not be folded, goes to the
 * dead letters and the partition goes on. A commit is asked for after each command, since someone
 * waits for it. What time does is decided from rows by due time, with the due time as the present.
 */
final class ReviewProcessor implements Processor<byte[], byte[], byte[], byte[]> {

  private static final Logger LOG = Logger.getLogger(ReviewProcessor.class);
  private static final Duration PRUNE_INTERVAL = Duration.ofMinutes(1);

  /** By which open reviews are counted. */
  static final List<Duration> AGES =
      List.of(Duration.ofHours(1), Duration.ofDays(1), Duration.ofDays(7));

  private static final int MOST_PRUNED = 1_000;
  private static final int MOST_DUE = 200;
  private static final int MOST_INDEXED = 1_000;

  private final RecordCodec codec;
  private final Rules rules;
  private final ReviewListener listener;
  private final int maxRefusals;
  private final int maxRefusalsOfOne;
  private final Duration keepEnded;
  private final Duration tick;
  private final ReviewDefaults defaults;
  private final PublicReason reasons;
  private final Spans spans;

  private @Nullable ProcessorContext<byte[], byte[]> ownContext;
  private @Nullable KeyValueStore<String, byte[]> ownStore;
  private long open;
  private String dueFrom = ReviewRows.DUE;
  private final Reindexing reindexing = new Reindexing(MOST_INDEXED);

  ReviewProcessor(
      RecordCodec codec,
      Rules rules,
      ReviewListener listener,
      ApprovalSettings settings,
      PublicReason reasons,
      Tracing tracing) {
    this.codec = codec;
    this.spans = new Spans(tracing);
    this.reasons = reasons;
    this.rules = rules;
    this.listener = listener;
    this.maxRefusals = settings.maxRefusals();
    this.maxRefusalsOfOne = settings.maxRefusalsOfOne();
    this.keepEnded = settings.keepEnded();
    this.tick = settings.tick();
    this.defaults = settings.defaults();
  }

  @Override
  public void init(ProcessorContext<byte[], byte[]> context) {
    ownContext = context;
    ownStore = context.getStateStore(ReviewTopology.STORE);
    open = countOpen();
    listener.openReviews(context.taskId().partition(), open);
    context.schedule(PRUNE_INTERVAL, PunctuationType.WALL_CLOCK_TIME, this::prune);
    context.schedule(tick, PunctuationType.WALL_CLOCK_TIME, this::tick);
  }

  @Override
  public void close() {
    listener.gaveUp(context().taskId().partition());
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
    try {
      take(record, value);
    } catch (KafkaException e) {
      throw e;
    } catch (RuntimeException e) {
      LOG.errorf(e, "review stopped by a fault: record=%s", value.getSchema().getName());
      putAside(record, "the review cannot go on: " + e.getMessage());
    }
  }

  private void take(Record<byte[], byte[]> record, SpecificRecord value) {
    switch (value) {
      case NeedsReview request -> opened(record, request);
      case ReviewWithdrawn withdrawal -> withdrawn(record, withdrawal);
      case ReviewCommand command -> asked(record, command);
      default ->
          putAside(record, value.getSchema().getFullName() + " does not belong on this topic");
    }
  }

  private void opened(Record<byte[], byte[]> record, NeedsReview request) {
    if (rows().load(request.getReviewId()) != null) {
      return;
    }
    try (Tracing.Step span = spans.opens(request, traceOf(record))) {
      List<ReviewEvent> events = List.of(new ReviewEvent.Opened(defaults.of(request)));
      happened(null, events, span.traceparent());
      span.came(Spans.words(events), true);
    }
    changeOpen(1);
    LOG.infof(
        "review opened: reviewId=%s workflowId=%s task=%s role=%s",
        request.getReviewId(),
        request.getWorkflowId(),
        request.getTask(),
        request.getRule().getRole());
  }

  private void withdrawn(Record<byte[], byte[]> record, ReviewWithdrawn withdrawal) {
    ReviewRows.Kept before = rows().load(withdrawal.getReviewId());
    if (before == null || !(before.review() instanceof Review.Open)) {
      return;
    }
    try (Tracing.Step span = spans.withdraws(withdrawal, traceOf(record))) {
      List<ReviewEvent> events = List.of(new ReviewEvent.Withdrawn(withdrawal));
      happened(before, events, span.traceparent());
      span.came(Spans.words(events), true);
    }
    changeOpen(-1);
    LOG.infof(
        "review withdrawn: reviewId=%s workflowId=%s",
        withdrawal.getReviewId(), withdrawal.getWorkflowId());
  }

  private void asked(Record<byte[], byte[]> record, ReviewCommand command) {
    try (Tracing.Step span = spans.takes(command, traceOf(record))) {
      Outcome outcome = decided(record.key(), command, span.traceparent());
      span.came(Spans.word(outcome), true);
    }
    context().commit();
  }

  private Outcome decided(byte[] key, ReviewCommand command, @Nullable String traceparent) {
    ReviewRows.Kept before = rows().load(command.getDecision().getReviewId());
    Review review = before == null ? null : before.review();
    Ruling ruling = rules.decide(review, command, decidedBefore(review, command));
    Review after =
        switch (ruling) {
          case Ruling.Happens(List<ReviewEvent> events) -> {
            Review changed = happened(before, events, traceparent);
            ended(changed);
            yield changed;
          }
          case Ruling.Happened any -> review;
          case Ruling.Refused(Refusal refusal) -> remembered(before, command, refusal, traceparent);
        };
    Outcome outcome = Outcome.of(ruling, after);
    writer().answer(key, command, after, outcome);
    return outcome;
  }

  private @Nullable String decidedBefore(@Nullable Review review, ReviewCommand command) {
    return review == null || !review.request().getRule().getOtherThanBefore()
        ? null
        : rows()
            .decidedBefore(review.request().getWorkflowId(), command.getDecision().getReviewer());
  }

  /** The trail remembers some of the commands that changed nothing. */
  private @Nullable Review remembered(
      ReviewRows.@Nullable Kept before,
      ReviewCommand command,
      Refusal refusal,
      @Nullable String traceparent) {
    TurnedDown.of(command, refusal).log();
    listener.refused(refusal);
    if (before == null || refusal instanceof Refusal.Unknown) {
      return null;
    }
    String id = before.review().request().getReviewId();
    List<RefusedCommand> refused = rows().refused(id);
    boolean known =
        refused.stream().anyMatch(entry -> entry.commandId().equals(command.getCommandId()));
    boolean enough =
        refusal.isPersonal()
            && RefusedCommand.by(refused, command.getDecision().getReviewer()) >= maxRefusalsOfOne;
    if (known || enough || before.review().standing().refusals() >= maxRefusals) {
      return before.review();
    }
    ReviewEvent event = Rules.refusedEvent(before.review(), command, refusal);
    return happened(before, List.of(event), traceparent);
  }

  private Review happened(
      ReviewRows.@Nullable Kept before, List<ReviewEvent> events, @Nullable String traceparent) {
    Review after = writer().happened(before, events, traceparent);
    Instant next = Clockwork.next(after).orElse(null);
    if (next != null && dueFrom.compareTo(ReviewRows.DUE + ReviewSummary.millis(next)) > 0) {
      dueFrom = ReviewRows.DUE + ReviewSummary.millis(next);
    }
    return after;
  }

  private void ended(Review review) {
    if (!(review instanceof Review.Decided(var request, var standing, var decision))) {
      return;
    }
    changeOpen(-1);
    listener.decided(decision, Duration.between(request.getRequestedAt(), decision.getDecidedAt()));
    LOG.infof(
        "review decided: reviewId=%s workflowId=%s task=%s decision=%s reviewer=%s role=%s",
        decision.getReviewId(),
        decision.getWorkflowId(),
        request.getTask(),
        decision.getDecision(),
        decision.getReviewer(),
        decision.getRole());
  }

  /** Does what is due, so much at a time; what fell due while nobody ran is done now, once. */
  private void tick(long now) {
    if (reindexing.goOn(store(), writer())) {
      context().commit();
    }
    Instant moment = Instant.ofEpochMilli(now);
    List<String> due = new ArrayList<>();
    try (KeyValueIterator<String, byte[]> rows =
        store().range(dueFrom, ReviewRows.DUE + ReviewSummary.millis(moment) + "~")) {
      while (rows.hasNext() && due.size() < MOST_DUE) {
        due.add(rows.next().key);
      }
    }
    for (String key : due) {
      if (!goesWell(key, () -> fallDue(key, moment))) {
        store().delete(key);
      }
    }
    if (due.size() < MOST_DUE) {
      dueFrom = ReviewRows.DUE + ReviewSummary.millis(moment);
    }
    if (!due.isEmpty()) {
      context().commit();
    }
  }

  /** A fault in one review keeps no other from what time does to it. */
  private static boolean goesWell(String key, Runnable work) {
    try {
      work.run();
      return true;
    } catch (KafkaException e) {
      throw e;
    } catch (RuntimeException e) {
      LOG.errorf(e, "review stopped by a fault: reviewId=%s", ReviewSummary.reviewId(key));
      return false;
    }
  }

  private void fallDue(String key, Instant now) {
    ReviewRows.Kept before = rows().load(ReviewSummary.reviewId(key));
    if (before == null || !(before.review() instanceof Review.Open open)) {
      store().delete(key);
      return;
    }
    List<ReviewEvent> events = Clockwork.due(open, now);
    if (events.isEmpty()) {
      store().delete(key);
      return;
    }
    Review after;
    try (Tracing.Step span = spans.due(open.request())) {
      after = happened(before, events, span.traceparent());
      span.came(Spans.words(events), true);
    }
    for (ReviewEvent event : events) {
      listener.fellDue(TrailJson.kindOf(event));
      LOG.infof(
          "review fell due: reviewId=%s kind=%s at=%s",
          open.request().getReviewId(), TrailJson.kindOf(event), event.at());
    }
    ended(after);
  }

  private void changeOpen(int by) {
    open += by;
    listener.openReviews(context().taskId().partition(), open);
  }

  private long countOpen() {
    return count(ReviewSummary.Status.OPEN, "~");
  }

  private long count(ReviewSummary.Status status, String until) {
    long count = 0;
    try (KeyValueIterator<String, byte[]> rows = scan(status, until)) {
      while (rows.hasNext()) {
        rows.next();
        count++;
      }
    }
    return count;
  }

  private void prune(long now) {
    countAges(Instant.ofEpochMilli(now));
    String before = ReviewSummary.millis(Instant.ofEpochMilli(now).minus(keepEnded));
    List<String> old = new ArrayList<>();
    collect(old, ReviewSummary.Status.DECIDED, before);
    collect(old, ReviewSummary.Status.WITHDRAWN, before);
    old.removeIf(key -> !goesWell(key, () -> writer().remove(key)));
    if (!old.isEmpty()) {
      LOG.infof("old reviews removed: count=%d", old.size());
    }
  }

  private void countAges(Instant now) {
    Map<Duration, Long> counts = new HashMap<>();
    for (Duration age : AGES) {
      String asked = ReviewSummary.millis(now.minus(age));
      counts.put(age, count(ReviewSummary.Status.OPEN, asked + "~"));
    }
    listener.openByAge(context().taskId().partition(), counts);
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

  private static @Nullable String traceOf(Record<byte[], byte[]> record) {
    return CloudEvents.text(record.headers(), CloudEvents.TRACEPARENT);
  }

  private ReviewWriter writer() {
    return new ReviewWriter(store(), codec, context(), reasons);
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
