package io.ligature.state.engine;

import io.ligature.avro.Decision;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The last review of a task.
 *
 * @param decision null while it is open, and for ever when it was withdrawn
 */
public record ReviewRow(
    String reviewId,
    String role,
    Instant requestedAt,
    @Nullable Decision decision,
    @Nullable String decisionId,
    @Nullable String reviewer,
    @Nullable String reason,
    @Nullable Instant decidedAt) {

  /** {@code {workflow id}:{task path}:{n}}. */
  static String id(String workflowId, String task, int number) {
    return workflowId + ":" + task + ":" + number;
  }
}
