package io.ligature.approval.stream;

import io.ligature.approval.review.Refusal;
import io.ligature.avro.ReviewDecision;
import java.time.Duration;
import java.util.Map;

/** Hears what the fold does; may hear it again when a transaction is done over. */
interface ReviewListener {

  void openReviews(int partition, long count);

  /** Another instance has the partition from now on. */
  void gaveUp(int partition);

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

  /**
   * Another instance was asked for something.
   *
   * @param kind {@code rows} or {@code list}
   */
  void askedPeer(String kind, boolean answered, long nanos);

  /**
   * A request waited for what came of its command.
   *
   * @param answered false: it was told to come again
   */
  void waited(boolean answered, long nanos);

  /** Rows of the changelog that a copy for another instance lacks. */
  void standbyLag(int partition, long rows);

  void restored(int partition, long rows, Duration took);
}
