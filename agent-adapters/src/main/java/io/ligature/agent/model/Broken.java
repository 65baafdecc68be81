package io.ligature.agent.model;

import java.io.IOException;

/** An exchange ended before its answer was there. */
final class Broken extends IOException {

  enum Cause {
    /** Its time was over. */
    TIMEOUT,
    /** Nobody waits for it any more. */
    CANCELLED,
    /** The answer is larger than the settings allow. */
    TOO_LARGE,
    /** The connection could not be made, or broke. */
    CONNECTION
  }

  private final Cause cause;

  Broken(Cause cause, String message) {
    super(message);
    this.cause = cause;
  }

  Cause how() {
    return cause;
  }
}
