package io.ligature.approval.review;

import io.ligature.avro.NeedsReview;
import io.ligature.avro.ReviewDecision;
import io.ligature.avro.ReviewWithdrawn;

/** A review as it stands. */
public sealed interface Review {

  NeedsReview request();

  /** What its trail comes to. */
  Standing standing();

  /** Waits for people. */
  record Open(NeedsReview request, Standing standing) implements Review {

    /** Nothing has happened to it yet. */
    public Open(NeedsReview request) {
      this(request, Standing.NONE);
    }

    public Decided decided(ReviewDecision decision) {
      return new Decided(request, standing, decision);
    }

    public Withdrawn withdrawn(ReviewWithdrawn withdrawal) {
      return new Withdrawn(request, standing, withdrawal);
    }

    Open with(Standing next) {
      return new Open(request, next);
    }
  }

  /** It is decided; nothing changes that. */
  record Decided(NeedsReview request, Standing standing, ReviewDecision decision)
      implements Review {}

  /** The workflow no longer waits. */
  record Withdrawn(NeedsReview request, Standing standing, ReviewWithdrawn withdrawal)
      implements Review {}
}
