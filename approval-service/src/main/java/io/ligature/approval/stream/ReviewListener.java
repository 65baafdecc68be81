package io.ligature.approval.stream;

import io.ligature.approval.review.Refusal;
import io.ligature.avro.ReviewDecision;
import java.time.Duration;
import java.util.Map;

/** Hears what the fold does; may hear it again when a transaction is done over. */
interface ReviewListener {

  void openReviews(int partition, long count);

  /**
   * @param counts of open reviews by the age they have reached at least
   */
  void openByAge(int partition, Map<Duration, Long> counts);

  /**
   * @param age from the request to the decision
   */
  void decided(ReviewDecision decision, Duration age);

  void refused(Refusal refusal);

  /** Time did something: a reminder, an escalation or the end. */
  void fellDue(String kind);
}
