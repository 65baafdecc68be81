package io.ligature.approval.notify;

/** A way to tell somebody. */
interface Channel {

  /** One lower-case word for logs and metrics. */
  String name();

  boolean wants(Notification notification);

  /**
   * @throws DeliveryException when it did not arrive; worth another try when it says so
   */
  void send(Notification notification) throws DeliveryException, InterruptedException;
}
