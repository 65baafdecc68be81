package io.ligature.executor.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.ligature.agent.AgentOutcome;
import io.ligature.agent.CallMetadata;
import io.ligature.avro.ResultStatus;
import io.ligature.avro.ShadowResult;
import io.ligature.avro.TaskAssignment;
import io.ligature.avro.TaskCancel;
import io.ligature.avro.TaskEnvelope;
import io.ligature.avro.TaskPartial;
import io.ligature.avro.TaskProgress;
import io.ligature.avro.TaskResult;
import io.ligature.avro.TaskStarted;
import io.ligature.executor.Samples;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Shadows, stored and shared results, progress and pieces of answers. */
@Timeout(120)
class BesideTheResultTest {

  private static final String X = "wf-1/x#1";

  private ExecutorsOnBroker broker;

  @BeforeEach
  void begin() throws Exception {
    broker = new ExecutorsOnBroker(1);
    broker.say(Samples.agent("a", "fake"));
    broker.say(Samples.agent("b", "fake"));
  }

  @AfterEach
  void end() throws Exception {
    broker.close();
  }

  /** A shadow counts only when it is assigned to one who has its partition already. */
  private ExecutorNode startWithItsPartition(Map<String, String> settings) throws Exception {
    ExecutorNode node = broker.start(settings);
    broker.say(Samples.assignment("wf-1/probe#1", "a"));
    broker.results(1);
    return node;
  }

  private static TaskAssignment shadow(String attempt, String agent) {
    return TaskAssignment.newBuilder(Samples.assignment(attempt, agent)).setShadow(true).build();
  }

  private List<ShadowResult> shadowResults(int atLeast) {
    return broker.awaitRecords(broker.topics.inbox(), ShadowResult.class, atLeast);
  }

  @Test
  void recordsWhatAShadowMadeBesideTheResult() throws Exception {
    ExecutorNode node = startWithItsPartition(Map.of());

    broker.say(Samples.assignment(X, "a"));
    broker.say(shadow(X, "b"));

    assertThat(shadowResults(1))
        .singleElement()
        .returns(X, ShadowResult::getId)
        .returns("wf-1", ShadowResult::getWorkflowId)
        .returns("b", ShadowResult::getAgent)
        .returns(node.id(), ShadowResult::getExecutor)
        .returns(ResultStatus.success, ShadowResult::getStatus);
    assertThat(broker.results(2))
        .extracting(TaskResult::getId, TaskResult::getAgent)
        .containsExactly(tuple("wf-1/probe#1", "a"), tuple(X, "a"));
    assertThat(broker.fake.calls(X)).isEqualTo(2);
    for (ConsumerRecord<byte[], byte[]> record : broker.records(broker.topics.inbox())) {
      assertThat(new String(record.key(), StandardCharsets.UTF_8)).isEqualTo("wf-1");
    }
  }

  @Test
  void callsAShadowOnceHoweverOftenItIsAssigned() throws Exception {
    startWithItsPartition(Map.of());

    broker.say(shadow(X, "b"));
    broker.say(shadow(X, "b"));
    broker.say(Samples.assignment("wf-1/y#1", "a"));

    broker.awaitCommitted(4);
    shadowResults(1);
    assertThat(broker.fake.calls(X)).isEqualTo(1);
  }

  @Test
  void holdsNoOffsetAndClaimsNothingForAShadow() throws Exception {
    broker.fake.hold(X);
    startWithItsPartition(Map.of("claim-after", "1ms"));

    broker.say(shadow(X, "b"));

    broker.awaitCommitted(2);
    await().until(() -> broker.fake.calls(X) == 1);
    broker.say(new TaskCancel(X, "wf-1", "the real one is done"));
    broker.fake.hold("wf-1/y#1");
    broker.say(Samples.assignment("wf-1/y#1", "a"));
    await()
        .atMost(ExecutorsOnBroker.PATIENCE)
        .untilAsserted(
            () ->
                assertThat(broker.present(broker.topics.inbox(), TaskStarted.class))
                    .extracting(TaskStarted::getId)
                    .contains("wf-1/y#1")
                    .doesNotContain(X));
    assertThat(broker.fake.wasInterrupted(X)).isFalse();
    broker.fake.release(X);
    assertThat(shadowResults(1)).singleElement().returns(null, ShadowResult::getError);
    broker.fake.release("wf-1/y#1");
    broker.results(2);
  }

  @Test
  void dropsShadowsBeyondTheirMost() throws Exception {
    broker.fake.hold(X);
    startWithItsPartition(Map.of("max-shadows", "1"));
    broker.say(shadow(X, "b"));
    await().until(() -> broker.fake.calls(X) == 1);

    broker.say(shadow("wf-1/y#1", "b"));

    broker.awaitCommitted(3);
    assertThat(broker.count("ligature.executor.shadows.dropped")).isEqualTo(1);
    assertThat(broker.fake.calls("wf-1/y#1")).isZero();
    broker.fake.release(X);
  }

