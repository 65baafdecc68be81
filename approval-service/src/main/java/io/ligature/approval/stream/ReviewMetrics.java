package io.ligature.approval.stream;

import io.ligature.approval.review.Outcome;
import io.ligature.approval.review.Refusal;
import io.ligature.avro.ReviewDecision;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Counts what the fold does, and hands answers to those who wait for them. */
final class ReviewMetrics implements ReviewListener {

  private final MeterRegistry meters;
  private final Waiting waiting;
  private final Map<Integer, Long> openByPartition = new ConcurrentHashMap<>();

  ReviewMetrics(MeterRegistry meters, Waiting waiting) {
    this.meters = meters;
    this.waiting = waiting;
    Gauge.builder("ligature.reviews.open", this, ReviewMetrics::open)
        .description("Reviews that wait for a person, on this instance")
        .register(meters);
  }

  @Override
  public void answered(String reviewId, String commandId, Outcome outcome) {
    waiting.complete(reviewId, commandId, outcome);
  }

  @Override
  public void openReviews(int partition, long count) {
    openByPartition.put(partition, count);
  }

  @Override
  public void decided(ReviewDecision decision, Duration age) {
    meters
        .counter("ligature.reviews.decisions", "decision", decision.getDecision().name())
        .increment();
    meters.timer("ligature.reviews.age").record(age.isNegative() ? Duration.ZERO : age);
  }

  @Override
  public void refused(Refusal refusal) {
    meters.counter("ligature.reviews.refusals", "kind", refusal.kind()).increment();
  }

  private double open() {
    return openByPartition.values().stream().mapToLong(Long::longValue).sum();
  }
}
