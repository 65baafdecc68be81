package io.ligature.approval.stream;

import io.ligature.approval.review.Outcome;
import io.ligature.approval.review.Refusal;
import io.ligature.avro.ReviewDecision;
import java.time.Duration;

/** Hears what the fold does; may hear it again when a transaction is done over. */
interface ReviewListener {

  /** A command changed nothing. Accepted ones are heard from the topic, once they are committed. */
  void answered(String reviewId, String commandId, Outcome outcome);

  void openReviews(int partition, long count);

  /**
   * @param age from the request to the decision
   */
  void decided(ReviewDecision decision, Duration age);

  void refused(Refusal refusal);
}
