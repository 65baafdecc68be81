package io.ligature.local.client;

import java.io.IOException;

/** A service refused a call, or gave no answer. */
final class ApiFailure extends CommandFailure {

  private static final int NO_ANSWER = 0;
  private static final int UNAVAILABLE = 503;
  private static final int NOT_FOUND = 404;

  private final int status;

  ApiFailure(int status, String message) {
    super(ExitCodes.FAILED, message);
    this.status = status;
  }

  ApiFailure(String message, IOException cause) {
    super(ExitCodes.FAILED, message, cause);
    this.status = NO_ANSWER;
  }

  /** True when the same call may well succeed in a moment. */
  boolean isPassing() {
    return status == NO_ANSWER || status == UNAVAILABLE;
  }

  boolean isNotFound() {
    return status == NOT_FOUND;
  }
}
