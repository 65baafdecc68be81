package io.ligature.approval.review;

import io.ligature.avro.Decision;
import io.ligature.avro.NeedsReview;
import io.ligature.avro.Payload;
import io.ligature.avro.ReviewDecision;
import io.ligature.avro.ReviewWithdrawn;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What happened to a review; the trail is the list of them. */
public sealed interface ReviewEvent {

  Instant at();

  /** The workflow asked. */
  record Opened(NeedsReview request) implements ReviewEvent {
    @Override
    public Instant at() {
      return request.getRequestedAt();
    }
  }

  /** Someone works on it, and nobody else decides until then. */
  record Claimed(By by, Instant until) implements ReviewEvent {
    @Override
    public Instant at() {
      return by.at();
    }
  }

  /** Whoever had it no longer has. */
  record Released(By by) implements ReviewEvent {
    @Override
    public Instant at() {
      return by.at();
    }
  }

  /**
   * Someone handed it to somebody else.
   *
   * @param depth 1: it was not handed on before
   */
  record Delegated(By by, String to, Instant until, int depth, String reason)
      implements ReviewEvent {
    @Override
    public Instant at() {
      return by.at();
    }
  }

  /** Someone said something. */
  record Commented(By by, String text) implements ReviewEvent {
    @Override
    public Instant at() {
      return by.at();
    }
  }

  /**
   * Someone said what they want to come of it.
   *
   * @param edited the output as it shall be; null: as it was shown
   * @param diff from what was shown to the edited output, as JSON Patch (RFC 6902); null: no edit
   */
  record Voted(
      By by, Decision decision, String reason, @Nullable Payload edited, @Nullable String diff)
      implements ReviewEvent {
    @Override
    public Instant at() {
      return by.at();
    }
  }

  /** It is decided. */
  record Decided(ReviewDecision decision) implements ReviewEvent {
    @Override
    public Instant at() {
      return decision.getDecidedAt();
    }
  }

  /** Those who may decide were reminded. */
  record Reminded(int number, Instant at) implements ReviewEvent {}

  /** Others may decide as well from now on. */
  record Escalated(int number, String to, Instant at) implements ReviewEvent {}

  /** The workflow no longer waits. */
  record Withdrawn(ReviewWithdrawn withdrawal) implements ReviewEvent {
    @Override
    public Instant at() {
      return withdrawal.getWithdrawnAt();
    }
  }

  /**
   * A command changed nothing.
   *
   * @param wanted what it asked for, in one word
   */
  record Refused(By by, String wanted, String kind, String message) implements ReviewEvent {
    @Override
    public Instant at() {
      return by.at();
    }
  }
}
