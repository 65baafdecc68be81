package io.ligature.executor.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ligature.agent.AgentOutcome;
import io.ligature.agent.CallMetadata;
import io.ligature.avro.TaskAssignment;
import io.ligature.avro.TaskResult;
import io.ligature.avro.TaskStarted;
import io.ligature.executor.Samples;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** With the times that are the default. */
@Timeout(120)
class OwnersComeAndGoTest {

  private static final Map<String, String> DEFAULTS =
      Map.of("heartbeat-interval", "2s", "dead-after", "7s", "commit-interval", "1s");

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

  @Test
  void callsAgainWithinSecondsWhatADeadExecutorHadInFlight() throws Exception {
    ExecutorNode first = broker.start(DEFAULTS);
    ExecutorNode second = broker.start(DEFAULTS);
    awaitBothCalling();
    List<TaskAssignment> assignments = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      broker.fake.hold("wf-" + i + "/x#1");
      assignments.add(Samples.assignment("wf-" + i + "/x#1", "a"));
    }
    broker.sayAll(assignments);
    List<String> ofFirst =
        broker.claims("/x#1", 40).stream()
            .filter(claim -> claim.getExecutor().equals(first.id()))
            .map(TaskStarted::getId)
            .toList();
    assertThat(ofFirst).isNotEmpty().hasSizeLessThan(40);

    long killed = System.nanoTime();
    broker.kill(first);
    await()
        .atMost(ExecutorsOnBroker.PATIENCE)
        .pollInterval(Duration.ofMillis(20))
        .until(() -> ofFirst.stream().allMatch(attempt -> broker.fake.calls(attempt) == 2));
    Duration silence = Duration.ofNanos(System.nanoTime() - killed);

    // Far from the 45 s of a broker's defaults, however busy the machine; docs/benchmarks.md
    // measures.
    assertThat(silence).isLessThan(Duration.ofSeconds(25));
    for (int i = 0; i < 40; i++) {
      broker.fake.release("wf-" + i + "/x#1");
    }
    assertThat(broker.results("/x#1", 40))
        .hasSize(40)
        .allMatch(result -> result.getExecutor().equals(second.id()));
    broker
        .fake
        .calls()
        .forEach(
            (attempt, calls) ->
                assertThat(calls).as(attempt).isEqualTo(ofFirst.contains(attempt) ? 2 : 1));
  }

  /** Partitions move a while after an executor has joined. */
  private void awaitBothCalling() {
    AtomicInteger probes = new AtomicInteger();
    await()
        .atMost(ExecutorsOnBroker.PATIENCE)
        .until(
            () -> {
              int probe = probes.incrementAndGet();
              broker.sayAll(
                  IntStream.range(0, 40)
                      .mapToObj(i -> Samples.assignment("wf-" + i + "/probe" + probe + "#1", "a"))
                      .toList());
              return broker.results(40 * probe).stream()
                      .map(TaskResult::getExecutor)
                      .distinct()
                      .count()
                  == 2;
            });
  }

  @Test
  void repeatsNoneOf500CallsInFlightWhenAnotherExecutorJoins() throws Exception {
    broker.fake.answer(
        call -> {
          takeTime(call.attempt());
          return new AgentOutcome.Success(call.input(), CallMetadata.UNKNOWN);
        });
    ExecutorNode first = broker.start(DEFAULTS);
    List<TaskAssignment> assignments = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      assignments.add(Samples.assignment("wf-" + i % 50 + "/t" + i + "#1", "a"));
    }
    broker.sayAll(assignments);
    await().atMost(ExecutorsOnBroker.PATIENCE).until(() -> first.inFlight() > 400);

    broker.start(DEFAULTS);

    broker.awaitCommitted(500);
    assertThat(broker.fake.calls()).hasSize(500);
    assertThat(broker.fake.calls().values()).containsOnly(1);
    assertThat(broker.results(500)).hasSize(500);
  }

  /** An agent that takes one to two seconds. */
  private static void takeTime(String attempt) {
    try {
      Thread.sleep(Duration.ofMillis(1_000 + Math.floorMod(attempt.hashCode(), 1_000)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
