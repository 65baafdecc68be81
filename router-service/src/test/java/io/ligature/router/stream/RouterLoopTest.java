package io.ligature.router.stream;

import static io.ligature.router.routing.Samples.agent;
import static io.ligature.router.routing.Samples.status;
import static io.ligature.router.routing.Samples.task;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.ligature.avro.AgentLimits;
import io.ligature.avro.ResultMetadata;
import io.ligature.avro.ResultStatus;
import io.ligature.avro.TaskAssignment;
import io.ligature.avro.TaskCancel;
import io.ligature.avro.TaskResult;
import io.ligature.avro.TaskUnplaced;
import io.ligature.schemas.AttemptId;
import io.ligature.schemas.wire.CloudEvents;
import io.ligature.schemas.wire.DeadLetters;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RouterLoopTest {

  private static final Map<String, String> PATIENT =
      Map.of("report-unplaced-after", "1h", "park-after", "1h", "commit-interval", "10ms");

  private RouterOnBroker broker;

  @BeforeEach
  void oneAgentThatTakesOne() throws Exception {
    broker = new RouterOnBroker();
    broker.say(agent("a", "0.10").setLimits(new AgentLimits(1, null, null, null)).build());
    broker.say(status("a").setHeartbeatAt(now()).build());
  }

  @AfterEach
  void stop() throws Exception {
    broker.close();
  }

  @Test
  void assignsWithItsExplanation() throws Exception {
    broker.start(PATIENT);

    broker.say(task("w1/t#1").build());

    TaskAssignment assignment = broker.assignments(1).getFirst();
    assertThat(assignment.getEnvelope()).isEqualTo(task("w1/t#1").build());
    assertThat(assignment.getAgent()).isEqualTo("a");
    assertThat(assignment.getCandidates().getFirst().getReason())
        .isEqualTo("lowest expected cost of an accepted result");
  }

  @Test
  void placesAWaitingTaskWhenAResultComes() throws Exception {
    RouterLoop router = broker.start(PATIENT);
    broker.say(task("w1/t#1").build());
    broker.assignments(1);
    broker.say(task("w1/u#1").build());
    awaitWaiting(router, 1);

    broker.say(result("w1/t#1"));

    assertThat(ids(broker.assignments(2))).containsExactly("w1/t#1", "w1/u#1");
  }

  @Test
  void reportsAnUnknownCapabilityAndThenGivesTheTaskBack() throws Exception {
    broker.start(Map.of("report-unplaced-after", "50ms", "park-after", "100ms"));

    broker.say(task("w1/t#1").setCapability("web.fly").build());

    String reason =
        "no agent offers the capability 'web.fly'; register one that does, or correct the task";
    assertThat(broker.unplaced(2))
        .extracting(TaskUnplaced::getId, TaskUnplaced::getParked, TaskUnplaced::getReason)
        .containsExactly(tuple("w1/t#1", false, reason), tuple("w1/t#1", true, reason));
  }

  @Test
  void forwardsTheSameAssignmentWhenATaskIsSentAgain() throws Exception {
    broker.start(PATIENT);
    broker.say(task("w1/t#1").build());
    broker.assignments(1);
    broker.say(agent("b", "0.01").build());

    broker.say(task("w1/t#1").build());

    assertThat(agents(broker.assignments(2))).containsExactly("a", "a");
  }

  /** Without reading the log of assignments, the second router would choose the cheaper b. */
  @Test
  void losesNoWaitingTaskAndMovesNoAssignmentWhenItIsRestarted() throws Exception {
    RouterLoop first = broker.start(PATIENT);
    broker.say(agent("narrow", "0.10").setTenants(List.of("acme")).build());
    // The first task waits, so that nothing behind it can be committed.
    broker.say(task("w1/waits#1").setCapability("web.fly").build());
    broker.say(task("w1/t#1").build());
    broker.assignments(1);
    awaitWaiting(first, 1);
    broker.stop(first);
    broker.say(agent("b", "0.01").build());
    broker.say(
        agent("flyer", "0.10")
            .setCapabilities(List.of(new io.ligature.avro.AgentCapability("web.fly", null, null)))
            .build());

    broker.start(PATIENT);

    List<TaskAssignment> assignments = broker.assignments(3);
    assertThat(assignments)
        .extracting(each -> each.getEnvelope().getId(), TaskAssignment::getAgent)
        .containsExactlyInAnyOrder(
            tuple("w1/t#1", "a"), tuple("w1/t#1", "a"), tuple("w1/waits#1", "flyer"));
  }

  @Test
  void knowsAfterARestartWhatItsAgentsStillDo() throws Exception {
    RouterLoop first = broker.start(PATIENT);
    broker.say(task("w1/t#1").build());
    broker.assignments(1);
    broker.stop(first);

    RouterLoop second = broker.start(PATIENT);
    broker.say(task("w1/u#1").build());
    awaitWaiting(second, 1);
    broker.say(result("w1/t#1"));

    assertThat(ids(broker.assignments(2))).containsExactly("w1/t#1", "w1/u#1");
  }

  @Test
  void putsUnreadableRecordsAsideAndGoesOn() throws Exception {
    broker.start(PATIENT);

    broker.send(broker.topics.tasksReady(), "w1", "nonsense".getBytes(StandardCharsets.UTF_8));
    broker.send(broker.topics.agents(), "x", new byte[] {1});
    broker.send(broker.topics.tasksCancelled(), "w1", broker.codec.encode(task("w1/x#1").build()));
    broker.say(task("w1/t#1").build());

    assertThat(ids(broker.assignments(1))).containsExactly("w1/t#1");
    assertThat(broker.deadLetters(3))
        .extracting(each -> CloudEvents.text(each.headers(), DeadLetters.ORIGIN_TOPIC))
        .containsExactlyInAnyOrder(
            broker.topics.tasksReady(), broker.topics.agents(), broker.topics.tasksCancelled());
  }

  @Test
  void dropsATaskThatIsCancelledWhileItWaits() throws Exception {
    RouterLoop router = broker.start(PATIENT);
    broker.say(task("w1/t#1").build());
    broker.assignments(1);
    broker.say(task("w1/u#1").build());
    awaitWaiting(router, 1);

    broker.say(new TaskCancel("w1/u#1", "w1", "the workflow was cancelled"));
    awaitWaiting(router, 0);
    broker.say(result("w1/t#1"));
    broker.say(task("w1/v#1").build());

    assertThat(ids(broker.assignments(2))).containsExactly("w1/t#1", "w1/v#1");
  }

  @Test
  void readsNoMoreTasksThanItMayHold() throws Exception {
    RouterLoop router =
        broker.start(Map.of("max-waiting", "1", "report-unplaced-after", "1h", "park-after", "1h"));
    broker.say(task("w1/t#1").build());
    broker.assignments(1);
    for (int i = 0; i < 5; i++) {
      broker.say(task("w1/u" + i + "#1").build());
      awaitWaiting(router, 1);
    }

    int placed = 1;
    for (String done : List.of("t", "u0", "u1", "u2", "u3")) {
      broker.say(result("w1/" + done + "#1"));
      placed++;
      broker.assignments(placed);
    }

    assertThat(ids(broker.assignments(6))).last().isEqualTo("w1/u4#1");
  }

  @Test
  void sharesThePartitionsWithASecondRouter() throws Exception {
    RouterLoop first = broker.start(PATIENT);
    RouterLoop second = broker.start(PATIENT);
    broker.say(agent("wide", "0.01").build());

    for (int i = 0; i < 20; i++) {
      broker.say(task("w" + i + "/t#1").build());
    }

    assertThat(ids(broker.assignments(20))).doesNotHaveDuplicates();
    assertThat(first.ready()).isTrue();
    assertThat(second.ready()).isTrue();
  }

  @Test
  void keepsALimitThatTwoRoutersShare() throws Exception {
    broker.say(agent("a", "0.10").setLimits(new AgentLimits(2, null, null, null)).build());
    broker.start(PATIENT);
    broker.start(PATIENT);
    for (int i = 0; i < 12; i++) {
      broker.say(task("w" + i + "/t#1").build());
    }

    int ended = 0;
    while (ended < 12) {
      List<TaskAssignment> assigned = broker.assignments(ended + 1);
      assertThat(assigned.size() - ended).isLessThanOrEqualTo(2);
      for (TaskAssignment each : List.copyOf(assigned.subList(ended, assigned.size()))) {
        broker.say(result(each.getEnvelope().getId()));
        ended++;
      }
    }
    assertThat(ids(broker.assignments(12))).doesNotHaveDuplicates();
  }

  @Test
  void knowsAfterARestartWhatTheMinuteHasTaken() throws Exception {
    broker.say(agent("a", "0.10").setLimits(new AgentLimits(null, 1, null, null)).build());
    RouterLoop first = broker.start(PATIENT);
    broker.say(task("w1/t#1").build());
    broker.assignments(1);
    broker.say(result("w1/t#1"));
    broker.stop(first);

    RouterLoop second = broker.start(PATIENT);
    broker.say(task("w1/u#1").build());

    awaitWaiting(second, 1);
    assertThat(
            second
                .ask((dispatcher, now) -> dispatcher.fleet().member("a").quota())
                .get()
                .limits()
                .requests())
        .isEqualTo(1);
  }

  private static void awaitWaiting(RouterLoop router, int count) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .pollInterval(Duration.ofMillis(10))
        .until(() -> router.ask((dispatcher, now) -> dispatcher.waiting()).get() == count);
  }

  private static List<String> ids(List<TaskAssignment> assignments) {
    return assignments.stream().map(each -> each.getEnvelope().getId()).toList();
  }

  private static List<String> agents(List<TaskAssignment> assignments) {
    return assignments.stream().map(TaskAssignment::getAgent).toList();
  }

  private static TaskResult result(String attempt) {
    return TaskResult.newBuilder()
        .setId(attempt)
        .setWorkflowId(AttemptId.parse(attempt).workflowId())
        .setStatus(ResultStatus.success)
        .setMetadata(ResultMetadata.newBuilder().setDuration(1).build())
        .setAgent("a")
        .setExecutor("executor-1")
        .setReportedAt(now())
        .build();
  }

  private static Instant now() {
    return Instant.now().truncatedTo(java.time.temporal.ChronoUnit.MILLIS);
  }
}
