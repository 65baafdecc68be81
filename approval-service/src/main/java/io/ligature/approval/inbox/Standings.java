package io.ligature.approval.inbox;

import io.ligature.approval.inbox.ReviewScreen.Held;
import io.ligature.approval.inbox.ReviewScreen.Next;
import io.ligature.approval.inbox.ReviewScreen.Progress;
import io.ligature.approval.inbox.ReviewScreen.Vote;
import io.ligature.approval.review.Clockwork;
import io.ligature.approval.review.Review;
import io.ligature.approval.review.ReviewEvent;
import io.ligature.approval.review.Standing;
import io.ligature.avro.OnReviewExpiry;
import io.ligature.avro.ReviewRule;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How far a review is, in the words of the page. */
final class Standings {

  private final String reader;
  private final Instant now;

  Standings(String reader, Instant now) {
    this.reader = reader;
    this.now = now;
  }

  Progress of(Review review) {
    Standing standing = review.standing();
    return new Progress(
        words(review),
        standing.votes().stream().map(this::vote).toList(),
        held(review),
        next(review).orElse(null),
        standing.reminders(),
        standing.escalations());
  }

  private static String words(Review review) {
    ReviewRule rule = review.request().getRule();
    Standing standing = review.standing();
    if (rule.getQuorum() == 1 && rule.getRejections() == 1 && standing.votes().isEmpty()) {
      return "";
    }
    String approvals = count(standing.approvals(), rule.getQuorum(), "approval");
    return standing.rejections() == 0 && rule.getRejections() == 1
        ? approvals
        : approvals + ", " + count(standing.rejections(), rule.getRejections(), "rejection");
  }

  private static String count(long have, int need, String what) {
    return have + " of " + need + " " + what + (need == 1 ? "" : "s");
  }

  private Vote vote(Standing.Vote vote) {
    return new Vote(
        vote.who(),
        vote.who().equals(reader),
        Histories.did(vote.decision().name()),
        vote.reason(),
        Moment.of(vote.at(), now),
        Screens.tone(vote.decision()));
  }

  private @Nullable Held held(Review review) {
    Standing.Hold hold = review instanceof Review.Open ? review.standing().holdAt(now) : null;
    return hold == null
        ? null
        : new Held(
            hold.who(), hold.who().equals(reader), Moment.of(hold.until(), now), hold.from());
  }

  /** The next thing that time does before the end, which is told anyway. */
  private Optional<Next> next(Review review) {
    if (!(review instanceof Review.Open open)) {
      return Optional.empty();
    }
    return Clockwork.next(open)
        .filter(at -> !at.equals(open.request().getExpiresAt()))
        .map(at -> Clockwork.due(open, at))
        .filter(due -> !due.isEmpty())
        .map(List::getFirst)
        .map(event -> new Next(words(event, open), Moment.of(event.at(), now)));
  }

  private static String words(ReviewEvent event, Review.Open review) {
    return switch (event) {
      case ReviewEvent.Reminded any -> "Those who may decide are reminded";
      case ReviewEvent.Escalated(int number, String to, Instant at) ->
          "“" + to + "” may decide as well";
      case ReviewEvent.Decided any -> silence(review.request().getRule().getOnExpiry());
      case ReviewEvent.Opened any -> "";
      case ReviewEvent.Claimed any -> "";
      case ReviewEvent.Released any -> "";
      case ReviewEvent.Delegated any -> "";
      case ReviewEvent.Commented any -> "";
      case ReviewEvent.Voted any -> "";
      case ReviewEvent.Withdrawn any -> "";
      case ReviewEvent.Refused any -> "";
    };
  }

  static String silence(OnReviewExpiry end) {
    return switch (end) {
      case reject -> "It counts as rejected";
      case abort -> "The whole workflow ends";
      case approve -> "It counts as approved";
    };
  }
}
