package io.ligature.approval.review;

import io.ligature.approval.review.Standing.Hold;
import io.ligature.approval.review.Standing.Vote;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Folds what happened into the review; it has no rule and refuses nothing. */
public final class Evolution {

  private Evolution() {}

  /**
   * @param review null: there was none before
   */
  public static Review evolve(@Nullable Review review, ReviewEvent event) {
    if (event instanceof ReviewEvent.Opened(var request) && review == null) {
      return new Review.Open(request, Standing.NONE.entered());
    }
    return switch (review) {
      case null -> throw unexpected(null, event);
      case Review.Open open -> open(open, event);
      case Review.Decided decided when event instanceof ReviewEvent.Refused ->
          new Review.Decided(decided.request(), decided.standing().refused(), decided.decision());
      case Review.Withdrawn gone when event instanceof ReviewEvent.Refused ->
          new Review.Withdrawn(gone.request(), gone.standing().refused(), gone.withdrawal());
      case Review.Decided decided -> throw unexpected(decided, event);
      case Review.Withdrawn gone -> throw unexpected(gone, event);
    };
  }

  private static Review open(Review.Open review, ReviewEvent event) {
    Standing before = review.standing();
    return switch (event) {
      case ReviewEvent.Opened any -> throw unexpected(review, event);
      case ReviewEvent.Claimed(By by, Instant until) ->
          review.with(
              before
                  .entered()
                  .by(by, "claim")
                  .held(new Hold(by.who(), until, from(before, by), depth(before, by))));
      case ReviewEvent.Released(By by) ->
          review.with(before.entered().by(by, "release").held(null));
      case ReviewEvent.Delegated(By by, String to, Instant until, int depth, String reason) ->
          review.with(
              before
                  .entered()
                  .by(by, "delegate", Rules.handedOn(to, reason), null)
                  .held(new Hold(to, until, by.who(), depth)));
      case ReviewEvent.Commented(By by, String text) ->
          review.with(before.entered().by(by, "comment", text, null));
      case ReviewEvent.Voted vote ->
          review.with(
              before
                  .entered()
                  .by(vote.by(), vote.decision().name(), vote.reason(), vote.edited())
                  .voted(
                      new Vote(
                          vote.by().who(),
                          vote.by().role(),
                          vote.decision(),
                          vote.reason(),
                          vote.at()),
                      vote.edited(),
                      vote.diff()));
      case ReviewEvent.Decided(var decision) -> review.with(before.entered()).decided(decision);
      case ReviewEvent.Reminded(int number, Instant at) ->
          review.with(before.entered().reminded(number));
      case ReviewEvent.Escalated(int number, String to, Instant at) ->
          review.with(before.entered().escalated(to));
      case ReviewEvent.Withdrawn(var withdrawal) ->
          review.with(before.entered()).withdrawn(withdrawal);
      case ReviewEvent.Refused any -> review.with(before.refused());
    };
  }

  /** Who renews what they were handed still has it from the same person. */
  private static @Nullable String from(Standing before, By by) {
    Hold hold = before.holdAt(by.at());
    return hold != null && hold.who().equals(by.who()) ? hold.from() : null;
  }

  private static int depth(Standing before, By by) {
    Hold hold = before.holdAt(by.at());
    return hold != null && hold.who().equals(by.who()) ? hold.depth() : 0;
  }

  private static IllegalStateException unexpected(@Nullable Review review, ReviewEvent event) {
    String id = review == null ? "none" : review.request().getReviewId();
    return new IllegalStateException(
        "expected an event that an open review can take, found "
            + event.getClass().getSimpleName()
            + ": reviewId="
            + id);
  }
}
