package io.ligature.router.stream;

import static io.ligature.router.routing.Samples.NOW;
import static io.ligature.router.routing.Samples.agent;
import static io.ligature.router.routing.Samples.status;
import static io.ligature.router.routing.Samples.task;
import static org.assertj.core.api.Assertions.assertThat;

import io.ligature.avro.AgentLimits;
import io.ligature.avro.TaskAssignment;
import io.ligature.avro.TaskUnplaced;
import io.ligature.router.routing.Ended;
import io.ligature.router.routing.Waiting.Origin;
import io.ligature.router.stream.SeenAttempts.Seen;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DispatcherTest {

  private final FakeOutbox outbox = new FakeOutbox();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final RouterSettings settings =
      Settings.of(Map.of("seen-per-partition", "3", "executor-timeout", "1h"));
  private final Dispatcher router = new Dispatcher(settings, outbox, new RouterMetrics(meters));
  private Instant now = NOW;

  @BeforeEach
  void oneAgentThatTakesOne() {
    router.take(0, 100, Map.of(), Map.of());
    register("a", 1);
    router.report(status("a").build(), now);
  }

  @Test
  void assignsAtOnceWhenAnAgentIsFree() {
    ready("w1/t#1", 100);

    assertThat(outbox.said).containsExactly("w1/t#1 -> a");
    assertThat(router.waiting()).isZero();
  }

  @Test
  void placesAWaitingTaskWhenAResultFreesItsAgent() {
    ready("w1/t#1", 100);
    ready("w2/t#1", 101);
    assertThat(outbox.said).containsExactly("w1/t#1 -> a");

    router.result(0, ended("w1/t#1"), now);
    router.placeWaiting(now);

    assertThat(outbox.said).containsExactly("w1/t#1 -> a", "w2/t#1 -> a");
  }

  @Test
  void countsAResultOnce() {
    ready("w1/t#1", 100);
    ready("w2/t#1", 101);
    ready("w3/t#1", 102);

    router.result(0, ended("w1/t#1"), now);
    router.result(0, ended("w1/t#1"), now);
    router.placeWaiting(now);

    assertThat(outbox.said).containsExactly("w1/t#1 -> a", "w2/t#1 -> a");
  }

  @Test
  void forwardsTheSameAssignmentAgainWithoutASecondCharge() {
    register("a", 2);
    ready("w1/t#1", 100);
    register("b", 9);
    ready("w1/t#1", 101);
    ready("w2/t#1", 102);

    assertThat(outbox.said).containsExactly("w1/t#1 -> a", "w1/t#1 -> a", "w2/t#1 -> a");
    assertThat(router.fleet().member("a").outstanding()).isEqualTo(2);
  }

  @Test
  void forwardsAgainWhatAlreadyHasAResult() {
    ready("w1/t#1", 100);
    router.result(0, ended("w1/t#1"), now);

    ready("w1/t#1", 101);

    assertThat(outbox.said).containsExactly("w1/t#1 -> a", "w1/t#1 -> a");
    assertThat(router.fleet().member("a").outstanding()).isZero();
  }

  @Test
  void forwardsWhatTheLogSaysWasAssigned() {
    router.take(1, 0, Map.of("w9/t#1", new Seen("gone", "3", "gpu", NOW, 1)), Map.of());

    router.offsets(1).begin(0);
    router.ready(task("w9/t#1").build(), new Origin(1, 0, "w9", null), now);

    assertThat(outbox.said).containsExactly("w9/t#1 -> gone");
    assertThat(outbox.pools).containsExactly("gpu");
  }

  @Test
  void rebuildsTheLoadFromTheLog() {
    router.take(1, 0, Map.of("w9/t#1", new Seen("a", "1", "default", NOW, 1)), Map.of());

    ready("w1/t#1", 100);

    assertThat(outbox.said).isEmpty();
    assertThat(router.waiting()).isEqualTo(1);
  }

  @Test
  void ticksASecondCopyOfAWaitingTaskOff() {
    ready("w1/t#1", 100);
    ready("w2/t#1", 101);
    ready("w2/t#1", 102);

    assertThat(router.waiting()).isEqualTo(1);
    router.finished(0, 100);
    router.finished(0, 101);
    assertThat(router.offsets(0).position()).isEqualTo(103);
  }

  @Test
  void reportsATaskThatWaitsAndThenGivesItBack() {
    ready("w1/t#1", 100);
    ready("w2/t#1", 101);

    after(settings.reportUnplacedAfter());
    assertThat(outbox.said)
        .containsExactly(
            "w1/t#1 -> a",
            "w2/t#1 waits: the one agent for 'text.summarise' cannot take it now: a: takes 1 at"
                + " once and has 1");
    assertThat(router.waiting()).isEqualTo(1);
    after(settings.parkAfter());

    assertThat(outbox.said.getLast()).startsWith("w2/t#1 parked: the one agent for");
    assertThat(router.waiting()).isZero();
    assertThat(router.nextTimer()).isNull();
  }

  @Test
  void routesAParkedTaskAnewWhenItIsOfferedAgain() {
    ready("w1/t#1", 100);
    ready("w2/t#1", 101);
    after(settings.parkAfter());
    router.result(0, ended("w1/t#1"), now);

    ready("w2/t#1", 102);

    assertThat(outbox.said.getLast()).isEqualTo("w2/t#1 -> a");
  }

  @Test
  void doesNotReportATaskThatWasPlacedMeanwhile() {
    ready("w1/t#1", 100);
    ready("w2/t#1", 101);
    router.result(0, ended("w1/t#1"), now);
    router.placeWaiting(now);

    after(settings.parkAfter());

    assertThat(outbox.said).containsExactly("w1/t#1 -> a", "w2/t#1 -> a");
  }

  @Test
  void dropsAWaitingTaskThatIsCancelled() {
    ready("w1/t#1", 100);
    ready("w2/t#1", 101);

    router.cancelled(0, "w2/t#1");
    router.result(0, ended("w1/t#1"), now);
    router.placeWaiting(now);

    assertThat(outbox.said).containsExactly("w1/t#1 -> a");
    router.finished(0, 100);
    assertThat(router.offsets(0).position()).isEqualTo(102);
  }

  @Test
  void dropsATaskWhoseCancellationCameFirst() {
    router.cancelled(0, "w1/t#1");

    ready("w1/t#1", 100);

    assertThat(outbox.said).isEmpty();
    assertThat(router.offsets(0).position()).isEqualTo(101);
  }

  @Test
  void freesTheAgentOfACancelledAttempt() {
    ready("w1/t#1", 100);

    router.cancelled(0, "w1/t#1");

    assertThat(router.fleet().member("a").outstanding()).isZero();
  }

  @Test
  void givesATaskBackThatNobodyWaitsFor() {
    router.offsets(0).begin(100);
    router.ready(task("w1/t#1").setNotAfter(now).build(), new Origin(0, 100, "w1", null), now);

    assertThat(outbox.said)
        .containsExactly(
            "w1/t#1 parked: nobody waits for the result after 2026-01-02T03:04:05Z, and no agent"
                + " could take it before");
  }

  @Test
  void givesAWaitingTaskBackAtItsDeadline() {
    ready("w1/t#1", 100);
    router.offsets(0).begin(101);
    router.ready(
        task("w2/t#1").setNotAfter(now.plusMillis(500)).build(),
        new Origin(0, 101, "w2", null),
        now);

    after(Duration.ofMillis(500));

    assertThat(outbox.said.getLast()).startsWith("w2/t#1 parked: nobody waits");
  }

  @Test
  void placesWhatWaitedForACapability() {
    router.offsets(0).begin(100);
    router.ready(
        task("w1/t#1").setCapability("web.fly").build(), new Origin(0, 100, "w1", null), now);
    assertThat(router.waiting()).isEqualTo(1);

    router.register(
        agent("flyer", "0.10")
            .setCapabilities(List.of(new io.ligature.avro.AgentCapability("web.fly", null, null)))
            .build());
    router.placeWaiting(now);

    assertThat(outbox.said).containsExactly("w1/t#1 -> flyer");
  }

  @Test
  void placesWhatWaitedForTheEndOfACooldown() {
    router.report(status("a").setCooldownUntil(now.plusMillis(300)).build(), now);
    ready("w1/t#1", 100);
    assertThat(outbox.said).isEmpty();
    assertThat(router.nextTimer()).isEqualTo(NOW.plusMillis(300));

    after(Duration.ofMillis(300));

    assertThat(outbox.said).containsExactly("w1/t#1 -> a");
  }

  @Test
  void placesWhatWaitedForAnExecutor() {
    register("g", 1, "gpu");
    router.remove("a");
    ready("w1/t#1", 100);
    assertThat(outbox.said).isEmpty();

    router.report(status("other").setPool("gpu").build(), now);
    router.placeWaiting(now);

    assertThat(outbox.said).containsExactly("w1/t#1 -> g");
  }

  @Test
  void letsGoOfAPartitionWithItsWaitingTasksAndItsLoad() {
    ready("w1/t#1", 100);
    ready("w2/t#1", 101);

    router.give(0);

    assertThat(router.waiting()).isZero();
    assertThat(router.fleet().member("a").outstanding()).isZero();
    assertThat(meters.get("ligature.router.waiting").gauge().value()).isZero();
  }

  @Test
  void remembersAsManyAssignmentsAsItMay() {
    register("a", 9);
    for (int i = 1; i <= 4; i++) {
      ready("w" + i + "/t#1", 99 + i);
    }
    router.tick(now);

    assertThat(router.fleet().member("a").outstanding()).isEqualTo(3);
  }

  @Test
  void forgetsAssignmentsThatAreTooOld() {
    ready("w1/t#1", 100);

    now = now.plus(settings.seenAge()).plusMillis(1);
    router.tick(now);

    assertThat(router.fleet().member("a").outstanding()).isZero();
  }

  @Test
  void countsWaitingTasksByReason() {
    ready("w1/t#1", 100);
    ready("w2/t#1", 101);

    assertThat(meters.get("ligature.router.waiting").tag("reason", "concurrency").gauge().value())
        .isEqualTo(1);
  }

  private static Ended ended(String attempt) {
    return new Ended(attempt, "executor-1", NOW, true, null, -1, -1, null, 0);
  }

  private void register(String id, int concurrency) {
    register(id, concurrency, "default");
  }

  private void register(String id, int concurrency, String pool) {
    router.register(
        agent(id, id.equals("a") ? "0.10" : "0.20")
            .setPool(pool)
            .setLimits(new AgentLimits(concurrency, null, null, null))
            .build());
  }

  private void ready(String attempt, long offset) {
    router.offsets(0).begin(offset);
    router.ready(task(attempt).build(), new Origin(0, offset, "root", null), now);
  }

  private void after(Duration time) {
    now = now.plus(time);
    router.tick(now);
    router.placeWaiting(now);
  }

  private static final class FakeOutbox implements Outbox {
    final List<String> said = new ArrayList<>();
    final List<String> pools = new ArrayList<>();

    @Override
    public void assign(TaskAssignment assignment, Origin origin) {
      said.add(assignment.getEnvelope().getId() + " -> " + assignment.getAgent());
      pools.add(assignment.getPool());
    }

    @Override
    public void copy(TaskAssignment assignment, Origin origin) {
      assertThat(assignment.getShadow()).isTrue();
      said.add(assignment.getEnvelope().getId() + " ~> " + assignment.getAgent());
    }

    @Override
    public void unplaced(TaskUnplaced unplaced, Origin origin) {
      said.add(
          unplaced.getId()
              + (unplaced.getParked() ? " parked: " : " waits: ")
              + unplaced.getReason());
    }
  }
}
