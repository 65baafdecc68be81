package io.ligature.approval.review;

import io.ligature.avro.NeedsReview;
import io.ligature.avro.ReviewDecision;
import io.ligature.avro.ReviewWithdrawn;

/** A review as it stands. */
public sealed interface Review {

  NeedsReview request();

  /** Waits for a person. */
  record Open(NeedsReview request) implements Review {

    public Decided decided(ReviewDecision decision) {
      return new Decided(request, decision);
    }

    public Withdrawn withdrawn(ReviewWithdrawn withdrawal) {
      return new Withdrawn(request, withdrawal);
    }
  }

  /** A person has decided; nothing changes that. */
  record Decided(NeedsReview request, ReviewDecision decision) implements Review {}

  /** The workflow no longer waits. */
  record Withdrawn(NeedsReview request, ReviewWithdrawn withdrawal) implements Review {}
}
