package io.ligature.approval.notify;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
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

  @Test
  void triesAgainAfterWaitsThatDouble() throws Exception {
    FakeChannel channel = new FakeChannel("a").failing(true, true);

    assertThat(deliveries(3, channel).send(NOTIFICATION)).isEmpty();
    assertThat(channel.sent).isEqualTo(3);
    assertThat(waits).containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(2));
  }

  @Test
  void givesUpAfterSoManyTries() throws Exception {
    FakeChannel channel = new FakeChannel("a").failing(true, true, true);

    assertThat(deliveries(3, channel).send(NOTIFICATION)).containsExactly("a: no answer");
    assertThat(channel.sent).isEqualTo(3);
  }

  @Test
  void triesNotAgainWhatIsRefusedForGood() throws Exception {
    FakeChannel channel = new FakeChannel("a").failing(false);

    assertThat(deliveries(3, channel).send(NOTIFICATION)).containsExactly("a: no answer");
    assertThat(waits).isEmpty();
  }

  @Test
  void tellsTheOthersWhenOneFails() throws Exception {
    FakeChannel broken = new FakeChannel("a").failing(false);
    FakeChannel sound = new FakeChannel("b");

    assertThat(deliveries(1, broken, sound).send(NOTIFICATION)).containsExactly("a: no answer");
    assertThat(sound.sent).isEqualTo(1);
  }

  @Test
  void leavesOutWhoDoesNotWantIt() throws Exception {
    FakeChannel deaf = new FakeChannel("a");
    deaf.wants = false;

    assertThat(deliveries(1, deaf).send(NOTIFICATION)).isEmpty();
    assertThat(deaf.sent).isZero();
  }

  private Deliveries deliveries(int attempts, Channel... channels) {
    return new Deliveries(List.of(channels), attempts, Duration.ofSeconds(1), waits::add);
  }

  private static final class FakeChannel implements Channel {
    private final String name;
    private final Deque<Boolean> failures = new ArrayDeque<>();
    private boolean wants = true;
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
      sent++;
      Boolean failure = failures.poll();
      if (failure != null) {
        throw new DeliveryException("no answer", failure);
      }
    }
  }
}
