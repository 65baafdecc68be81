package io.ligature.router.stream;

import static io.ligature.router.routing.Samples.CAPABILITY;
import static io.ligature.router.routing.Samples.NOW;
import static io.ligature.router.routing.Samples.agent;
import static io.ligature.router.routing.Samples.status;
import static io.ligature.router.routing.Samples.task;
import static org.assertj.core.api.Assertions.assertThat;

import io.ligature.avro.AgentLimits;
import io.ligature.avro.Calibration;
import io.ligature.avro.Failure;
import io.ligature.avro.ResultMetadata;
import io.ligature.avro.ResultStatus;
import io.ligature.avro.ShadowResult;
import io.ligature.avro.TaskAssignment;
import io.ligature.avro.TaskResult;
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

/** Tasks whose agents pause, and copies for shadows. */
class DispatcherPausesTest {

  private final FakeOutbox outbox = new FakeOutbox();
  private final RouterSettings settings = Settings.of(Map.of("executor-timeout", "1h"));
  private final Dispatcher router =
      new Dispatcher(settings, outbox, new RouterMetrics(new SimpleMeterRegistry()));
  private Instant now = NOW;
  private long offset = 100;

  @BeforeEach
  void oneAgent() {
    router.take(0, offset, Map.of(), Map.of());
    router.register(agent("a", "0.10").build());
    router.report(status("a").build(), now);
  }

  @Test
  void givesATaskBackAtOnceWhenEveryPauseIsLongerThanItsTime() {
    cool("a", 60);

    ready("w1/t#1", now.plusSeconds(30));

    assertThat(outbox.said)
        .containsExactly(
            "w1/t#1 parked: nobody waits for the result after 2026-01-02T03:04:35Z, and every"
                + " agent that could take it pauses until then: the one agent for 'text.summarise'"
                + " cannot take it now: a: cooling down until 2026-01-02T03:05:05Z");
    assertThat(router.waiting()).isZero();
  }

  @Test
  void waitsForTheFirstAgentThatReturnsThoughThatIsLongerThanUsual() {
    router.register(agent("b", "0.20").build());
    cool("a", 58);
    cool("b", 40);

    ready("w1/t#1", now.plusSeconds(50));
    after(settings.parkAfter());
    assertThat(router.waiting()).isEqualTo(1);
    after(Duration.ofSeconds(10));

    assertThat(outbox.said.getLast()).isEqualTo("w1/t#1 -> b");
  }

  @Test
  void givesATaskBackInTheEndWhenThePauseIsTooLong() {
    cool("a", 600);

    ready("w1/t#1", null);
    after(settings.parkAfter());

    assertThat(outbox.said.getLast()).startsWith("w1/t#1 parked: ");
  }

  @Test
  void placesWhatWaitedForTheMinuteToPass() {
    router.register(agent("a", "0.10").setLimits(new AgentLimits(null, 1, null, null)).build());
    ready("w1/t#1", null);
    after(Duration.ofSeconds(31));
    ready("w2/t#1", null);
    assertThat(router.nextTimer()).isEqualTo(NOW.plusSeconds(32));

    after(Duration.ofSeconds(29));

    assertThat(outbox.said.getLast()).isEqualTo("w2/t#1 -> a");
  }

  @Test
  void coolsAnAgentAsSoonAsAResultSaysSo() {
    ready("w1/t#1", null);

    router.result(
        0,
        Intake.ended(
            result("w1/t#1")
                .setStatus(ResultStatus.failure)
                .setError(new Failure("rate_limited", "too many", 3_000L, false))
                .build()),
        now);
    ready("w2/t#1", null);

    assertThat(outbox.said).containsExactly("w1/t#1 -> a");
    after(Duration.ofSeconds(5));
    assertThat(outbox.said).contains("w2/t#1 -> a");
  }

  @Test
  void knowsFromTheLogWhatTheMinuteHasTaken() {
    router.register(agent("a", "0.10").setLimits(new AgentLimits(null, 1, null, null)).build());
    Seen seen = new Seen("a", "1", "default", now.minusSeconds(50), 1);
    router.take(1, 0, Map.of("w9/t#1", seen), Map.of());
    router.result(1, ended("w9/t#1"), now);

    ready("w1/t#1", null);
    assertThat(outbox.said).isEmpty();
    after(Duration.ofSeconds(10));

    assertThat(outbox.said).containsExactly("w1/t#1 -> a");
  }

  @Test
  void sendsACopyToAShadowAndCountsItUntilItsResult() {
    shadow();
    ready("w1/t#1", null);
    assertThat(outbox.said).containsExactly("w1/t#1 -> a", "w1/t#1 ~> s");
    assertThat(router.fleet().member("s").outstanding()).isEqualTo(1);

    ready("w2/t#1", null);
    assertThat(outbox.said).doesNotContain("w2/t#1 ~> s");
    router.copyResult(0, Intake.ended(copyResult("w1/t#1", "s")), now);
    ready("w3/t#1", null);

    assertThat(outbox.said).contains("w3/t#1 ~> s");
  }

