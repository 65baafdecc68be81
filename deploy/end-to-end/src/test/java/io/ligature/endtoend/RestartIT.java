package io.ligature.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Everything is stopped and started again over the same folder. */
class RestartIT {

  private static Scene scene;
  private static CountingAgent agent;
  private static Steps steps;

  @BeforeAll
  static void start() throws Exception {
    agent = new CountingAgent(Duration.ofMillis(50));
    scene = Scene.shared();
    steps = Steps.in(scene, "restart", agent);
  }

  @AfterAll
  static void stop() {
    agent.close();
  }

  @Test
  void findsTheWorkflowsAsTheyWere() throws Exception {
    JsonNode done = steps.approveAndAwait(steps.start("done", 1)).getFirst();
    List<JsonNode> doneHistory = scene.wholeHistory(done);
    String waiting = steps.start("waiting", 1).getFirst();
    String review = scene.awaitReview(waiting);
    JsonNode paused = scene.view(waiting).orElseThrow();

    scene.restart();

    assertThat(scene.view("done-1")).contains(done);
    assertThat(scene.wholeHistory(done)).isEqualTo(doneHistory);
    assertThat(scene.view(waiting)).contains(paused);
    assertThat(scene.awaitReview(waiting)).isEqualTo(review);
    assertThat(agent.calls()).hasSize(Steps.CALLS + Steps.CALLS_BEFORE_GATE);

    JsonNode end = steps.approveAndAwait(List.of(waiting)).getFirst();

    assertThat(end.path("status").asText()).isEqualTo("completed");
    assertThat(agent.calls()).hasSize(2 * Steps.CALLS);
    scene.wholeHistory(end);
  }
}
