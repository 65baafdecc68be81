package io.ligature.state.schedule;

/** Knows what became of runs that were started. */
public interface Runs {

  /** Where a run stands. */
  enum Standing {
    UNKNOWN_ID,
    OPEN,
    ENDED
  }

  /**
   * @throws io.ligature.state.Unavailable when nobody can tell now; worth another try
   */
  Standing of(String workflowId);
}
