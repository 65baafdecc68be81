package io.ligature.approval.review;

import io.ligature.avro.ReviewDecision;

/** What comes of a command. */
public sealed interface Outcome {

  /** It decides the review. */
  record Accepted(ReviewDecision decision) implements Outcome {}

  /** It is the command that decided the review, once more; nothing changes. */
  record Repeated(ReviewDecision decision) implements Outcome {}

  /** It changes nothing. */
  record Refused(Refusal refusal) implements Outcome {}
}
