package io.ligature.executor.execution;

import org.jspecify.annotations.Nullable;

/**
 * Ends one call early. Its thread is interrupted only while it is with the agent, never while it
 * writes the result.
 */
public final class CallControl {

  /** Why a call was ended early. */
  public enum Ending {
    /** Nobody waits for it any more. */
    CANCELLED,
    /** Its adapter did not keep to the timeout. */
    OVER_TIME,
    /** This executor stops; whoever owns the partition next calls again. */
    HANDED_OVER
  }

  private @Nullable Thread caller;
  private @Nullable Ending ending;
  private String reason = "";

  /** Returns false when it was ended before it began. */
  synchronized boolean enter() {
    if (ending != null) {
      return false;
    }
    caller = Thread.currentThread();
    return true;
  }

  /** Leaves no interrupt behind. */
  synchronized void leave() {
    caller = null;
    if (Thread.interrupted()) {
      // It was meant for the call, which is over.
      return;
    }
  }

  public synchronized void end(Ending why, String words) {
    if (ending != null) {
      return;
    }
    ending = why;
    reason = words;
    if (caller != null) {
      caller.interrupt();
    }
  }

  public synchronized @Nullable Ending ending() {
    return ending;
  }

  synchronized String reason() {
    return reason;
  }
}
