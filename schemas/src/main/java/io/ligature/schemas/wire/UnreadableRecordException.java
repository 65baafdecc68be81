package io.ligature.schemas.wire;

import org.jspecify.annotations.Nullable;

/** A record's bytes cannot be read; the message is the reason that goes with its dead letter. */
public final class UnreadableRecordException extends Exception {

  public UnreadableRecordException(String message) {
    super(message);
  }

  public UnreadableRecordException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
