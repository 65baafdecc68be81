package io.ligature.agent;

/** A secret reference that leads nowhere; the message names the reference, never a value. */
public final class UnresolvedSecretException extends Exception {

  public UnresolvedSecretException(String message) {
    super(message);
  }
}
