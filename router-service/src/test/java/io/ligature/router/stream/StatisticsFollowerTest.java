package io.ligature.router.stream;

import static io.ligature.router.statistics.Events.failed;
import static io.ligature.router.statistics.Events.scheduled;
import static io.ligature.router.statistics.Events.succeeded;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.ligature.avro.Grade;
import io.ligature.avro.ResultMetadata;
import io.ligature.router.routing.Samples;
import io.ligature.router.routing.TrackRecord;
import io.ligature.router.statistics.AgentAt;
import io.ligature.router.statistics.Count;
import io.ligature.router.statistics.Figures;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StatisticsFollowerTest {

  private static final AgentAt A = new AgentAt("a", Samples.CAPABILITY);
  private static final Map<String, String> OFTEN = Map.of("publish-interval", "20ms");
  private static final Map<String, String> NEVER = Map.of("publish-interval", "1h");

  private final Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
  private RouterOnBroker broker;

  @BeforeEach
  void start() throws Exception {
    broker = new RouterOnBroker();
  }

  @AfterEach
  void stop() throws Exception {
    broker.close();
  }

  @Test
  void handsRoutingWhatTheEventsTell() throws Exception {
    RouterLoop router = broker.start(Map.of());
    StatisticsFollower statistics = broker.follow(router, OFTEN);

    accepted(0, 4);
    broker.say(scheduled("w9/t#1", now));
    broker.say(failed("w9/t#1", "a", "timeout", null, now));

    awaitAccepted(statistics, 4);
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(20))
        .untilAsserted(
            () -> {
              TrackRecord track =
                  router
                      .ask((dispatcher, at) -> dispatcher.fleet().trackOf("a", Samples.CAPABILITY))
                      .get();
              assertThat(track.accepted()).isCloseTo(4, within(0.1));
              assertThat(track.failed()).isCloseTo(1, within(0.1));
            });
  }

  @Test
  void goesOnAfterARestartWithWhatItHadAndWithOpenTasks() throws Exception {
    RouterLoop router = broker.start(Map.of());
    StatisticsFollower first = broker.follow(router, OFTEN);
    accepted(0, 5);
    broker.say(scheduled("open/t#1", now));
    awaitAccepted(first, 5);
    broker.stop(first);

    accepted(5, 8);
    broker.say(succeeded("open/t#1", "a", figures(), Grade.clean, now));
    StatisticsFollower second = broker.follow(router, OFTEN);

    awaitAccepted(second, 9);
  }

  @Test
  void countsAgainWhatTheFormerOwnerHadNotTold() throws Exception {
    RouterLoop router = broker.start(Map.of());
    StatisticsFollower told = broker.follow(router, OFTEN);
    accepted(0, 3);
    awaitAccepted(told, 3);
    broker.stop(told);
    StatisticsFollower silent = broker.follow(router, NEVER);
    accepted(3, 6);
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(20))
        .until(() -> count(silent) > 2.9);
    broker.stop(silent);

    StatisticsFollower third = broker.follow(router, OFTEN);

    awaitAccepted(third, 6);
  }

  @Test
  void addsUpWhatSeveralRoutersCount() throws Exception {
    RouterLoop one = broker.start(Map.of());
    RouterLoop other = broker.start(Map.of());
    StatisticsFollower first = broker.follow(one, OFTEN);
    StatisticsFollower second = broker.follow(other, OFTEN);

    accepted(0, 20);

    awaitAccepted(first, 20);
    awaitAccepted(second, 20);
  }

  @Test
  void goesOnPastWhatItCannotRead() throws Exception {
    StatisticsFollower statistics = broker.follow(broker.start(Map.of()), OFTEN);

    for (String key : new String[] {"w0", "w1", "w2", "w3"}) {
      broker.send(broker.topics.events(), key, "nonsense".getBytes(StandardCharsets.UTF_8));
      broker.send(broker.topics.agentsStatistics(), key, new byte[] {1});
    }
    accepted(0, 4);

    awaitAccepted(statistics, 4);
  }

  /** Of workflows with these numbers, which are in different partitions. */
  private void accepted(int from, int to) throws Exception {
    for (int i = from; i < to; i++) {
      broker.say(scheduled("w" + i + "/t#1", now));
      broker.say(succeeded("w" + i + "/t#1", "a", figures(), Grade.clean, now));
    }
  }

  private static ResultMetadata figures() {
    return ResultMetadata.newBuilder().setDuration(100).setConfidence(0.9).build();
  }

  private void awaitAccepted(StatisticsFollower statistics, int count) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(20))
        .untilAsserted(() -> assertThat(count(statistics)).isCloseTo(count, within(1e-6)));
  }

  private double count(StatisticsFollower statistics) {
    Figures figures = statistics.view().sum(A).at(now);
    return figures.count(Count.ACCEPTED);
  }
}
