package io.ligature.agent;

import io.ligature.schemas.ErrorKind;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Why a call gave no result.
 *
 * @param message for people; holds no secret, no prompt and no answer
 * @param retryAfter floor for the next call of the same agent; null: the agent did not say
 * @param possiblyBilled the agent may have begun to work, and may charge for it
 */
public record CallFailure(
    ErrorKind kind, String message, @Nullable Duration retryAfter, boolean possiblyBilled) {

  /** Longest message that goes onto a topic. */
  public static final int MAX_MESSAGE = 2_000;

  public CallFailure {
    if (message.length() > MAX_MESSAGE) {
      message = message.substring(0, MAX_MESSAGE - 1) + "…";
    }
  }

  /** A failure of a call that never reached the agent. */
  public static CallFailure unbilled(ErrorKind kind, String message) {
    return new CallFailure(kind, message, null, false);
  }

  public static CallFailure possiblyBilled(ErrorKind kind, String message) {
    return new CallFailure(kind, message, null, true);
  }
}
