package io.ligature.agent;

import io.ligature.schemas.ErrorKind;

/** A call is over without a result, somewhere within an adapter; its caller makes the outcome. */
final class CallFailedException extends Exception {

  private final transient CallFailure failure;

  CallFailedException(CallFailure failure) {
    super(failure.message());
    this.failure = failure;
  }

  static CallFailedException unbilled(ErrorKind kind, String message) {
    return new CallFailedException(CallFailure.unbilled(kind, message));
  }

  static CallFailedException possiblyBilled(ErrorKind kind, String message) {
    return new CallFailedException(CallFailure.possiblyBilled(kind, message));
  }

  CallFailure failure() {
    return failure;
  }

  /** The same, whatever the one who threw it knew of the bill. */
  CallFailedException billed(boolean possiblyBilled) {
    return new CallFailedException(
        new CallFailure(failure.kind(), failure.message(), failure.retryAfter(), possiblyBilled));
  }
}
