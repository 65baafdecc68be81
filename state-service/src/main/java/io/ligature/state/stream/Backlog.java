package io.ligature.state.stream;

import java.util.concurrent.CompletionStage;

/** Knows what of the inbox had been written, but not read, when a partition was assigned. */
public interface Backlog {

  /**
   * Answers without holding up the caller.
   *
   * @return offset of the last record that waits in the inbox's partition; below 0: none waits
   */
  CompletionStage<Long> lastWaiting(int partition);
}
