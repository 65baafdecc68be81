package io.ligature.schemas.definition;

/** An expression could not be evaluated; the message says which one, and why. */
public final class ExpressionException extends RuntimeException {

  public ExpressionException(String message, Throwable cause) {
    super(message, cause);
  }

  public ExpressionException(String message) {
    super(message);
  }
}
