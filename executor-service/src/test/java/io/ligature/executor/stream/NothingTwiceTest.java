package io.ligature.executor.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ligature.avro.AgentStatus;
import io.ligature.avro.Grade;
import io.ligature.avro.ResultMetadata;
import io.ligature.avro.ResultStatus;
import io.ligature.avro.TaskAssignment;
import io.ligature.avro.TaskResult;
import io.ligature.avro.TaskStarted;
import io.ligature.executor.Samples;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** No call is made twice by our fault, and no result is withheld. */
@Timeout(120)
class NothingTwiceTest {

  private static final String X = "wf-1/x#1";
  private static final String Y = "wf-1/y#1";
  private static final String GHOST = "ghost";

  private ExecutorsOnBroker broker;

  @BeforeEach
  void begin() throws Exception {
    broker = new ExecutorsOnBroker(4);
    broker.say(Samples.agent("a", "fake"));
  }

  @AfterEach
  void end() throws Exception {
    broker.close();
  }

  private void assign(String attempt) throws Exception {
    broker.say(Samples.assignment(attempt, "a"));
  }

  private static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.MILLIS);
  }

  /** The result of an executor that is not ours. */
  private void resultOfGhost(String attempt) throws Exception {
    broker.say(
        new TaskResult(
            attempt,
            "wf-1",
            ResultStatus.success,
            Samples.json("\"by the ghost\""),
            new ResultMetadata(
                null, 1L, null, null, null, null, null, null, Grade.clean, null, List.of(), null),
            null,
            "a",
            GHOST,
            now(),
            null));
  }

  private void claimOfGhost(String attempt) throws Exception {
    broker.say(new TaskStarted(attempt, "wf-1", "a", GHOST, now()));
  }

  private void heartbeatOfGhost() throws Exception {
    broker.say(new AgentStatus("*", GHOST, "default", 1, 0L, 0L, 0, 0, null, null, now(), null));
  }

  @Test
  void ignoresAnAttemptThatIsInFlight() throws Exception {
    broker.fake.hold(X);
    broker.start(Map.of());
    assign(X);
    assign(X);
    assign(Y);
    broker.results(Y, 1);

    broker.fake.release(X);

    broker.awaitCommitted(3);
    assertThat(broker.fake.calls(X)).isEqualTo(1);
    assertThat(broker.results(X, 1)).hasSize(1);
  }

  @Test
  void sendsTheStoredResultOfAFinishedAttemptAgain() throws Exception {
    broker.start(Map.of());
    assign(X);
    TaskResult first = broker.results(X, 1).getFirst();

    assign(X);

    assertThat(broker.results(X, 2)).containsExactly(first, first);
    assertThat(broker.fake.calls(X)).isEqualTo(1);
  }

  @Test
  void readsAResultItHasNoRoomForFromTheInbox() throws Exception {
    broker.start(Map.of("remembered-bytes", "1"));
    assign(X);
    TaskResult first = broker.results(X, 1).getFirst();

    assign(X);

    assertThat(broker.results(X, 2)).containsExactly(first, first);
    assertThat(broker.fake.calls(X)).isEqualTo(1);
  }

  @Test
  void reportsInThePartitionInWhichTheAttemptWasAssigned() throws Exception {
    broker.start(Map.of());
    for (int i = 0; i < 20; i++) {
      assign("wf-" + i + "/x#1");
    }
    broker.results(20);

    Map<String, Integer> assigned = new java.util.HashMap<>();
    for (ConsumerRecord<byte[], byte[]> each :
        broker.records(broker.topics.tasksAssigned("default"))) {
      assigned.put(
          new String(each.key(), java.nio.charset.StandardCharsets.UTF_8), each.partition());
    }
    for (ConsumerRecord<byte[], byte[]> each : broker.records(broker.topics.inbox())) {
      String key = new String(each.key(), java.nio.charset.StandardCharsets.UTF_8);
      assertThat(each.partition()).isEqualTo(assigned.get(key));
    }
  }

  @Test
  void doesNotRepeatWhatFinishedBehindASlowCallWhenItsExecutorWasKilled() throws Exception {
    broker.fake.hold(X);
    ExecutorNode first = broker.start(Map.of());
    assign(X);
    for (int i = 0; i < 50; i++) {
      assign("wf-1/fast" + i + "#1");
    }
    broker.results(50);
    broker.claims(1);

    broker.kill(first);
    broker.fake.release(X);
    broker.start(Map.of());

    broker.results(X, 1);
    broker.awaitCommitted(51);
    assertThat(broker.fake.calls(X)).isEqualTo(2);
    assertThat(broker.fake.calls()).hasSize(51);
    broker
        .fake
        .calls()
        .forEach(
            (attempt, calls) -> assertThat(calls).as(attempt).isEqualTo(attempt.equals(X) ? 2 : 1));
    assertThat(broker.results(51)).hasSize(51);
  }

  @Test
  void skipsAnAttemptWithAResultOfAFormerOwner() throws Exception {
    assign(X);
    resultOfGhost(X);

    broker.start(Map.of());

    broker.awaitCommitted(1);
    assertThat(broker.fake.calls(X)).isZero();
    assertThat(broker.results(X, 1)).hasSize(1);
  }

  @Test
  void sendsAFormerOwnersResultAgainWhenTheAttemptIsAssignedAfterIt() throws Exception {
    resultOfGhost(X);
    assign(X);

    broker.start(Map.of());

    assertThat(broker.results(X, 2)).hasSize(2);
    assertThat(broker.fake.calls(X)).isZero();
  }

  @Test
  void waitsForTheResultOfALivingClaimant() throws Exception {
    assign(X);
    claimOfGhost(X);
    heartbeatOfGhost();
    broker.start(Map.of("dead-after", "1h"));
    assign(Y);
    broker.results(Y, 1);
    assertThat(broker.fake.calls(X)).isZero();

    resultOfGhost(X);

    broker.awaitCommitted(2);
    assertThat(broker.fake.calls(X)).isZero();
    assertThat(broker.results(X, 1)).hasSize(1);
  }

  @Test
  void callsAgainWhenTheClaimantIsSilent() throws Exception {
    assign(X);
    claimOfGhost(X);
    heartbeatOfGhost();

    broker.start(Map.of());

    broker.results(X, 1);
    assertThat(broker.fake.calls(X)).isEqualTo(1);
    assertThat(broker.count("ligature.executor.retakes")).isEqualTo(1);
  }

  @Test
  void callsAgainAtOnceWhenTheClaimantHasSaidGoodbye() throws Exception {
    assign(X);
    claimOfGhost(X);
    heartbeatOfGhost();
    broker.start(Map.of("dead-after", "1h"));
    assign(Y);
    broker.results(Y, 1);
    assertThat(broker.fake.calls(X)).isZero();

    broker.send(broker.topics.agentsStatus(), "*@" + GHOST, null);

    broker.results(X, 1);
    assertThat(broker.fake.calls(X)).isEqualTo(1);
  }

  @Test
  void takesTheLastResultOfAnExecutorThatSaysGoodbye() throws Exception {
    assign(X);
    claimOfGhost(X);
    heartbeatOfGhost();
    broker.start(Map.of("dead-after", "1h"));
    assign(Y);
    broker.results(Y, 1);

    resultOfGhost(X);
    broker.send(broker.topics.agentsStatus(), "*@" + GHOST, null);

    broker.awaitCommitted(2);
    assertThat(broker.fake.calls(X)).isZero();
  }

  @Test
  void claimsWhatIsInFlightBeforeItGivesAPartitionUp() throws Exception {
    broker.fake.hold(X);
    ExecutorNode first =
        broker.start(Map.of("claim-after", "1h", "drain-timeout", "1m", "dead-after", "1h"));
    assign(X);
    await().until(() -> broker.fake.calls(X) == 1);

    CompletableFuture<Void> stopped = stopAside(first);
    broker.claims(1);
    broker.start(Map.of("dead-after", "1h"));
    assign(Y);
    broker.results(Y, 1);
    broker.fake.release(X);

    broker.awaitCommitted(2);
    stopped.get(30, TimeUnit.SECONDS);
    assertThat(broker.fake.calls(X)).isEqualTo(1);
    assertThat(broker.results(X, 1)).hasSize(1);
  }

  @Test
  void handsOverWhatDoesNotEndWithinTheDrainTime() throws Exception {
    broker.fake.hold(X);
    ExecutorNode first = broker.start(Map.of("dead-after", "1h"));
    assign(X);
    await().until(() -> broker.fake.calls(X) == 1);

    broker.stop(first);
    assertThat(broker.fake.wasInterrupted(X)).isTrue();
    broker.fake.release(X);
    broker.start(Map.of("dead-after", "1h"));

    assertThat(broker.results(X, 1)).hasSize(1);
    assertThat(broker.fake.calls(X)).isEqualTo(2);
  }

  @Test
  void repeatsNothingWhenExecutorsComeAndGoUnderLoad() throws Exception {
    broker.say(Samples.agent("slow", "fake", "{\"slow\": true}", null, null));
    broker.fake.answer(
        call -> {
          pause();
          return new io.ligature.agent.AgentOutcome.Success(
              call.input(), io.ligature.agent.CallMetadata.UNKNOWN);
        });
    Map<String, String> settings =
        Map.of("drain-timeout", "30s", "dead-after", "1m", "max-in-flight", "40");
    ExecutorNode first = broker.start(settings);
    List<TaskAssignment> assignments = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      assignments.add(Samples.assignment("wf-" + i % 40 + "/t" + i + "#1", "a"));
    }
    broker.sayAll(assignments);
    broker.results(50);

    broker.start(settings);
    broker.results(200);
    CompletableFuture<Void> stopped = stopAside(first);
    broker.results(600);

    stopped.get(60, TimeUnit.SECONDS);
    broker.awaitCommitted(600);
    assertThat(broker.fake.calls()).hasSize(600);
    assertThat(broker.fake.calls().values()).containsOnly(1);
    assertThat(broker.results(600)).hasSize(600);
  }

  /** An agent that takes its time. */
  private static void pause() {
    try {
      Thread.sleep(Duration.ofMillis(300));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private CompletableFuture<Void> stopAside(ExecutorNode node) {
    CompletableFuture<Void> stopped = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                broker.stop(node);
                stopped.complete(null);
              } catch (InterruptedException e) {
                stopped.completeExceptionally(e);
              }
            });
    return stopped;
  }
}
