package io.ligature.approval.notify;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * Sends a notification through every channel that wants it, again after a wait that doubles, so
 * often as the settings say.
 */
final class Deliveries {

  private static final Logger LOG = Logger.getLogger(Deliveries.class);

  private final List<Channel> channels;
  private final int attempts;
  private final Duration backoff;
  private final Pause pause;

  /** Waits; tests do not. */
  @FunctionalInterface
  interface Pause {
    void of(Duration time) throws InterruptedException;
  }

  Deliveries(List<Channel> channels, int attempts, Duration backoff, Pause pause) {
    this.channels = List.copyOf(channels);
    this.attempts = attempts;
    this.backoff = backoff;
    this.pause = pause;
  }

  boolean isWanted(Notification notification) {
    return channels.stream().anyMatch(channel -> channel.wants(notification));
  }

  /**
   * @return why it did not arrive, one entry for each channel that failed
   */
  List<String> send(Notification notification) throws InterruptedException {
    List<String> problems = new ArrayList<>();
    for (Channel channel : channels) {
      if (channel.wants(notification)) {
        send(channel, notification, problems);
      }
    }
    return problems;
  }

  private void send(Channel channel, Notification notification, List<String> problems)
      throws InterruptedException {
    Duration wait = backoff;
    for (int attempt = 1; ; attempt++) {
      try {
        channel.send(notification);
        return;
      } catch (DeliveryException e) {
        LOG.warnf(
            "notification did not arrive: channel=%s id=%s attempt=%d reason=%s",
            channel.name(), notification.id(), attempt, e.getMessage());
        if (!e.isWorthAnotherTry() || attempt >= attempts) {
          problems.add(channel.name() + ": " + e.getMessage());
          return;
        }
      }
      pause.of(wait);
      wait = wait.multipliedBy(2);
    }
  }
}
