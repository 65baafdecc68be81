package io.ligature.approval.stream;

import io.ligature.approval.review.Refusal;
import io.ligature.avro.ReviewDecision;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Counts what the fold does. */
final class ReviewMetrics implements ReviewListener {

  private final MeterRegistry meters;
  private final Map<Integer, Long> openByPartition = new ConcurrentHashMap<>();
  private final Map<Integer, Long> lagByPartition = new ConcurrentHashMap<>();
  private final Map<Integer, Map<Duration, Long>> byAge = new ConcurrentHashMap<>();

  ReviewMetrics(MeterRegistry meters) {
    this.meters = meters;
    Gauge.builder("ligature.reviews.open", this, ReviewMetrics::open)
        .description("Reviews that wait for a person, on this instance")
        .register(meters);
    Gauge.builder("ligature.reviews.partitions", openByPartition, Map::size)
        .description("Partitions of the reviews that this instance has")
        .register(meters);
    Gauge.builder("ligature.reviews.standby.lag", this, ReviewMetrics::lag)
        .description("Rows of the changelog that copies on this instance lack")
        .register(meters);
    for (Duration age : ReviewProcessor.AGES) {
      Gauge.builder("ligature.reviews.waiting", this, metrics -> metrics.waiting(age))
          .description("Open reviews that have waited so long or longer, counted once a minute")
          .tag("at_least", age.toString())
          .register(meters);
    }
  }

  @Override
  public void openByAge(int partition, Map<Duration, Long> counts) {
    byAge.put(partition, Map.copyOf(counts));
  }

  private double waiting(Duration age) {
    return byAge.values().stream().mapToLong(counts -> counts.getOrDefault(age, 0L)).sum();
  }

  @Override
  public void openReviews(int partition, long count) {
    openByPartition.put(partition, count);
  }

  @Override
  public void gaveUp(int partition) {
    openByPartition.remove(partition);
    byAge.remove(partition);
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

  @Override
  public void fellDue(String kind) {
    meters.counter("ligature.reviews.due", "kind", kind).increment();
  }

  @Override
  public void askedPeer(String kind, boolean answered, long nanos) {
    meters
        .timer("ligature.reviews.peer", "kind", kind, "answered", Boolean.toString(answered))
        .record(nanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public void waited(boolean answered, long nanos) {
    meters
        .timer("ligature.reviews.answer", "answered", Boolean.toString(answered))
        .record(nanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public void standbyLag(int partition, long rows) {
    lagByPartition.put(partition, rows);
  }

  @Override
  public void restored(int partition, long rows, Duration took) {
    meters.counter("ligature.reviews.restored.rows").increment((double) rows);
    meters.timer("ligature.reviews.restore").record(took);
  }

  private double lag() {
    return lagByPartition.values().stream().mapToLong(Long::longValue).sum();
  }

  private double open() {
    return openByPartition.values().stream().mapToLong(Long::longValue).sum();
  }
}
