package io.ligature.approval.notify;

import io.ligature.approval.tracing.Tracing;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.Map;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Sends notifications through one channel, each again after a wait that doubles, so often as the
 * settings say. When one has failed all its tries the channel is taken for dead, and the next ones
 * get one try each until one arrives: nobody waits for hours behind a receiver that is gone.
 */
final class Deliveries {

  private static final Logger LOG = Logger.getLogger(Deliveries.class);

  private static final String SENT = "sent";
  private static final String FAILED = "failed";

  private final Channel channel;
  private final int attempts;
  private final Duration backoff;
  private final Pause pause;
  private final MeterRegistry meters;
  private final Tracing tracing;
  private boolean dead;

  /** Waits; tests do not. */
  @FunctionalInterface
  interface Pause {
    void of(Duration time) throws InterruptedException;
  }

  Deliveries(
      Channel channel,
      int attempts,
      Duration backoff,
      Pause pause,
      MeterRegistry meters,
      Tracing tracing) {
    this.channel = channel;
    this.attempts = attempts;
    this.backoff = backoff;
    this.pause = pause;
    this.meters = meters;
    this.tracing = tracing;
  }

  String channel() {
    return channel.name();
  }

  /**
   * @param traceparent of what happened to the review; null: unknown
   * @return why it did not arrive; null: it did, or the channel does not want it
   */
  @Nullable String send(Notification notification, @Nullable String traceparent)
      throws InterruptedException {
    if (!channel.wants(notification)) {
      return null;
    }
    try (Tracing.Step span =
        tracing.begin(
            Tracing.Kind.CALL, "notify " + channel.name(), about(notification), traceparent)) {
      String problem = send(notification);
      span.came(problem == null ? SENT : FAILED, problem == null);
      return problem;
    }
  }

  private static Map<String, String> about(Notification notification) {
    return Map.of(
        Tracing.REVIEW,
        notification.reviewId(),
        Tracing.WORKFLOW,
        notification.workflowId(),
        "ligature.notification.kind",
        notification.kind());
  }

  private @Nullable String send(Notification notification) throws InterruptedException {
    int tries = dead ? 1 : attempts;
    Duration wait = backoff;
    for (int attempt = 1; ; attempt++) {
      DeliveryException problem = attempt(notification);
      if (problem == null) {
        sent(notification);
        return null;
      }
      LOG.warnf(
          "notification did not arrive: channel=%s id=%s workflowId=%s attempt=%d reason=%s",
          channel.name(),
          notification.id(),
          notification.workflowId(),
          attempt,
          problem.getMessage());
      if (!problem.isWorthAnotherTry() || attempt >= tries) {
        failed(problem);
        return channel.name() + ": " + problem.getMessage();
      }
      pause.of(wait);
      wait = wait.multipliedBy(2);
    }
  }

  private @Nullable DeliveryException attempt(Notification notification)
      throws InterruptedException {
    try {
      channel.send(notification);
      return null;
    } catch (DeliveryException e) {
      return e;
    } catch (RuntimeException e) {
      // What a channel did not foresee must not end the telling of all others.
      return new DeliveryException("it failed: " + e, false);
    }
  }

  private void sent(Notification notification) {
    count(SENT);
    LOG.debugf(
        "notification sent: channel=%s id=%s workflowId=%s",
        channel.name(), notification.id(), notification.workflowId());
    if (dead) {
      dead = false;
      LOG.infof("channel answers again: channel=%s", channel.name());
    }
  }

  /** A receiver that refuses one notification for good is there all the same. */
  private void failed(DeliveryException problem) {
    count(FAILED);
    if (problem.isWorthAnotherTry() && !dead) {
      dead = true;
      LOG.warnf(
          "channel is taken for dead, each notification gets one try: channel=%s", channel.name());
    }
  }

  private void count(String outcome) {
    meters
        .counter("ligature.notifications", "channel", channel.name(), "outcome", outcome)
        .increment();
  }
}
