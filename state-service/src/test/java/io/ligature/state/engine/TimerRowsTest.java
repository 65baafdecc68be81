package io.ligature.state.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.ligature.avro.Failure;
import io.ligature.avro.ParentLink;
import io.ligature.schemas.Money;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Timers, signals and what a pause does not stop: the rows of docs/engine.md. */
class TimerRowsTest {

  private static FakeWorld one(String rest) {
    return FakeWorld.started("name: one\ntasks:\n  a: { " + rest + " }\n");
  }

  @Test
  void m3AnAttemptTheRouterHoldsIsOfferedAgain() {
    FakeWorld world = one("capability: x, constraints: { timeout: PT1M }");
    world.unplaced("a", "all agents are busy", false);
    assertThat(world.timers.get("a").due()).isEqualTo(FakeWorld.BEGIN.plusSeconds(120));

    world.fire("a");

    assertThat(world.lastEffects()).containsExactly("DispatchTask");
    assertThat(world.task("a").attempt()).isEqualTo(1);
  }

  @Test
  void m10ATimerForAnotherInstantThanTheRowsChangesNothing() {
    FakeWorld world = one("capability: x");
    Timer old = world.timers.get("a");
    world.claim("a", "a1");

    Outcome outcome =
        world.take(new Command.FireTimer(old, new Cause(old.due(), "timer", "Timer", "t")));

    assertThat(outcome.ignored()).isEqualTo("a timer nobody waits for");
  }

  @Test
  void m11ATimerThatFiresLateGivesWhatFollowsItsWholeTime() {
    FakeWorld world =
        one("capability: x, onError: { timeout: { retry: { max: 1, backoff: none } } }");
    world.claim("a", "a1");
    world.pass(Duration.ofHours(5));

    world.fire("a");

    assertThat(world.task("a").attempt()).isEqualTo(2);
    assertThat(world.timers.get("a").due()).isAfter(world.now);
  }

  @Test
  void p5C3APauseStopsNeitherTheDeadlineNorATasksTimeNorAnAttempt() {
    FakeWorld world =
        FakeWorld.started(
            """
            name: p
            deadline: PT1H
            tasks:
              a: { capability: x, constraints: { timeout: PT1M }, onError: { timeout: skip } }
              b: { wait: PT30M, timeout: PT10M, onError: { timeout: skip } }
              c: { signal: { name: go } }
            """);
    Orders.of(world).pause();

    world.claim("a", "a1");
    world.fire("a");
    assertThat(world.state("a")).isInstanceOf(TaskState.Skipped.class);
    world.fire("b");
    assertThat(world.state("b")).isInstanceOf(TaskState.Skipped.class);
    world.fire("");
    assertThat(world.workflow().status()).isEqualTo(WorkflowStatus.FAILED);
  }

  @Test
  void w2W4APausedWorkflowCompletesWhenNothingOfItIsOpen() {
    FakeWorld world = one("capability: x");
    Orders.of(world).pause();

    world.succeed("a");

    assertThat(world.workflow().status()).isEqualTo(WorkflowStatus.COMPLETED);
  }

  private static final String TWO =
      """
      name: two
      tasks:
        first: { signal: { name: go, correlation: one } }
        second: { signal: { name: go, correlation: two } }
      """;

  @Test
  void g1ASignalWithoutACorrelationGoesToTheTaskThatHasWaitedLongest() {
    FakeWorld world = FakeWorld.started(TWO);

    Orders.of(world).signal("go", null, "1");

    assertThat(world.state("first")).isInstanceOf(TaskState.Succeeded.class);
    assertThat(world.state("second")).isInstanceOf(TaskState.WaitingForSignal.class);
  }

  @Test
  void g2ASignalGoesToTheTaskWithItsCorrelation() {
    FakeWorld world = FakeWorld.started(TWO);

    Orders.of(world).signal("go", "two", "1");

    assertThat(world.state("second")).isInstanceOf(TaskState.Succeeded.class);
  }

  @Test
  void w8AQuarantinedChildFailsItsTaskWhenTheShellReportsIt() {
    FakeWorld world =
        FakeWorld.started(
            "name: p\ntasks:\n  sub: { workflow: { name: child } }\n",
            "name: child\ntasks:\n  a: { capability: y }\n");
    Cause cause = new Cause(world.now, "engine", "TaskResult", "x");
    world.write(world.engine.quarantine(world, world, "wf-1:sub:1", cause, "boom", "inbox-0@7"));
    assertThat(world.state("sub")).isInstanceOf(TaskState.WaitingForChild.class);

    world.take(
        new Command.ReportChild(
            new ParentLink(FakeWorld.ID, FakeWorld.ID, "sub", 1, 1),
            "wf-1:sub:1",
            "failed",
            null,
            new Failure("quarantined", "boom", null, false),
            Money.ZERO,
            cause));

    assertThat(world.state("sub")).isNotInstanceOf(TaskState.WaitingForChild.class);
  }
}
