package io.ligature.state.http;

import io.ligature.avro.StartAccepted;
import io.ligature.state.StateRuntime.Parts;
import io.ligature.state.stream.WorkflowQueries;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Puts accepted starts on the inbox.
 *
 * @param visibleWait longest wait for the workflow to be visible: a client that asks for it right
 *     after it started it should find it
 */
record Starts(Parts parts, Duration visibleWait) {

  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(5);

  /** False, and nothing was done, when it is larger than a record may be. */
  boolean put(StartAccepted accepted, @Nullable String traceparent) {
    if (!parts.inbox().fits(accepted)) {
      return false;
    }
    String id = accepted.getStart().getWorkflowId();
    parts.inbox().put(id, id, accepted, traceparent);
    awaitVisible(id);
    return true;
  }

  private void awaitVisible(String id) {
    long end = System.nanoTime() + visibleWait.toNanos();
    try {
      while (System.nanoTime() < end && parts.queries().header(id).isEmpty()) {
        TimeUnit.NANOSECONDS.sleep(BETWEEN_LOOKS.toNanos());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (WorkflowQueries.NotReadyException | WorkflowQueries.ElsewhereException later) {
      // The start is safe on the inbox; only its view is not here yet.
      return;
    }
  }
}
