package io.ligature.approval.notify;

/** A notification did not arrive. */
final class DeliveryException extends Exception {

  private static final long serialVersionUID = 1L;

  private final boolean worthAnotherTry;

  DeliveryException(String problem, boolean worthAnotherTry) {
    super(problem);
    this.worthAnotherTry = worthAnotherTry;
  }

  boolean isWorthAnotherTry() {
    return worthAnotherTry;
  }
}
