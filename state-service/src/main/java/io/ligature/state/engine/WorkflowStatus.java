package io.ligature.state.engine;

import java.util.Locale;

/** Where a workflow stands. */
public enum WorkflowStatus {
  RUNNING,
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
}
