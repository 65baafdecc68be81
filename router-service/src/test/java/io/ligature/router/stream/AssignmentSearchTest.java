package io.ligature.router.stream;

import static io.ligature.router.routing.Samples.agent;
import static io.ligature.router.routing.Samples.status;
import static io.ligature.router.routing.Samples.task;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ligature.avro.TaskAssignment;
import io.ligature.schemas.AttemptId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AssignmentSearchTest {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private RouterOnBroker broker;

  @BeforeEach
  void someAssignments() throws Exception {
    broker = new RouterOnBroker();
    broker.say(agent("a", "0.10").build());
    broker.say(status("a").setHeartbeatAt(Instant.now()).build());
    broker.start(Map.of());
    for (int i = 0; i < 10; i++) {
      broker.say(task("w" + i + "/t#1").build());
    }
    broker.awaitAssigned(10);
  }

  @AfterEach
  void stop() throws Exception {
    broker.close();
  }

  @Test
  void findsWhoGotAnAttemptAndWhy() {
    assertThat(broker.search(1000).find(AttemptId.parse("w3/t#1"), PATIENCE))
        .singleElement()
        .satisfies(
            found -> {
              assertThat(found.getEnvelope().getId()).isEqualTo("w3/t#1");
              assertThat(found.getCandidates().getFirst().getAgent()).isEqualTo("a");
            });
  }

  @Test
  void findsAnAttemptOfAChildInThePartitionOfItsRoot() throws Exception {
    TaskAssignment of = broker.search(1000).find(AttemptId.parse("w3/t#1"), PATIENCE).getFirst();
    var envelope =
        io.ligature.avro.TaskEnvelope.newBuilder(of.getEnvelope()).setId("w3:sub:1/t#1").build();
    broker.send(
        broker.topics.tasksAssigned("gpu"),
        "w3",
        broker.codec.encode(TaskAssignment.newBuilder(of).setEnvelope(envelope).build()));

    assertThat(broker.search(1000).find(AttemptId.parse("w3:sub:1/t#1"), PATIENCE)).hasSize(1);
  }

  @Test
  void doesNotFindWhatIsBeyondItsLimit() throws Exception {
    for (int i = 0; i < 3; i++) {
      broker.send(
          broker.topics.tasksAssigned("default"), "w3", "junk".getBytes(StandardCharsets.UTF_8));
    }

    assertThat(broker.search(3).find(AttemptId.parse("w3/t#1"), PATIENCE)).isEmpty();
    assertThat(broker.search(1000).find(AttemptId.parse("w3/t#1"), PATIENCE)).hasSize(1);
    assertThat(broker.search(1000).find(AttemptId.parse("w3/t#2"), PATIENCE)).isEmpty();
  }

  @Test
  void givesUpInTime() {
    assertThatThrownBy(() -> broker.search(1000).find(AttemptId.parse("w3/t#1"), Duration.ZERO))
        .isInstanceOf(RouterRuntime.UnavailableException.class)
        .hasMessageContaining("try again");
  }

  @ParameterizedTest
  @CsvSource({"search-limit", "max-searches"})
  void namesTheKeyThatCannotBe(String key) {
    AssignmentsSettings settings = Settings.assignments(Map.of(key, "0"));

    assertThatThrownBy(settings::check)
        .hasMessageStartingWith("ligature.router.assignments." + key + ":");
  }

  @Test
  void takesEveryKey() {
    AssignmentsSettings settings =
        Settings.assignments(Map.of("search-limit", "7", "max-searches", "8"));

    settings.check();
    assertThat(settings.searchLimit()).isEqualTo(7);
    assertThat(settings.maxSearches()).isEqualTo(8);
    Settings.assignments(Map.of()).check();
  }
}
