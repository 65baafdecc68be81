package io.ligature.state.engine;

import java.time.Instant;

/**
 * Something that happens by itself unless the state changes first. A workflow has at most one under
 * each key: its deadline (task is empty), and one for each task.
 *
 * @param workflowId whose it is
 * @param task path of the task; empty for the workflow's deadline
 * @param due when; a timer that fires for another instant than the state names changes nothing
 */
public record Timer(String workflowId, String task, Instant due) {

  public boolean isDeadline() {
    return task.isEmpty();
  }
}
