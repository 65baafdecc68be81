package io.ligature.state.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.ligature.avro.Candidate;
import io.ligature.avro.ResultMetadata;
import io.ligature.avro.RoutingHints;
import io.ligature.avro.TaskResult;
import io.ligature.avro.TaskUnplaced;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the default ladders come to, and who gets the next attempt. */
class LadderRowsTest {

  private static FakeWorld one(String rest) {
    return FakeWorld.started("name: one\ntasks:\n  a: { capability: x, " + rest + " }\n");
  }

  private static void unplaced(FakeWorld world, boolean parked, String... agentsAndFilters) {
    List<Candidate> candidates =
        Stream.of(agentsAndFilters)
            .map(each -> each.split(" "))
            .map(each -> new Candidate(each[0], null, each[1], "because"))
            .toList();
    world.take(
        new TaskUnplaced(
            world.attempt("a"), FakeWorld.ID, "the router's words", parked, candidates, world.now));
  }

  /** E: excludes the agents that had it; S: the same agent first; a dot: any. */
  @ParameterizedTest
  @CsvSource({
    "rate_limited,.....,failed",
    "upstream_unavailable,.EEE,failed",
    "model_error,.EE,failed",
    "timeout,E.,failed",
    "agent_crash,..,failed",
    "schema_mismatch,SE,failed",
    "rejected_by_validator,SE,failed",
    "context_overflow,EE,failed",
    "low_confidence,E,waiting_for_review",
    "rejected_by_reviewer,'',failed",
    "budget_exceeded,'',failed",
    "no_agent,'',failed",
    "invalid_input,'',failed",
    "auth,'',failed",
    "policy_block,'',failed",
    "cancelled,'',failed",
    "limit_exceeded,'',failed"
  })
  void f28TheDefaultLadderOfEachKind(String kind, String attempts, String end) {
    FakeWorld world = one("priority: 5");
    StringBuilder climbed = new StringBuilder();
    for (int i = 0; i <= attempts.length(); i++) {
      world.fail("a", kind);
      if (world.state("a") instanceof TaskState.WaitingForRetry) {
        world.fire("a");
      }
      world
          .lastDispatch()
          .ifPresent(
              next -> {
                RoutingHints hints = next.getRouting();
                climbed.append(
                    !next.getExcludedAgents().isEmpty() ? 'E' : hints != null ? 'S' : '.');
              });
    }

    assertThat(climbed.toString()).isEqualTo(attempts);
    assertThat(world.state("a").wireName()).isEqualTo(end);
  }

  @Test
  void f21TheSameAgentComesFirstAndWhatTheTaskPrefersAfterIt() {
    FakeWorld world =
        one(
            "route: { prefer: [b, a1], avoid: [c], sticky: true }, onError: { model_error: { retry:"
                + " { max: 1, backoff: none, agent: same } } }");
    assertThat(world.lastDispatch().orElseThrow().getRouting())
        .isEqualTo(new RoutingHints(List.of("b", "a1"), List.of("c"), null, true));

    world.fail("a", "model_error");
    RoutingHints expected = new RoutingHints(List.of("a1", "b"), List.of("c"), null, true);
    assertThat(world.lastDispatch().orElseThrow().getRouting()).isEqualTo(expected);

    world.fire("a");
    assertThat(world.lastEvents()).containsExactly("AttemptOffered");
    assertThat(world.lastDispatch().orElseThrow().getRouting()).isEqualTo(expected);
  }

  @Test
  void f22AnOverflowAsksForALargerWindow() {
    FakeWorld world = one("input: \"" + "x".repeat(4_000) + "\"");
    assertThat(world.lastDispatch().orElseThrow().getLargerContextThan()).isNull();
    TaskResult overflow =
        world.failure(world.attempt("a"), "a1", "context_overflow", null, null, false);

    world.take(overflow);
    assertThat(world.lastDispatch().orElseThrow().getLargerContextThan()).isEqualTo(1_000);
    world.take(
        TaskResult.newBuilder(overflow)
            .setId(world.attempt("a"))
            .setMetadata(
                ResultMetadata.newBuilder(overflow.getMetadata()).setInputTokens(9_000L).build())
            .build());

    assertThat(world.lastDispatch().orElseThrow().getLargerContextThan()).isEqualTo(9_000);
  }

  @Test
  void f23WhereNoWindowIsLargerTheNextRungFollows() {
    FakeWorld world = one("priority: 5");
    world.fail("a", "context_overflow");

    unplaced(world, false, "a1 excluded", "a2 context_window");

    assertThat(world.workflow().failure().getKind()).isEqualTo("context_overflow");
    assertThat(world.lastEffects()).contains("CancelTask");
  }

  @Test
  void f23AnInputThatIsTooLargeForEveryWindowIsAnOverflowWithoutRetries() {
    FakeWorld world = one("priority: 5");
    unplaced(world, false, "a1 context_window");
    assertThat(world.state("a")).isInstanceOf(TaskState.WaitingForAgent.class);

    unplaced(world, true, "a1 context_window");

    assertThat(world.workflow().failure().getKind()).isEqualTo("context_overflow");
    assertThat(world.workflow().failure().getMessage()).isEqualTo("the router's words");
  }

  @Test
  void f24WhereEveryPriceIsUnknownThereIsNoAgent() {
    FakeWorld world = one("priority: 5");
    FakeWorld busy = one("priority: 5");

    unplaced(busy, true, "a1 unknown_price", "a2 cooldown");
    unplaced(world, true, "a1 unknown_price");

    assertThat(busy.state("a")).isInstanceOf(TaskState.WaitingForAgent.class);
    assertThat(world.workflow().failure().getKind()).isEqualTo("no_agent");
    assertThat(world.workflow().failure().getMessage()).isEqualTo("the router's words");
  }

  @Test
  void f25APinnedTaskPassesRungsForAnotherAgentOver() {
    FakeWorld world = one("route: { pin: a1 }");
    assertThat(world.lastDispatch().orElseThrow().getRouting().getPin()).isEqualTo("a1");

    world.fail("a", "timeout");
    assertThat(world.lastDispatch().orElseThrow().getExcludedAgents()).isEmpty();
    world.fail("a", "timeout");

    assertThat(world.workflow().failure().getKind()).isEqualTo("timeout");
  }

  private static TaskResult calibrated(FakeWorld world, double claimed, double corrected) {
    TaskResult result = world.success(world.attempt("a"), "a1", "{}", "0.10", claimed);
    return TaskResult.newBuilder(result)
        .setMetadata(
            ResultMetadata.newBuilder(result.getMetadata())
                .setCalibratedConfidence(corrected)
                .build())
        .build();
  }

  @Test
  void f26ACorrectedConfidenceCountsInsteadOfTheClaimedOne() {
    String rest = "constraints: { qualityThreshold: 0.7 }, onError: { low_confidence: fail }";
    FakeWorld low = one(rest);
    FakeWorld high = one(rest);

    low.take(calibrated(low, 0.9, 0.5));
    high.take(calibrated(high, 0.5, 0.8));

    assertThat(low.workflow().failure().getMessage())
        .isEqualTo("confidence 0.5, corrected from 0.9, is below the qualityThreshold 0.7");
    assertThat(high.workflow().status()).isEqualTo(WorkflowStatus.COMPLETED);
    AttemptRow kept = high.task("a").lastAttempt();
    assertThat(kept.confidence()).isEqualTo(0.5);
    assertThat(kept.trusted()).isEqualTo(0.8);
  }
}
