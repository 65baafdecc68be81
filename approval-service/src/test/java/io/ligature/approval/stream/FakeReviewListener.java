package io.ligature.approval.stream;

import io.ligature.approval.review.Refusal;
import io.ligature.avro.ReviewDecision;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Remembers what it hears. */
final class FakeReviewListener implements ReviewListener {

  final java.util.Map<java.time.Duration, Long> byAge = new java.util.TreeMap<>();

  @Override
  public void openByAge(int partition, java.util.Map<java.time.Duration, Long> counts) {
    byAge.putAll(counts);
  }

  final List<String> due = new ArrayList<>();
  final List<String> refusals = new ArrayList<>();
  final List<Duration> ages = new ArrayList<>();
  long open;

  @Override
  public void openReviews(int partition, long count) {
    open = count;
  }

  @Override
  public void decided(ReviewDecision decision, Duration age) {
    ages.add(age);
  }

  @Override
  public void refused(Refusal refusal) {
    refusals.add(refusal.kind());
  }

  @Override
  public void fellDue(String kind) {
    due.add(kind);
  }
}
