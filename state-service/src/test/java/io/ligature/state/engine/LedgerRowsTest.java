package io.ligature.state.engine;

import static io.ligature.state.engine.FakeWorld.money;
import static org.assertj.core.api.Assertions.assertThat;

import io.ligature.avro.Grade;
import io.ligature.avro.OnExceeded;
import org.junit.jupiter.api.Test;

/** Shares, children and degrade in the ledger: the rows of docs/engine.md. */
class LedgerRowsTest {

  private static FakeWorld degrading() {
    FakeWorld world =
        FakeWorld.started(
            """
            name: less
            budget: { maxCost: 0.50, onExceeded: degrade }
            tasks:
              a: { capability: x, constraints: { maxCost: 0.40 } }
              b: { needs: [a], capability: x, constraints: { maxCost: 0.40 } }
              c: { needs: [b], capability: x, constraints: { maxCost: 0.40 } }
            """);
    world.succeed("a", "1", "0.40", null);
    return world;
  }

  @Test
  void b9WithLessMoneyAnUnknownCostIsWhatWasHeld() {
    FakeWorld world = degrading();
    assertThat(world.task("b").held()).isEqualTo(money("0.10"));

    world.succeed("b", "1", null, null);

    assertThat(world.ledger().spent()).isEqualTo(money("0.50"));
    assertThat(world.state("b")).isEqualTo(new TaskState.Succeeded(Grade.degraded));
  }

  @Test
  void b10WithNothingLeftDegradeIsAFailure() {
    FakeWorld world = degrading();

    world.succeed("b", "1", "0.10", null);

    assertThat(world.workflow().failedTask()).isEqualTo("c");
    assertThat(world.workflow().failure().getKind()).isEqualTo("budget_exceeded");
  }

  @Test
  void b13WithoutAShareInnerTasksDrawOnTheNearestLedgerAround() {
    FakeWorld world =
        FakeWorld.started(
            """
            name: deep
            budget: { maxCost: 1.00, onExceeded: review }
            tasks:
              outer:
                budget: { maxCost: 0.60 }
                tasks:
                  inner: { tasks: { a: { capability: x, constraints: { maxCost: 0.20 } } } }
            """);

    assertThat(world.task("outer").share().held()).isEqualTo(money("0.20"));
    assertThat(world.task("outer").share().onExceeded()).isEqualTo(OnExceeded.review);
    assertThat(world.task("outer.inner").share()).isNull();
    assertThat(world.ledger().held()).isEqualTo(money("0.60"));
  }

  private static FakeWorld family(String share) {
    return FakeWorld.started(
        """
        name: parent
        budget: { maxCost: 1.00, onExceeded: fail }
        tasks:
          sub: { workflow: { name: child } %s }
          beside: { capability: x, constraints: { maxCost: 0.40 } }
        """
            .formatted(share),
        "name: child\nbudget: { maxCost: 9.00 }\ntasks:\n  work: { capability: y }\n");
  }

  @Test
  void b14AShareIsTheChildsBudgetWhateverItsDefinitionSays() {
    FakeWorld world = family(", budget: { maxCost: 0.40, onExceeded: degrade }");

    Ledger child = world.workflow("wf-1:sub:1").ledger();

    assertThat(child.maxCost()).isEqualTo(money("0.40"));
    assertThat(child.onExceeded()).isEqualTo(OnExceeded.degrade);
    assertThat(world.ledger().held()).isEqualTo(money("0.80"));
  }

  @Test
  void b15AChildWithoutAShareHoldsAllThatIsLeft() {
    FakeWorld world = family("");

    assertThat(world.workflow().failedTask()).isEqualTo("beside");
    assertThat(world.workflow().failure().getMessage())
        .isEqualTo("it may cost 0.40, but only 0.00 is neither spent nor held");
  }

  @Test
  void b18MoreMoneyForTheWorkflowDoesNotReachAShare() {
    FakeWorld world =
        FakeWorld.started(
            """
            name: fan
            budget: { maxCost: 1.00, onExceeded: fail }
            tasks:
              fan:
                budget: { maxCost: 0.30, onExceeded: review }
                tasks:
                  b: { capability: x, constraints: { maxCost: 0.20 } }
                  a: { capability: x, constraints: { maxCost: 0.20 } }
            """);

    Orders.of(world).extend("5.00");

    assertThat(world.ledger().maxCost()).isEqualTo(money("6.00"));
    assertThat(world.state("fan.a")).isInstanceOf(TaskState.WaitingForReview.class);
    world.decide("fan.a", io.ligature.avro.Decision.approve);
    assertThat(world.task("fan").share().maxCost()).isEqualTo(money("0.40"));
    assertThat(world.ledger().maxCost()).isEqualTo(money("6.10"));
  }

  @Test
  void r3AGoodResultAfterItsAttemptWasGivenUpKeepsItsGrade() {
    FakeWorld world =
        FakeWorld.started(
            """
            name: late
            tasks:
              a: { capability: x, constraints: { maxCost: 0.40 }, onError: { timeout: { retry: { max: 2, backoff: fixed } } } }
            """);
    world.claim("a", "a1");
    world.fire("a");

    world.take(world.success("wf-1/a#1", "a1", "{}", "0.20", 0.9));

    assertThat(world.state("a")).isEqualTo(new TaskState.Succeeded(Grade.clean));
  }

  @Test
  void r7WhatAChildReportsToAWorkflowThatWasQuarantinedIsOnlyBooked() {
    FakeWorld world = family(", budget: { maxCost: 0.40 }");
    Cause cause = new Cause(world.now, "engine", "TaskResult", "x");
    world.write(world.engine.quarantine(world, world, FakeWorld.ID, cause, "boom", "inbox-0@7"));

    world.take(world.failure("wf-1:sub:1/work#1", "a1", "timeout", "0.10", null, false));
    world.take(world.failure("wf-1:sub:1/work#2", "a1", "auth", "0.10", null, false));

    assertThat(world.task("sub").attempt()).isEqualTo(1);
    assertThat(world.state("sub")).isInstanceOf(TaskState.WaitingForChild.class);
    assertThat(world.ledger().spent()).isEqualTo(money("0.20"));
  }
}
