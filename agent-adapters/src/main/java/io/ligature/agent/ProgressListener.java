package io.ligature.agent;

import org.jspecify.annotations.Nullable;

/** Hears how far a call is; returns at once. */
@FunctionalInterface
public interface ProgressListener {

  ProgressListener NONE = (share, message) -> {};

  /**
   * @param share 0 to 1; null when the agent cannot tell
   * @param message for people; null for none
   */
  void progress(@Nullable Double share, @Nullable String message);

  /**
   * The next piece of the answer, as it came from the agent. The pieces need not end at anything
   * that has a meaning, and all of them may turn out to be no answer in the end.
   */
  default void partial(String text) {}
}
