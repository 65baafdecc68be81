package io.ligature.approval.stream;

import io.ligature.avro.ReviewTrailEntry;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * Hands committed entries of trails to those who listen, in the thread that reads them: a listener
 * must not wait.
 */
final class Changes {

  private static final Logger LOG = Logger.getLogger(Changes.class);

  private final List<Consumer<ReviewTrailEntry>> listeners = new CopyOnWriteArrayList<>();

  /** Ends when the returned handle is run. */
  Runnable listen(Consumer<ReviewTrailEntry> listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  void accept(ReviewTrailEntry entry) {
    for (Consumer<ReviewTrailEntry> listener : listeners) {
      try {
        listener.accept(entry);
      } catch (RuntimeException e) {
        LOG.errorf(e, "a listener failed: reviewId=%s", entry.getReviewId());
      }
    }
  }
}
