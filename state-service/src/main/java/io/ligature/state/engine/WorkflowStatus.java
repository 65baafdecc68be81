package io.ligature.state.engine;

import java.util.Locale;

/** Where a workflow stands. */
public enum WorkflowStatus {
  RUNNING,
  /** Nothing new begins until it is resumed. */
  PAUSED,
  /** What its tasks did is being undone; then it has failed or was cancelled. */
  COMPENSATING,
  COMPLETED,
  FAILED,
  CANCELLED,
  /** The start was not valid; it never ran. */
  REFUSED,
  /** The engine met a fault of its own in it. */
  QUARANTINED;

  private final String wireName = name().toLowerCase(Locale.ROOT);

  public String wireName() {
    return wireName;
  }

  /** Whether it has not ended. */
  public boolean isOpen() {
    return this == RUNNING || this == PAUSED || this == COMPENSATING;
  }
}
