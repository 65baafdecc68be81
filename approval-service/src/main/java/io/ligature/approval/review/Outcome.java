package io.ligature.approval.review;

import io.ligature.avro.ReviewDecision;
import org.jspecify.annotations.Nullable;

/** What comes of a command. */
public sealed interface Outcome {

  /** It decides the review. */
  record Accepted(ReviewDecision decision) implements Outcome {}

  /**
   * It took effect, and the review is still open.
   *
   * @param version of the review behind it
   * @param standing where the review stands, in words
   */
  record Noted(long version, String standing) implements Outcome {}

  /** It is the command that decided the review, once more; nothing changes. */
  record Repeated(ReviewDecision decision) implements Outcome {}

  /** It changes nothing. */
  record Refused(Refusal refusal) implements Outcome {}

  /**
   * @param after the review behind what the ruling says; null: there is none, and it is refused
   */
  static Outcome of(Ruling ruling, @Nullable Review after) {
    return switch (ruling) {
      case Ruling.Refused(Refusal refusal) -> new Refused(refusal);
      case Ruling.Happens any ->
          after instanceof Review.Decided decided ? new Accepted(decided.decision()) : noted(after);
      case Ruling.Happened any ->
          after instanceof Review.Decided decided ? new Repeated(decided.decision()) : noted(after);
    };
  }

  private static Noted noted(@Nullable Review after) {
    if (after == null) {
      throw new IllegalArgumentException("expected the review that something happened to");
    }
    return new Noted(after.standing().version(), words(after));
  }

  private static String words(Review review) {
    Standing standing = review.standing();
    var rule = review.request().getRule();
    StringBuilder words = new StringBuilder();
    words
        .append(standing.approvals())
        .append(" of ")
        .append(rule.getQuorum())
        .append(rule.getQuorum() == 1 ? " approval" : " approvals");
    if (standing.rejections() > 0) {
      words
          .append(", ")
          .append(standing.rejections())
          .append(" of ")
          .append(rule.getRejections())
          .append(rule.getRejections() == 1 ? " rejection" : " rejections");
    }
    Standing.Hold hold = standing.hold();
    if (hold != null) {
      words.append("; with '").append(hold.who()).append("' until ").append(hold.until());
    }
    return words.toString();
  }
}
