package io.ligature.state.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.ligature.avro.SignalWorkflow;
import io.ligature.schemas.wire.Payloads;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Waits, signals, a task's own time, variables and child workflows. */
class OutsideTest {

  private static SignalWorkflow signal(
      FakeWorld world, String id, @Nullable String correlation, String payload) {
    return new SignalWorkflow(
        id, FakeWorld.ID, "ann", "paid", correlation, FakeWorld.json(payload), world.now);
  }

  @Test
  void t7M7WaitsForATimeThatAnExpressionGives() {
    FakeWorld world =
        FakeWorld.started(
            """
            name: waits
            tasks:
              short: { wait: PT10M }
              long: { wait: { until: "2026-03-01T12:00:00+01:00" } }
              past: { wait: { until: "2020-01-01T00:00:00Z" } }
            """);

    assertThat(world.state("short"))
        .isEqualTo(new TaskState.WaitingForTime(FakeWorld.BEGIN.plusSeconds(600)));
    assertThat(world.state("past")).isInstanceOf(TaskState.Succeeded.class);
    world.fire("short");
    world.fire("long");

    assertThat(world.now).isEqualTo(FakeWorld.BEGIN.plus(Duration.ofHours(1)));
    assertThat(world.workflow().status()).isEqualTo(WorkflowStatus.COMPLETED);
  }

  @Test
  void aTimeThatIsNoneFailsTheTask() {
    FakeWorld world = FakeWorld.started("name: w\ntasks:\n  a: { wait: \"${input.topic}\" }\n");

    assertThat(world.workflow().failure().getMessage())
        .isEqualTo("the wait of a is 'bees', no duration such as PT1H");
  }

  private static final String PAID =
      """
      name: pays
      tasks:
        %s
        pay:
          %s
          signal:
            name: paid
            correlation: "${input.topic}"
            schema: { type: object, required: [amount] }
          timeout: PT1H
          onError: { timeout: %s }
      """;

  private static final String AT_ONCE = PAID.formatted("", "", "fail");

  @Test
  void t8ASignalEndsTheWaitItIsFor() {
    FakeWorld world = FakeWorld.started(AT_ONCE);
    assertThat(world.lastEvents()).containsExactly("WorkflowStarted", "TaskTimed", "SignalAwaited");

    world.take(signal(world, "s0", "ants", "{\"amount\":1}"));
    assertThat(world.lastEvents()).containsExactly("SignalReceived");
    world.take(signal(world, "s1", "bees", "{\"amount\":5}"));

    assertThat(world.output("pay")).isEqualTo("{\"amount\":5}");
    assertThat(world.workflow().status()).isEqualTo(WorkflowStatus.COMPLETED);
    world.take(signal(world, "s1", "bees", "{\"amount\":5}"));
    assertThat(world.lastEvents()).isEmpty();
  }

  @Test
  void g3ASignalThatComesTooEarlyIsKept() {
    FakeWorld world =
        FakeWorld.started(PAID.formatted("first: { capability: x }", "needs: [first]", "fail"));

    world.take(signal(world, "s1", null, "{\"amount\":5}"));
    assertThat(world.workflow().signals().kept()).hasSize(1);
    world.succeed("first");

    assertThat(world.lastEvents())
        .containsExactly(
            "TaskSucceeded",
            "TaskTimed",
            "SignalAwaited",
            "SignalTaken",
            "TaskSucceeded",
            "WorkflowCompleted");
    assertThat(world.output("pay")).isEqualTo("{\"amount\":5}");
  }

  @Test
  void g4RefusesAPayloadThatIsNotWhatTheTaskTakes() {
    FakeWorld world = FakeWorld.started(AT_ONCE);

    world.take(signal(world, "s1", "bees", "{\"sum\":5}"));

    assertThat(world.lastEvents()).containsExactly("CommandRejected");
    assertThat(world.state("pay")).isInstanceOf(TaskState.WaitingForSignal.class);
  }

  @Test
  void g5RefusesASignalNoTaskWaitsFor() {
    FakeWorld world = FakeWorld.started("name: n\ntasks:\n  a: { capability: x }\n");

    world.take(signal(world, "s1", null, "{}"));

    assertThat(world.lastEvents()).containsExactly("CommandRejected");
  }

  @Test
  void m8F13ATasksOwnTimeEndsItAndItsLadderSaysHow() {
    FakeWorld fails = FakeWorld.started(AT_ONCE);
    FakeWorld skips = FakeWorld.started(PAID.formatted("", "", "skip"));

    fails.fire("pay");
    skips.fire("pay");

    assertThat(fails.workflow().failure().getKind()).isEqualTo("timeout");
    assertThat(fails.workflow().failure().getMessage())
        .isEqualTo("the task did not end within its time of PT1H");
    assertThat(skips.state("pay")).isInstanceOf(TaskState.Skipped.class);
    assertThat(skips.workflow().signals().waits()).isEmpty();
  }

