package io.ligature.approval.notify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.ligature.approval.tracing.FakeTracing;
import io.ligature.approval.tracing.Tracing;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DeliveriesTest {

  private static final Notification NOTIFICATION =
      new Notification(
          "w1:gate:1/1",
          "opened",
          "w1:gate:1",
          "w1",
          Instant.EPOCH,
          JsonNodeFactory.instance.objectNode());

  private final List<Duration> waits = new ArrayList<>();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final FakeTracing tracing = new FakeTracing();

  @Test
  void triesAgainAfterWaitsThatDouble() throws Exception {
    FakeChannel channel = new FakeChannel("a").failing(true, true);

    assertThat(deliveries(3, channel).send(NOTIFICATION, null)).isNull();
    assertThat(channel.sent).isEqualTo(3);
    assertThat(waits).containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(2));
  }

  @Test
  void givesUpAfterSoManyTries() throws Exception {
    FakeChannel channel = new FakeChannel("a").failing(true, true, true);

    assertThat(deliveries(3, channel).send(NOTIFICATION, null)).isEqualTo("a: no answer");
    assertThat(channel.sent).isEqualTo(3);
  }

  @Test
  void triesNotAgainWhatIsRefusedForGood() throws Exception {
    FakeChannel channel = new FakeChannel("a").failing(false);

    assertThat(deliveries(3, channel).send(NOTIFICATION, null)).isEqualTo("a: no answer");
    assertThat(waits).isEmpty();
  }

  @Test
  void givesEachOneTryWhileTheChannelIsDead() throws Exception {
    FakeChannel channel = new FakeChannel("a").failing(true, true, true, true, true);
    Deliveries deliveries = deliveries(3, channel);
    deliveries.send(NOTIFICATION, null);
    waits.clear();

    assertThat(deliveries.send(NOTIFICATION, null)).isEqualTo("a: no answer");
    assertThat(deliveries.send(NOTIFICATION, null)).isEqualTo("a: no answer");
    assertThat(channel.sent).isEqualTo(5);
    assertThat(waits).isEmpty();
  }

  @Test
  void givesAllTriesAgainOnceItAnswers() throws Exception {
    FakeChannel channel = new FakeChannel("a").failing(true, true);
    Deliveries deliveries = deliveries(2, channel);
    deliveries.send(NOTIFICATION, null);
    assertThat(deliveries.send(NOTIFICATION, null)).isNull();

    channel.failing(true);
    assertThat(deliveries.send(NOTIFICATION, null)).isNull();
    assertThat(channel.sent).isEqualTo(5);
  }

  @Test
  void takesAReceiverThatRefusesOneForAlive() throws Exception {
    FakeChannel channel = new FakeChannel("a").failing(false, true);
    Deliveries deliveries = deliveries(2, channel);
    deliveries.send(NOTIFICATION, null);

    assertThat(deliveries.send(NOTIFICATION, null)).isNull();
  }

  @Test
  void survivesWhatAChannelDidNotForesee() throws Exception {
    FakeChannel channel = new FakeChannel("a");
    channel.bug = true;
    Deliveries deliveries = deliveries(3, channel);

    assertThat(deliveries.send(NOTIFICATION, null))
        .isEqualTo("a: it failed: java.lang.IllegalStateException: a bug");
    channel.bug = false;
    assertThat(deliveries.send(NOTIFICATION, null)).isNull();
  }

  @Test
  void countsWhatCameOfThem() throws Exception {
    FakeChannel channel = new FakeChannel("a").failing(true, true, false);
    Deliveries deliveries = deliveries(2, channel);

    deliveries.send(NOTIFICATION, null);
    deliveries.send(NOTIFICATION, null);
    deliveries.send(NOTIFICATION, null);

    assertThat(count("failed")).isEqualTo(2);
    assertThat(count("sent")).isEqualTo(1);
  }

  @Test
  void makesOneSpanForAllTriesOfOne() throws Exception {
    FakeChannel channel = new FakeChannel("a").failing(true, true, true);
    Deliveries deliveries = deliveries(2, channel);

    deliveries.send(NOTIFICATION, "00-aa-bb-01");
    deliveries.send(NOTIFICATION, null);
    deliveries.send(NOTIFICATION, null);

    Map<String, String> about =
        Map.of(
            "ligature.review.id",
            NOTIFICATION.reviewId(),
            "ligature.workflow.id",
            NOTIFICATION.workflowId(),
            "ligature.notification.kind",
            NOTIFICATION.kind());
    assertThat(tracing.spans)
        .containsExactly(
            new FakeTracing.Ended(
                Tracing.Kind.CALL, "notify a", about, "00-aa-bb-01", "failed", false),
            new FakeTracing.Ended(Tracing.Kind.CALL, "notify a", about, null, "failed", false),
            new FakeTracing.Ended(Tracing.Kind.CALL, "notify a", about, null, "sent", true));
  }

  @Test
  void leavesOutWhatTheChannelDoesNotWant() throws Exception {
    FakeChannel deaf = new FakeChannel("a");
    deaf.wants = false;

    assertThat(deliveries(1, deaf).send(NOTIFICATION, null)).isNull();
    assertThat(deaf.sent).isZero();
    assertThat(tracing.spans).isEmpty();
  }

  private double count(String outcome) {
    return meters
        .get("ligature.notifications")
        .tags("channel", "a", "outcome", outcome)
        .counter()
        .count();
  }

  private Deliveries deliveries(int attempts, Channel channel) {
    return new Deliveries(channel, attempts, Duration.ofSeconds(1), waits::add, meters, tracing);
  }

  private static final class FakeChannel implements Channel {
    private final String name;
    private final Deque<Boolean> failures = new ArrayDeque<>();
    private boolean wants = true;
    private boolean bug;
    private int sent;

    FakeChannel(String name) {
      this.name = name;
    }

    FakeChannel failing(boolean... worthAnotherTry) {
      for (boolean each : worthAnotherTry) {
        failures.add(each);
      }
      return this;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public boolean wants(Notification notification) {
      return wants;
    }

    @Override
    public void send(Notification notification) throws DeliveryException {
      if (bug) {
        throw new IllegalStateException("a bug");
      }
      sent++;
      Boolean failure = failures.poll();
      if (failure != null) {
        throw new DeliveryException("no answer", failure);
      }
    }
  }
}
