package io.ligature.approval.stream;

import io.ligature.approval.review.Outcome;
import io.ligature.approval.review.Refusal;
import io.ligature.avro.ReviewDecision;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Remembers what it hears. */
final class FakeReviewListener implements ReviewListener {

  final Map<String, Outcome> answers = new TreeMap<>();
  final List<String> refusals = new ArrayList<>();
  final List<Duration> ages = new ArrayList<>();
  long open;

  @Override
  public void answered(String reviewId, String commandId, Outcome outcome) {
    answers.put(commandId, outcome);
  }

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
}
