package io.ligature.executor.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ligature.agent.AgentOutcome;
import io.ligature.agent.CallFailure;
import io.ligature.avro.AgentStatus;
import io.ligature.avro.Failure;
import io.ligature.avro.Grade;
import io.ligature.avro.ResultMetadata;
import io.ligature.avro.ResultStatus;
import io.ligature.avro.TaskAssignment;
import io.ligature.avro.TaskCancel;
import io.ligature.avro.TaskEnvelope;
import io.ligature.avro.TaskProgress;
import io.ligature.avro.TaskResult;
import io.ligature.avro.TaskStarted;
import io.ligature.avro.WorkflowContext;
import io.ligature.executor.Samples;
import io.ligature.schemas.ErrorKind;
import io.ligature.schemas.Money;
import io.ligature.schemas.wire.CloudEvents;
import io.ligature.schemas.wire.DeadLetters;
import io.ligature.schemas.wire.Payloads;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class ExecutorNodeTest {

  private ExecutorsOnBroker broker;

  @BeforeEach
  void begin() throws Exception {
    broker = new ExecutorsOnBroker(1);
    broker.say(Samples.agent("a", "fake"));
  }

  @AfterEach
  void end() throws Exception {
    broker.close();
  }

  @Test
  void reportsTheResultOfACall() throws Exception {
    ExecutorNode node = broker.start(Map.of());

    broker.say(Samples.assignment("wf-1/echo#1", "a"));

    TaskResult result = broker.results(1).getFirst();
    assertThat(result)
        .isEqualTo(
            new TaskResult(
                "wf-1/echo#1",
                "wf-1",
                ResultStatus.success,
                Payloads.json(Payloads.parse(Samples.json("{\"n\": 1}"))),
                new ResultMetadata(
                    Money.of("0.02").toDecimal(),
                    result.getMetadata().getDuration(),
                    null,
                    null,
                    null,
                    null,
                    null,
                    null,
                    Grade.clean,
                    null,
                    List.of(),
                    null),
                null,
                "a",
                node.id(),
                result.getReportedAt(),
                null));
    ConsumerRecord<byte[], byte[]> record = broker.records(broker.topics.inbox()).getFirst();
    assertThat(new String(record.key(), StandardCharsets.UTF_8)).isEqualTo("wf-1");
    assertThat(CloudEvents.text(record.headers(), "ce_id")).isEqualTo("wf-1/echo#1/result");
    assertThat(CloudEvents.text(record.headers(), "ce_type"))
        .isEqualTo("io.ligature.avro.TaskResult");
  }

  @Test
  void reportsOnATaskDeepInATreeOfWorkflowsUnderTheKeyOfItsRoot() throws Exception {
    String attempt = "wf-1:sub:1/fan[7].draft~2.charge!#3";
    broker.start(Map.of());
    TaskEnvelope envelope =
        Samples.envelope(attempt, Samples.json("{\"n\": 1}"), Duration.ofMinutes(1));
    WorkflowContext context =
        WorkflowContext.newBuilder(envelope.getContext()).setRootWorkflowId("wf-1").build();

    broker.say(
        Samples.assignment(TaskEnvelope.newBuilder(envelope).setContext(context).build(), "a"));

    assertThat(broker.results(1).getFirst())
        .returns(attempt, TaskResult::getId)
        .returns("wf-1:sub:1", TaskResult::getWorkflowId)
        .returns(ResultStatus.success, TaskResult::getStatus);
    ConsumerRecord<byte[], byte[]> record = broker.records(broker.topics.inbox()).getFirst();
    assertThat(new String(record.key(), StandardCharsets.UTF_8)).isEqualTo("wf-1");
  }

  @Test
  void commitsOnlyUpToTheFirstUnfinishedCall() throws Exception {
    broker.fake.hold("wf-1/slow#1");
    broker.start(Map.of());

    broker.say(Samples.assignment("wf-1/before#1", "a"));
    broker.say(Samples.assignment("wf-1/slow#1", "a"));
    broker.say(Samples.assignment("wf-1/after#1", "a"));

    broker.results(2);
    await().untilAsserted(() -> assertThat(broker.committed()).isEqualTo(1));
    broker.fake.release("wf-1/slow#1");
    await().untilAsserted(() -> assertThat(broker.committed()).isEqualTo(3));
  }

  @Test
  void putsUnreadableRecordsAsideAndGoesOn() throws Exception {
    broker.start(Map.of());

    broker.send(broker.topics.tasksAssigned("default"), "wf-1", new byte[] {7, 7});
    broker.send(
        broker.topics.tasksAssigned("default"),
        "wf-1",
        broker.codec.encode(new TaskCancel("wf-1/a#1", "wf-1", "stray")));
    broker.say(Samples.assignment("wf-1/echo#1", "a"));

    broker.results(1);
    await().untilAsserted(() -> assertThat(broker.records(broker.topics.deadLetters())).hasSize(2));
    assertThat(broker.records(broker.topics.deadLetters()))
        .extracting(letter -> CloudEvents.text(letter.headers(), DeadLetters.REASON))
        .anyMatch(reason -> reason.contains("wire format"))
        .anyMatch(reason -> reason.contains("TaskCancel"));
    await().untilAsserted(() -> assertThat(broker.committed()).isEqualTo(3));
  }

  @Test
  void failsWithoutAnAgentWhenNobodyKnowsIt() throws Exception {
    broker.start(Map.of());

    broker.say(Samples.assignment("wf-1/echo#1", "nobody"));

    assertThat(broker.results(1).getFirst().getError())
        .isEqualTo(new Failure("no_agent", "agent nobody is not registered", null, false));
  }

  @Test
  void callsAnAgentThatWasRegisteredJustBefore() throws Exception {
    broker.start(Map.of());

    broker.say(Samples.agent("fresh", "fake"));
    broker.say(Samples.assignment("wf-1/echo#1", "fresh"));

    assertThat(broker.results(1).getFirst().getStatus()).isEqualTo(ResultStatus.success);
  }

  @Test
  void forgetsAnAgentThatWasRemoved() throws Exception {
    broker.start(Map.of());

    broker.send(broker.topics.agents(), "a", null);
    await()
        .untilAsserted(
            () -> {
              broker.say(Samples.assignment("wf-1/echo#" + System.nanoTime() % 100_000, "a"));
              assertThat(broker.present(broker.topics.inbox(), TaskResult.class))
                  .anyMatch(
                      result ->
                          result.getError() != null
                              && result.getError().getKind().equals("no_agent"));
            });
  }

  @Test
  void callsNoMoreAtOnceThanItMay() throws Exception {
    for (int i = 1; i <= 5; i++) {
      broker.fake.hold("wf-1/echo#" + i);
    }
    ExecutorNode node = broker.start(Map.of("max-in-flight", "2"));

    for (int i = 1; i <= 5; i++) {
      broker.say(Samples.assignment("wf-1/echo#" + i, "a"));
    }

    await().until(() -> broker.fake.calls().size() == 2);
    broker.fake.release("wf-1/echo#1");
    broker.results(1);
    await().until(() -> broker.fake.calls().size() == 3);
    assertThat(node.inFlight()).isEqualTo(2);
    for (int i = 2; i <= 5; i++) {
      broker.fake.release("wf-1/echo#" + i);
    }
    broker.results(5);
  }

  @Test
  void readsNoFurtherThanItMayBehindASlowCall() throws Exception {
    broker.fake.hold("wf-1/slow#1");
    broker.start(Map.of("max-uncommitted", "2"));

    broker.say(Samples.assignment("wf-1/slow#1", "a"));
    broker.say(Samples.assignment("wf-1/second#1", "a"));
    broker.say(Samples.assignment("wf-1/third#1", "a"));

    broker.results(1);
    assertThat(broker.fake.calls("wf-1/third#1")).isZero();
    broker.fake.release("wf-1/slow#1");
    broker.results(3);
  }

  @Test
  void endsACallThatIsCancelledAndSaysSo() throws Exception {
    broker.fake.hold("wf-1/echo#1");
    broker.start(Map.of());
    broker.say(Samples.assignment("wf-1/echo#1", "a"));
    await().until(() -> broker.fake.calls("wf-1/echo#1") == 1);

    broker.say(new TaskCancel("wf-1/echo#1", "wf-1", "budget is spent"));

    assertThat(broker.results(1).getFirst().getError())
        .isEqualTo(
            new Failure("cancelled", "cancelled during the call: budget is spent", null, true));
    assertThat(broker.fake.wasInterrupted("wf-1/echo#1")).isTrue();
  }

  @Test
  void dropsACallThatIsCancelledBeforeItBegins() throws Exception {
    broker.fake.hold("wf-1/first#1");
    broker.start(Map.of("max-in-flight", "1"));
    broker.say(Samples.assignment("wf-1/first#1", "a"));
    await().until(() -> broker.fake.calls("wf-1/first#1") == 1);
    broker.say(Samples.assignment("wf-1/second#1", "a"));

    broker.say(new TaskCancel("wf-1/second#1", "wf-1", "not needed"));
    broker.say(new TaskCancel("wf-1/first#1", "wf-1", "not needed"));

    await().untilAsserted(() -> assertThat(broker.committed()).isEqualTo(2));
    assertThat(broker.results(1)).hasSize(1);
    assertThat(broker.fake.calls("wf-1/second#1")).isZero();
  }

  @Test
  void reportsATimeout() throws Exception {
    broker.say(Samples.agent("sleepy", "noop", "{\"delay\": \"PT1M\"}", null, null));
    broker.start(Map.of());

    broker.say(
        Samples.assignment(
            Samples.envelope("wf-1/echo#1", Samples.json("1"), Duration.ofMillis(300)), "sleepy"));

    Failure failure = broker.results(1).getFirst().getError();
    assertThat(failure.getKind()).isEqualTo("timeout");
    assertThat(failure.getPossiblyBilled()).isTrue();
  }

  @Test
  void endsACallWhoseAdapterDoesNotKeepToTheTimeout() throws Exception {
    broker.fake.hold("wf-1/echo#1");
    broker.start(Map.of());

    broker.say(
        Samples.assignment(
            Samples.envelope("wf-1/echo#1", Samples.json("1"), Duration.ofMillis(100)), "a"));

    assertThat(broker.results(1).getFirst().getError().getKind()).isEqualTo("timeout");
  }

  @Test
  void claimsALongCallAndNoShortOne() throws Exception {
    broker.fake.hold("wf-1/long#1");
    ExecutorNode node = broker.start(Map.of("claim-after", "2s"));

    broker.say(Samples.assignment("wf-1/long#1", "a"));
    broker.say(Samples.assignment("wf-1/short#1", "a"));

    List<TaskStarted> claims = broker.claims(1);
    broker.fake.release("wf-1/long#1");
    broker.results(2);
    assertThat(broker.claims(1))
        .containsExactly(
            new TaskStarted(
                "wf-1/long#1", "wf-1", "a", node.id(), claims.getFirst().getStartedAt()));
  }

  @Test
  void passesProgressOn() throws Exception {
    broker.fake.answer(
        call -> {
          call.progress().progress(0.5, "half");
          return new AgentOutcome.Success(call.input(), io.ligature.agent.CallMetadata.UNKNOWN);
        });
    broker.start(Map.of());

    broker.say(Samples.assignment("wf-1/echo#1", "a"));

    TaskProgress progress =
        broker.awaitRecords(broker.topics.inbox(), TaskProgress.class, 1).getFirst();
    assertThat(progress.getShare()).isEqualTo(0.5);
    assertThat(progress.getMessage()).isEqualTo("half");
  }

  @Test
  void tellsHowAnAgentDoesAndCoolsItDown() throws Exception {
    broker.fake.answer(
        call ->
            AgentOutcome.failed(
                new CallFailure(
                    ErrorKind.RATE_LIMITED, "slow down", Duration.ofMinutes(3), false)));
    ExecutorNode node = broker.start(Map.of());
    Instant before = Instant.now();

    broker.say(Samples.assignment("wf-1/echo#1", "a"));

    assertThat(broker.results(1).getFirst().getError())
        .isEqualTo(new Failure("rate_limited", "slow down", 180_000L, false));
    await()
        .untilAsserted(
            () ->
                assertThat(broker.present(broker.topics.agentsStatus(), AgentStatus.class))
                    .anySatisfy(
                        status -> {
                          assertThat(status.getAgent()).isEqualTo("a");
                          assertThat(status.getExecutor()).isEqualTo(node.id());
                          assertThat(status.getInFlight()).isZero();
                          assertThat(status.getFailed()).isZero();
                          assertThat(status.getCooldownReason()).isEqualTo("rate_limited");
                          assertThat(status.getCooldownUntil()).isAfter(before.plusSeconds(179));
                        }));
  }

  @Test
  void givesAHeartbeatWithoutAnyAgentAndSaysGoodbye() throws Exception {
    ExecutorNode node = broker.start(Map.of());

    assertThat(broker.statuses(2))
        .allMatch(
            status -> status.getAgent().equals("*") && status.getExecutor().equals(node.id()));

    broker.stop(node);
    await()
        .untilAsserted(
            () ->
                assertThat(broker.records(broker.topics.agentsStatus()).getLast().value())
                    .isNull());
  }

  @Test
  void handsTheTraceContextOn() throws Exception {
    broker.start(Map.of());
    String traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    TaskAssignment assignment = Samples.assignment("wf-1/echo#1", "a");

    broker.send(
        broker.topics.tasksAssigned("default"),
        "wf-1",
        broker.codec.encode(assignment),
        traceparent);

    broker.results(1);
    assertThat(
            CloudEvents.text(
                broker.records(broker.topics.inbox()).getFirst().headers(), "traceparent"))
        .isEqualTo(traceparent);
  }
}
