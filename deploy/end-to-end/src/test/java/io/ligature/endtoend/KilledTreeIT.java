package io.ligature.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.ligature.local.platform.LocalService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The state service dies without a warning in the middle of a wide fan-out beside a child. */
class KilledTreeIT {

  private static final int ITEMS = 300;
  private static final String ROOT = "killed-tree";
  private static final String CHILD = ROOT + ":child:1";

  private static Scene scene;
  private static CountingAgent agent;
  private static Constructs constructs;

  @BeforeAll
  static void start() throws Exception {
    agent = new CountingAgent(Duration.ofMillis(600));
    scene = Scene.shared();
    constructs = Constructs.in(scene, "killed", agent);
  }

  @AfterAll
  static void stop() {
    agent.close();
  }

  @Test
  void completesTheTreeAndRepeatsNoCall() throws Exception {
    List<Integer> numbers = Constructs.descending(ITEMS);
    agent.hold();
    constructs.start(ROOT, Constructs.TREE, Constructs.numbers(numbers));
    Awaitility.await("the middle of " + ROOT)
        .atMost(Scene.PATIENCE)
        .pollInterval(Scene.LOOK)
        .until(
            () ->
                constructs.calls(ROOT).size() >= ITEMS / 5 && agent.isRunning(CHILD + "/first#1"));
    int answered = constructs.calls(ROOT).size();

    scene.deployment().kill(LocalService.STATE);
    agent.release();
    scene.deployment().start(LocalService.STATE);
    JsonNode root = scene.awaitEnd(ROOT);
    JsonNode child = scene.awaitEnd(CHILD);

    assertThat(answered).as("calls before the kill").isLessThan(ITEMS);
    assertThat(List.of(root, child))
        .allSatisfy(
            view ->
                assertThat(view.path("status").asText())
                    .as(view.toString())
                    .isEqualTo("completed"));
    assertThat(root.at("/output/fan").valueStream().map(JsonNode::asInt))
        .containsExactlyElementsOf(numbers);
    assertThat(root.at("/output/child").asInt()).isEqualTo(7);
    scene.wholeHistory(root);
    scene.wholeHistory(child);
    assertThat(agent.calls().stream().map(CountingAgent.Call::key))
        .containsExactlyInAnyOrderElementsOf(everyCallOnce());
  }

  private static List<String> everyCallOnce() {
    String[] items =
        IntStream.range(0, ITEMS).mapToObj("fan[%d]"::formatted).toArray(String[]::new);
    List<String> calls = new ArrayList<>(Constructs.attempts(ROOT, items));
    calls.addAll(Constructs.attempts(CHILD, "first", "second", "third"));
    return calls;
  }
}
