package io.ligature.approval.stream;

import io.ligature.approval.review.Refusal;
import io.ligature.approval.review.Rules;
import io.ligature.avro.ReviewCommand;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/**
 * A command that changes nothing, wherever it was refused: who wanted what of which review, from
 * where, and why not. What they wrote is no part of it.
 *
 * @param action in one word
 * @param client address and program
 */
public record TurnedDown(
    String reviewId,
    String reviewer,
    String tenant,
    String action,
    String client,
    Refusal refusal) {

  private static final Logger LOG = Logger.getLogger(TurnedDown.class);

  /** Ends of lines, and what turns the direction of writing. */
  private static final Pattern UNSEEN = Pattern.compile("[\\p{Cc}\\p{Cf}\\u2028\\u2029]");

  private static final int MOST_WORD = 200;

  static TurnedDown of(ReviewCommand command, Refusal refusal) {
    return new TurnedDown(
        command.getDecision().getReviewId(),
        command.getDecision().getReviewer(),
        command.getTenant(),
        Rules.word(command),
        command.getClient(),
        refusal);
  }

  /** The line that an auditor looks for; the client's own words come last. */
  String line() {
    return "review command refused: reviewId="
        + word(reviewId)
        + " reviewer="
        + word(reviewer)
        + " tenant="
        + word(tenant)
        + " action="
        + action
        + " kind="
        + refusal.kind()
        + " client="
        + word(client);
  }

  void log() {
    LOG.info(line());
  }

  /** Anyone can ask for a review of any name: it must not end the line and begin another. */
  private static String word(String given) {
    String word = UNSEEN.matcher(given).replaceAll("?");
    return word.length() <= MOST_WORD ? word : word.substring(0, MOST_WORD);
  }
}