  @Test
  void doesNotTakeTheResultOfACopyForTheAttempts() {
    shadow();
    ready("w1/t#1", null);

    router.copyResult(0, Intake.ended(copyResult("w1/t#1", "s")), now);
    assertThat(router.fleet().member("a").outstanding()).isEqualTo(1);
    router.result(0, ended("w1/t#1"), now);

    assertThat(router.fleet().member("a").outstanding()).isZero();
  }

  @Test
  void waitsForACopyNoLongerThanItsTimeout() {
    shadow();
    ready("w1/t#1", null);

    after(Duration.ofSeconds(65));

    assertThat(router.fleet().member("s").outstanding()).isZero();
  }

  @Test
  void takesCopiesOfTheLogForWhatTheyAre() {
    shadow();
    router.take(
        1, 0, Map.of(), Map.of(Shares.copy("w9/t#1", "s"), new Seen("s", "1", "default", now, 1)));
    router.offsets(1).begin(0);

    router.ready(task("w9/t#1").build(), new Origin(1, 0, "w9", null), now);

    assertThat(outbox.said).containsExactly("w9/t#1 -> a");
    assertThat(router.fleet().member("s").outstanding()).isEqualTo(1);
  }

  @Test
  void sendsTheCurveByWhichTheConfidenceIsCorrected() {
    Calibration curve = new Calibration(List.of(0.0, 1.0), List.of(0.1, 0.8), 40L);
    router.fleet().calibrate("a", CAPABILITY, curve);

    ready("w1/t#1", null);

    assertThat(outbox.last.getCalibration()).isEqualTo(curve);
  }

  @Test
  void remembersWhenTheOldestOpenAttemptWasAssigned() {
    assertThat(router.shares().oldestOpen(0)).isNull();
    ready("w1/t#1", null);
    after(Duration.ofSeconds(3));
    ready("w2/t#1", null);
    assertThat(router.shares().oldestOpen(0)).isEqualTo(NOW);

    router.result(0, ended("w1/t#1"), now);

    assertThat(router.shares().oldestOpen(0)).isEqualTo(now);
    assertThat(OpenSince.in(OpenSince.with(7, now))).isEqualTo(now);
    assertThat(OpenSince.in(OpenSince.with(7, null))).isNull();
  }

  private void shadow() {
    router.register(
        agent("s", "0")
            .setShadowShare(1.0)
            .setLimits(new AgentLimits(1, null, null, null))
            .build());
  }

  private void cool(String agent, int seconds) {
    router.report(status(agent).setCooldownUntil(now.plusSeconds(seconds)).build(), now);
  }

  private void ready(String attempt, Instant notAfter) {
    router.offsets(0).begin(offset);
    router.ready(
        task(attempt).setNotAfter(notAfter).build(), new Origin(0, offset, "root", null), now);
    offset++;
  }

  private void after(Duration time) {
    now = now.plus(time);
    router.tick(now);
    router.placeWaiting(now);
  }

  private static Ended ended(String attempt) {
    return Intake.ended(result(attempt).build());
  }

  private static TaskResult.Builder result(String attempt) {
    return TaskResult.newBuilder()
        .setId(attempt)
        .setWorkflowId("w")
        .setStatus(ResultStatus.success)
        .setMetadata(ResultMetadata.newBuilder().setDuration(1).build())
        .setAgent("a")
        .setExecutor("executor-1")
        .setReportedAt(NOW);
  }

  private static ShadowResult copyResult(String attempt, String agent) {
    return ShadowResult.newBuilder()
        .setId(attempt)
        .setWorkflowId("w")
        .setAgent(agent)
        .setExecutor("executor-1")
        .setStatus(ResultStatus.success)
        .setMetadata(ResultMetadata.newBuilder().setDuration(1).build())
        .setReportedAt(NOW)
        .build();
  }

  private static final class FakeOutbox implements Outbox {
    final List<String> said = new ArrayList<>();
    TaskAssignment last;

    @Override
    public void assign(TaskAssignment assignment, Origin origin) {
      said.add(assignment.getEnvelope().getId() + " -> " + assignment.getAgent());
      last = assignment;
    }

    @Override
    public void copy(TaskAssignment assignment, Origin origin) {
      said.add(assignment.getEnvelope().getId() + " ~> " + assignment.getAgent());
    }

    @Override
    public void unplaced(TaskUnplaced unplaced, Origin origin) {
      if (unplaced.getParked()) {
        said.add(unplaced.getId() + " parked: " + unplaced.getReason());
      }
    }
  }
}
