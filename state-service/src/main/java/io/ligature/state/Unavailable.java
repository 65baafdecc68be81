package io.ligature.state;

/** The service cannot answer now, and may later. */
public final class Unavailable extends RuntimeException {
  public Unavailable(String message, Throwable cause) {
    super(message, cause);
  }

  public Unavailable(String message) {
    super(message);
  }
}