  @Test
  void dropsAShadowThatAFormerOwnerMayHaveCalled() throws Exception {
    broker.say(shadow(X, "b"));
    broker.say(Samples.assignment("wf-1/y#1", "a"));

    broker.start(Map.of());

    broker.awaitCommitted(2);
    assertThat(broker.fake.calls(X)).isZero();
    assertThat(broker.fake.calls("wf-1/y#1")).isEqualTo(1);
  }

  @Test
  void endsAShadowThatOutstaysItsTime() throws Exception {
    broker.fake.hold(X);
    startWithItsPartition(Map.of("claim-after", "10ms"));
    TaskEnvelope hasty = Samples.envelope(X, Samples.json("1"), Duration.ofMillis(50));

    broker.say(TaskAssignment.newBuilder(Samples.assignment(hasty, "b")).setShadow(true).build());

    assertThat(shadowResults(1).getFirst().getError().getKind()).isEqualTo("timeout");
  }

  @Test
  void servesAStoredResultToAnotherWorkflow() throws Exception {
    broker.start(Map.of());
    broker.say(cached(X));
    broker.results(1);

    broker.say(cached("wf-2/x#1"));

    TaskResult second = broker.results(2).get(1);
    assertThat(second.getMetadata().getServedFrom()).isEqualTo(X);
    assertThat(second.getMetadata().getCost()).isZero();
    assertThat(second.getStatus()).isEqualTo(ResultStatus.success);
    assertThat(broker.fake.calls("wf-2/x#1")).isZero();
    assertThat(broker.count("ligature.executor.cache.hits")).isEqualTo(1);
    assertThat(broker.count("ligature.executor.cache.misses")).isEqualTo(1);
  }

  private static TaskAssignment cached(String attempt) {
    TaskEnvelope envelope =
        Samples.envelope(attempt, Samples.json("{\"n\": 1}"), Duration.ofMinutes(1));
    return Samples.assignment(
        TaskEnvelope.newBuilder(envelope).setCacheMaxAge(60_000L).build(), "a");
  }

  @Test
  void tellsOfAFloodOfProgressTheFirstAndTheLatest() throws Exception {
    broker.fake.answer(
        call -> {
          for (int i = 0; i < 5_000; i++) {
            call.progress().progress(i / 5_000.0, "step " + i);
          }
          hold();
          return new AgentOutcome.Success(call.input(), CallMetadata.UNKNOWN);
        });
    broker.start(Map.of("progress-interval", "200ms"));

    broker.say(Samples.assignment(X, "a"));

    broker.results(1);
    assertThat(broker.present(broker.topics.inbox(), TaskProgress.class))
        .hasSizeBetween(2, 10)
        .satisfies(
            told -> {
              assertThat(told.getFirst().getMessage()).isEqualTo("step 0");
              assertThat(told.getLast().getMessage()).isEqualTo("step 4999");
            });
  }

  /** An agent that takes its time. */
  private static void hold() {
    try {
      Thread.sleep(Duration.ofMillis(600));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void sendsPiecesOfAnAnswerInOrderOnTheirOwnTopic() throws Exception {
    broker.fake.answer(
        call -> {
          for (int i = 0; i < 100; i++) {
            call.progress().partial(i + " ");
          }
          return new AgentOutcome.Success(call.input(), CallMetadata.UNKNOWN);
        });
    ExecutorNode node = broker.start(Map.of());

    broker.say(Samples.assignment(X, "a"));

    StringBuilder expected = new StringBuilder();
    for (int i = 0; i < 100; i++) {
      expected.append(i).append(' ');
    }
    await()
        .atMost(ExecutorsOnBroker.PATIENCE)
        .untilAsserted(() -> assertThat(text(partials())).isEqualTo(expected.toString()));
    List<TaskPartial> partials = partials();
    for (int i = 0; i < partials.size(); i++) {
      assertThat(partials.get(i))
          .returns(X, TaskPartial::getId)
          .returns("wf-1", TaskPartial::getWorkflowId)
          .returns(node.id(), TaskPartial::getExecutor)
          .returns((long) i, TaskPartial::getSequence);
    }
    assertThat(broker.records(broker.topics.tasksPartial()))
        .allMatch(record -> new String(record.key(), StandardCharsets.UTF_8).equals("wf-1"));
  }

  @Test
  void sendsNoMoreBytesOfPiecesThanItMay() throws Exception {
    broker.fake.answer(
        call -> {
          call.progress().partial("äää");
          call.progress().partial("too much");
          call.progress().partial("x");
          return new AgentOutcome.Success(call.input(), CallMetadata.UNKNOWN);
        });
    broker.start(Map.of("partial-bytes", "8"));

    broker.say(Samples.assignment(X, "a"));

    await()
        .atMost(ExecutorsOnBroker.PATIENCE)
        .untilAsserted(() -> assertThat(text(partials())).isEqualTo("äää"));
    broker.results(1);
    assertThat(broker.count("ligature.executor.partial.dropped.bytes")).isEqualTo(9);
  }

  private List<TaskPartial> partials() {
    return broker.present(broker.topics.tasksPartial(), TaskPartial.class);
  }

  private static String text(List<TaskPartial> partials) {
    return partials.stream().map(TaskPartial::getText).collect(Collectors.joining());
  }
}
