package io.ligature.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.ligature.local.platform.LocalService;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A service dies without a warning in the middle of several runs, and comes back. */
class KilledServicesIT {

  private static final int WORKFLOWS = 6;

  /** A call that was answered this short before its executor died may not have been reported. */
  private static final Duration UNREPORTED = Duration.ofSeconds(1);

  private static Scene scene;
  private static CountingAgent agent;
  private static Steps steps;

  @BeforeAll
  static void start() throws Exception {
    agent = new CountingAgent(Duration.ofMillis(600));
    scene = Scene.shared();
    steps = Steps.in(scene, "kill", agent);
  }

  @AfterAll
  static void stop() {
    agent.close();
  }

  @ParameterizedTest
  @EnumSource(LocalService.class)
  void completesEveryRunAndRepeatsNoCompletedCall(LocalService service) throws Exception {
    String prefix = "kill-" + service.id();
    List<String> ids = steps.start(prefix, WORKFLOWS);
    awaitTheMiddle(service, prefix, ids);

    Instant killedAt = Instant.now();
    scene.deployment().kill(service);
    scene.deployment().start(service);
    List<JsonNode> views = steps.approveAndAwait(ids);

    assertThat(views)
        .allSatisfy(
            view ->
                assertThat(view.path("status").asText())
                    .as(view.toString())
                    .isEqualTo("completed"));
    views.forEach(scene::wholeHistory);
    assertNoneRepeated(service, prefix, ids, killedAt);
  }

  /** Some calls are answered and some are not; for the approval service, some reviews are open. */
  private static void awaitTheMiddle(LocalService service, String prefix, List<String> ids) {
    if (service == LocalService.APPROVAL) {
      scene.awaitReview(ids.getFirst());
      return;
    }
    Awaitility.await("the middle of the runs " + prefix)
        .atMost(Scene.PATIENCE)
        .pollInterval(Scene.LOOK)
        .until(() -> calls(prefix).size() >= WORKFLOWS && agent.runningCalls() > 0);
  }

  private static void assertNoneRepeated(
      LocalService service, String prefix, List<String> ids, Instant killedAt) {
    Map<String, List<CountingAgent.Call>> calls = calls(prefix);
    if (service == LocalService.EXECUTOR) {
      assertThat(calls.keySet()).containsAll(Steps.firstAttempts(ids));
    } else {
      assertThat(calls.keySet()).containsExactlyInAnyOrderElementsOf(Steps.firstAttempts(ids));
    }
    calls.forEach(
        (attempt, made) -> {
          boolean mayRepeat =
              service == LocalService.EXECUTOR
                  && made.getFirst().begunAt().isBefore(killedAt)
                  && made.getFirst().answeredAt().isAfter(killedAt.minus(UNREPORTED));
          assertThat(made).as(attempt).hasSizeLessThanOrEqualTo(mayRepeat ? 2 : 1);
        });
  }

  private static Map<String, List<CountingAgent.Call>> calls(String prefix) {
    Map<String, List<CountingAgent.Call>> calls = agent.callsByKey();
    calls.keySet().removeIf(attempt -> !attempt.startsWith(prefix + "-"));
    return calls;
  }
}