  @Test
  void f13ATasksOwnTimeCutsRetriesAndWhatIsInsideShort() {
    FakeWorld world =
        FakeWorld.started(
            """
            name: t
            tasks:
              work: { capability: x, timeout: PT30S, onError: { timeout: [ { retry: { max: 5 } }, skip ] } }
              block: { timeout: PT20S, onError: { timeout: skip }, tasks: { in: { capability: x } } }
            """);

    world.fire("block");
    assertThat(world.lastEvents()).containsExactly("TaskCancelled", "TaskSkipped");
    world.fire("work");

    assertThat(world.lastEvents())
        .containsExactly("AttemptFailed", "TaskSkipped", "WorkflowCompleted");
  }

  @Test
  void e15VariablesAreWrittenByTasksAndReadByLaterOnes() {
    FakeWorld world =
        FakeWorld.started(
            """
            name: vars
            variables: { count: 1, topic: "${input.topic}" }
            tasks:
              a: { capability: x, set: { count: "${variables.count + output.n}" } }
              b: { capability: x, needs: [a], input: { c: "${variables.count}", t: "${variables.topic}" } }
            """);

    world.succeed("a", "{\"n\":4}", "0.01", null);

    var envelope = world.lastDispatch().orElseThrow();
    assertThat(Payloads.parse(envelope.getInput()).toString())
        .isEqualTo("{\"c\":5,\"t\":\"bees\"}");
    assertThat(envelope.getContext().getVariables())
        .containsEntry("count", "5")
        .containsEntry("topic", "\"bees\"");
  }

  @Test
  void f11AVariableThatCannotBeEvaluatedFailsTheWorkflow() {
    FakeWorld world =
        FakeWorld.started(
            """
            name: vars
            variables: { count: 1 }
            tasks:
              a: { capability: x, set: { count: "${output.missing}" } }
            """);

    world.succeed("a", "{\"n\":4}", "0.01", null);

    assertThat(world.workflow().failure().getKind()).isEqualTo("invalid_input");
  }

  private static final String CHILD =
      """
      name: child
      tasks:
        work: { capability: y, input: "${input.t}", constraints: { maxCost: 0.25 } }
      output: { done: "${tasks.work.output}" }
      """;

  private static FakeWorld family(String onParentEnd, String onAuth) {
    return FakeWorld.started(
        """
      name: parent
      budget: { maxCost: 1.00, onExceeded: fail }
      tasks:
        sub:
          workflow: { name: child, input: { t: "${input.topic}" }, onParentEnd: %s }
          budget: { maxCost: 0.40 }
          onError: { auth: %s }
        beside: { capability: x, constraints: { maxCost: 0.40 } }
      output: "${tasks.sub.output}"
      """
            .formatted(onParentEnd, onAuth),
        CHILD);
  }

  @Test
  void t9E14AChildDoesTheWorkAndItsOutputIsTheTasks() {
    FakeWorld world = family("cancel", "fail");
    assertThat(world.ledger().held()).isEqualTo(FakeWorld.money("0.80"));

    world.take(world.success("wf-1:sub:1/work#1", "a1", "42", "0.20", null));

    assertThat(world.workflow("wf-1:sub:1").status()).isEqualTo(WorkflowStatus.COMPLETED);
    assertThat(world.output("sub")).isEqualTo("{\"done\":42}");
    assertThat(world.ledger().spent()).isEqualTo(FakeWorld.money("0.20"));
    assertThat(world.ledger().held()).isEqualTo(FakeWorld.money("0.40"));
  }

  @Test
  void f9AFailedChildFailsItsTaskWithItsKindAndItIsStartedAgainWhereTheLadderSaysSo() {
    FakeWorld world = family("cancel", "{ retry: { max: 1, backoff: none } }");

    world.take(world.failure("wf-1:sub:1/work#1", "a1", "auth", "0.05", null, false));

    assertThat(world.workflow("wf-1:sub:1").status()).isEqualTo(WorkflowStatus.FAILED);
    assertThat(world.workflow("wf-1:sub:2").status()).isEqualTo(WorkflowStatus.RUNNING);
    world.take(world.failure("wf-1:sub:2/work#1", "a1", "auth", "0.05", null, false));
    assertThat(world.workflow().failure().getKind()).isEqualTo("auth");
    assertThat(world.workflow().failure().getMessage())
        .isEqualTo("child wf-1:sub:2: it went wrong");
    assertThat(world.ledger().spent()).isEqualTo(FakeWorld.money("0.10"));
  }

  @Test
  void x6X7TheEndOfTheParentEndsTheChildUnlessItIsAbandoned() {
    FakeWorld cancels = family("cancel", "fail");
    FakeWorld leaves = family("abandon", "fail");

    cancels.fail("beside", "auth");
    leaves.fail("beside", "auth");

    assertThat(cancels.workflow("wf-1:sub:1").status()).isEqualTo(WorkflowStatus.CANCELLED);
    assertThat(cancels.ledger().spent()).isEqualTo(FakeWorld.money("0"));
    assertThat(leaves.workflow("wf-1:sub:1").status()).isEqualTo(WorkflowStatus.RUNNING);
    assertThat(leaves.ledger().spent()).isEqualTo(FakeWorld.money("0.40"));
    leaves.take(leaves.success("wf-1:sub:1/work#1", "a1", "42", "0.20", null));
    assertThat(leaves.ledger().spent()).isEqualTo(FakeWorld.money("0.20"));
  }

