package io.ligature.approval.stream;

import io.ligature.approval.review.Refusal;
import io.ligature.avro.ReviewDecision;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

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
  final List<String> peers = new CopyOnWriteArrayList<>();
  long open;
  long lag;
  long restored;

  @Override
  public void openReviews(int partition, long count) {
    open = count;
  }

  @Override
  public void gaveUp(int partition) {
    open = 0;
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

  @Override
  public void askedPeer(String kind, boolean answered, long nanos) {
    peers.add(kind + " " + answered);
  }

  @Override
  public void waited(boolean answered, long nanos) {
    // Nobody waits in a test of the fold.
  }

  @Override
  public void standbyLag(int partition, long rows) {
    lag = rows;
  }

  @Override
  public void restored(int partition, long rows, Duration took) {
    restored += rows;
  }
}
