package io.ligature.state.schedule;

import io.ligature.state.Unavailable;
import java.util.HashMap;
import java.util.Map;

/** Runs as a test says. */
final class FakeRuns implements Runs {

  final Map<String, Standing> standings = new HashMap<>();
  boolean away;

  @Override
  public Standing of(String workflowId) {
    if (away) {
      throw new Unavailable("the store is being restored");
    }
    return standings.getOrDefault(workflowId, Standing.UNKNOWN_ID);
  }
}