  @Test
  void b16X11WhatAnEndedChildIsStillChargedReachesItsParent() {
    FakeWorld world = family("cancel", "fail");
    world.take(
        new io.ligature.avro.TaskStarted(
            "wf-1:sub:1/work#1", "wf-1:sub:1", "a1", "ex-1", world.now));
    world.fail("beside", "auth");
    assertThat(world.ledger().spent()).isEqualTo(FakeWorld.money("0.25"));

    world.take(world.success("wf-1:sub:1/work#1", "a1", "42", "0.20", null));

    assertThat(world.ledger().spent()).isEqualTo(FakeWorld.money("0.20"));
  }

  @Test
  void f10AChildIsNotStartedWithAnInputItDoesNotTake() {
    FakeWorld world =
        FakeWorld.started(
            "name: top\ntasks:\n  go: { workflow: { name: child, input: { n: 1 } } }\n",
            """
            name: child
            input: { schema: { type: object, properties: { n: { type: string } } } }
            tasks: { work: { capability: y } }
            """);

    assertThat(world.workflow().failure().getKind()).isEqualTo("invalid_input");
    assertThat(world.workflow().failure().getMessage())
        .startsWith("the input of child child is not what it takes: ");
    assertThat(world.workflowIds()).hasSize(1);
  }

  @Test
  void c4APauseHoldsTheChildrenToo() {
    FakeWorld world =
        FakeWorld.started(
            "name: top\ntasks:\n  go: { workflow: { name: two } }\n",
            """
            name: two
            tasks:
              a: { capability: x }
              b: { needs: [a], capability: x }
            """);

    world.take(new io.ligature.avro.PauseWorkflow("c1", FakeWorld.ID, "ann", "lunch", world.now));
    world.take(world.success("wf-1:go:1/a#1", "a1", "1", "0.01", null));
    assertThat(world.taskOf("wf-1:go:1", "b").state()).isInstanceOf(TaskState.Held.class);
    world.take(new io.ligature.avro.ResumeWorkflow("c2", FakeWorld.ID, "ann", "back", world.now));

    assertThat(world.taskOf("wf-1:go:1", "b").state()).isInstanceOf(TaskState.Scheduled.class);
  }

  @Test
  void p4B14TheSmallerBudgetAndTheEarlierDeadlineCountForAChild() {
    FakeWorld world =
        FakeWorld.started(
            """
            name: top
            deadline: PT10M
            budget: { maxCost: 5 }
            tasks:
              small: { workflow: { name: strict }, budget: { maxCost: 2 } }
              large: { workflow: { name: loose }, budget: { maxCost: 2 } }
            """,
            """
            name: strict
            deadline: PT1M
            budget: { maxCost: 1 }
            tasks: { a: { capability: x } }
            """,
            """
            name: loose
            deadline: PT1H
            budget: { maxCost: 3 }
            tasks: { a: { capability: x } }
            """);

    WorkflowRow strict = world.workflow("wf-1:small:1");
    WorkflowRow loose = world.workflow("wf-1:large:1");
    assertThat(strict.ledger().maxCost()).isEqualTo(FakeWorld.money("1"));
    assertThat(loose.ledger().maxCost()).isEqualTo(FakeWorld.money("2"));
    assertThat(strict.deadline()).isEqualTo(FakeWorld.BEGIN.plus(Duration.ofMinutes(1)));
    assertThat(loose.deadline()).isEqualTo(FakeWorld.BEGIN.plus(Duration.ofMinutes(10)));
  }

  @Test
  void l4ChildrenOfChildrenEndAtALimit() {
    FakeWorld world =
        FakeWorld.started(
            "name: top\ntasks:\n  go: { workflow: { name: again } }\n",
            "name: again\ntasks:\n  go: { workflow: { name: again } }\n");

    assertThat(world.workflow().failure().getKind()).isEqualTo("limit_exceeded");
    assertThat(world.workflowIds()).hasSize(9);
  }

  @Test
  void anAbandonedChildOfAPausedParentGoesOn() {
    FakeWorld world = family("abandon", "fail");
    world.take(new io.ligature.avro.PauseWorkflow("c1", FakeWorld.ID, "ann", "lunch", world.now));
    assertThat(world.workflow("wf-1:sub:1").status()).isEqualTo(WorkflowStatus.PAUSED);

    world.fail("beside", "auth");

    assertThat(world.workflow().status()).isEqualTo(WorkflowStatus.FAILED);
    assertThat(world.workflow("wf-1:sub:1").status()).isEqualTo(WorkflowStatus.RUNNING);
  }
}
