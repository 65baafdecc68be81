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
}
