package io.ligature.state.engine;

import io.ligature.avro.NeedsReview;
import io.ligature.avro.ReviewWithdrawn;
import io.ligature.avro.TaskCancel;
import io.ligature.avro.TaskEnvelope;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What the world has to do; the shell carries them out in their order, after it wrote the rows. */
public sealed interface Effect {

  /** To {@code tasks.ready}. */
  record DispatchTask(TaskEnvelope envelope) implements Effect {}

  /** To {@code tasks.cancelled}. */
  record CancelTask(TaskCancel cancel) implements Effect {}

  /** To {@code reviews.needed}. */
  record RequestReview(NeedsReview review) implements Effect {}

  /** To {@code reviews.needed} as well, so that it comes behind its request. */
  record WithdrawReview(ReviewWithdrawn withdrawn) implements Effect {}

  /**
   * Keep a timer row.
   *
   * @param replaces due time of the row it takes the place of; null: there is none
   */
  record SetTimer(Timer timer, @Nullable Instant replaces) implements Effect {}

  /** Delete this timer row if it is still there. */
  record ClearTimer(Timer timer) implements Effect {}
}
