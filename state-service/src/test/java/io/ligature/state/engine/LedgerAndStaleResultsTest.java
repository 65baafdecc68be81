package io.ligature.state.engine;

import static io.ligature.state.engine.FakeWorld.money;
import static org.assertj.core.api.Assertions.assertThat;

import io.ligature.avro.CancelWorkflow;
import io.ligature.avro.Decision;
import io.ligature.avro.ExtendBudget;
import io.ligature.avro.RerunWorkflow;
import io.ligature.avro.TaskStarted;
import io.ligature.schemas.Money;
import java.math.BigDecimal;
import org.junit.jupiter.api.Test;

/** Every hold settles once, whatever comes, and in whatever order. */
class LedgerAndStaleResultsTest {

  private static FakeWorld two(String onExceeded) {
    return FakeWorld.started(
        """
        name: money
        budget: { maxCost: 1.00, onExceeded: %s }
        tasks:
          a: { capability: x, constraints: { maxCost: 0.60 }, onError: { timeout: { retry: { max: 2, backoff: fixed } } } }
          b: { capability: x, needs: [a], constraints: { maxCost: 0.60 } }
        """
            .formatted(onExceeded));
  }

  private static void ledgerIs(FakeWorld world, String spent, String held, String left) {
    assertThat(world.ledger().spent()).isEqualTo(money(spent));
    assertThat(world.ledger().held()).isEqualTo(money(held));
    assertThat(world.ledger().left()).isEqualTo(money(left));
  }

  @Test
  void b1R1HoldsBeforeAnAttemptAndSettlesToItsCost() {
    FakeWorld world = two("fail");
    ledgerIs(world, "0", "0.60", "0.40");

    world.succeed("a", "{}", "0.25", 0.9);

    ledgerIs(world, "0.25", "0.60", "0.15");
  }

  @Test
  void b2AnUnknownCostSettlesAtTheHold() {
    FakeWorld world = two("fail");

    world.succeed("a", "{}", null, 0.9);

    assertThat(world.ledger().spent()).isEqualTo(money("0.60"));
    assertThat(world.task("a").lastAttempt().costKnown()).isFalse();
  }

  @Test
  void b3AFailureIsFreeUnlessItMayHaveBeenBilled() {
    FakeWorld free = two("fail");
    free.take(free.failure(free.attempt("a"), "a1", "timeout", null, null, false));
    ledgerIs(free, "0", "0", "1.00");

    FakeWorld billed = two("fail");
    billed.take(billed.failure(billed.attempt("a"), "a1", "timeout", null, null, true));
    ledgerIs(billed, "0.60", "0", "0.40");
  }

  @Test
  void b6AHoldThatDoesNotFitFailsTheWorkflow() {
    FakeWorld world = two("fail");

    world.succeed("a", "{}", "0.50", 0.9);

    assertThat(world.lastEvents())
        .containsExactly("TaskSucceeded", "BudgetExceeded", "TaskFailed", "WorkflowFailed");
    assertThat(world.workflow().failure().getKind()).isEqualTo("budget_exceeded");
  }

  @Test
  void b6AHoldThatFitsExactlyGoesOn() {
    FakeWorld world = two("fail");

    world.succeed("a", "{}", "0.40", 0.9);

    ledgerIs(world, "0.40", "0.60", "0");
  }

  @Test
  void b7D1AnApprovalRaisesTheBudgetByWhatIsMissing() {
    FakeWorld world = two("review");
    world.succeed("a", "{}", "0.50", 0.9);
    assertThat(world.lastEvents())
        .containsExactly("TaskSucceeded", "BudgetExceeded", "ReviewRequested");

    world.decide("b", Decision.approve);

    assertThat(world.ledger().maxCost()).isEqualTo(money("1.10"));
    ledgerIs(world, "0.50", "0.60", "0");
  }

  @Test
  void d3ARejectionOfMoreMoneyFailsTheTask() {
    FakeWorld world = two("review");
    world.succeed("a", "{}", "0.50", 0.9);

    world.decide("b", Decision.reject);

    assertThat(world.workflow().failure().getKind()).isEqualTo("budget_exceeded");
  }

  @Test
  void b4CancelReleasesTheHoldAndALateResultBooksItsCost() {
    FakeWorld world = two("fail");
    String attempt = world.attempt("a");
    world.take(new CancelWorkflow("c1", FakeWorld.ID, "ann", "enough", world.now, false));
    ledgerIs(world, "0", "0", "1.00");

    world.take(world.success(attempt, "a1", "{}", "0.30", 0.9));
    assertThat(world.lastEvents()).containsExactly("StaleResultRecorded");
    ledgerIs(world, "0.30", "0", "0.70");
    world.take(world.success(attempt, "a1", "{}", "0.30", 0.9));

    assertThat(world.lastEvents()).isEmpty();
    ledgerIs(world, "0.30", "0", "0.70");
  }

  @Test
  void b5AClaimedAttemptIsChargedAtTheHoldUntilItsResultCorrectsThat() {
    FakeWorld world = two("fail");
    world.claim("a", "a1");
    world.fire("a");
    ledgerIs(world, "0.60", "0", "0.40");
    world.take(new CancelWorkflow("c1", FakeWorld.ID, "ann", "enough", world.now, false));

    world.take(world.success("wf-1/a#1", "a1", "{\"late\":1}", "0.20", 0.9));

    assertThat(world.ledger().spent()).isEqualTo(money("0.20"));
  }

  @Test
  void r3AGoodResultThatComesBeforeTheRetryIsTaken() {
    FakeWorld world = two("fail");
    world.claim("a", "a1");
    world.fire("a");
    assertThat(world.state("a")).isInstanceOf(TaskState.WaitingForRetry.class);

    world.take(world.success("wf-1/a#1", "a1", "{\"late\":1}", "0.20", 0.9));

    assertThat(world.output("a")).isEqualTo("{\"late\":1}");
    ledgerIs(world, "0.20", "0.60", "0.20");
  }

  @Test
  void r4ALowerAttemptOnlyBooksItsCost() {
    FakeWorld world = two("fail");
    world.fire("a");
    world.fire("a");
    world.fire("a");
    world.fire("a");
    assertThat(world.attempt("a")).isEqualTo("wf-1/a#2");

    world.take(world.success("wf-1/a#1", "a1", "{}", "0.20", 0.9));

    assertThat(world.lastEvents()).containsExactly("StaleResultRecorded");
    assertThat(world.state("a")).isInstanceOf(TaskState.Scheduled.class);
    assertThat(world.ledger().spent()).isEqualTo(money("0.20"));
  }

  @Test
  void r5ADuplicateResultChangesNothing() {
    FakeWorld world = two("fail");
    var result = world.success(world.attempt("a"), "a1", "{}", "0.25", 0.9);
    world.take(result);
    var before = world.rows();

    world.take(result);

    assertThat(world.last.ignored()).startsWith("a duplicate");
    assertThat(world.rows()).isEqualTo(before);
  }

  @Test
  void r2AResultOfALaterAttemptProvesItsDispatch() {
    FakeWorld world = two("fail");

    world.take(world.success("wf-1/a#2", "a1", "{}", "0.25", 0.9));

    assertThat(world.lastEvents())
        .containsExactly("AttemptFailed", "AttemptAdopted", "TaskSucceeded", "AttemptScheduled");
    ledgerIs(world, "0.25", "0.60", "0.15");
  }

  @Test
  void r2AClaimOfALaterAttemptProvesItsDispatchDuringABackoff() {
    FakeWorld world = two("fail");
    world.fail("a", "timeout");

    world.take(new TaskStarted("wf-1/a#2", FakeWorld.ID, "a1", "ex-1", world.now));

    assertThat(world.lastEvents()).containsExactly("AttemptAdopted", "AttemptStarted");
    ledgerIs(world, "0", "0.60", "0.40");
  }

  @Test
  void r4AResultBeforeTheNeedsAreMetOnlyBooksItsCost() {
    FakeWorld world = two("fail");

    world.take(world.success("wf-1/b#1", "a1", "{}", "0.10", 0.9));
    assertThat(world.lastEvents()).containsExactly("StaleResultRecorded");
    assertThat(world.state("b")).isInstanceOf(TaskState.Pending.class);
    ledgerIs(world, "0.10", "0.60", "0.30");
    world.succeed("a", "{}", "0.20", 0.9);
    world.take(world.success("wf-1/b#1", "a1", "{}", "0.10", 0.9));

    assertThat(world.workflow().status()).isEqualTo(WorkflowStatus.COMPLETED);
    ledgerIs(world, "0.30", "0", "0.70");
  }

  @Test
  void r6UnknownWorkflowsTasksAndAttemptsAreIgnored() {
    FakeWorld world = FakeWorld.of("name: n\ntasks:\n  a: { capability: x }\n");
    assertThat(world.take(world.success("wf-1/a#1", "a1", "{}", "0.1", null)).ignored())
        .isEqualTo("an unknown workflow");
    world.start();

    assertThat(world.take(world.success("wf-1/zz#1", "a1", "{}", "0.1", null)).ignored())
        .isEqualTo("no agent's work is called zz");
    assertThat(world.take(world.success("nonsense", "a1", "{}", "0.1", null)).ignored())
        .startsWith("not an attempt id");
    assertThat(world.take(world.success("wf-2/a#1", "a1", "{}", "0.1", null)).ignored())
        .isEqualTo("attempt wf-2/a#1 is not one of workflow wf-1");
  }

  @Test
  void c30C36ExtendsTheBudgetOnceForEachCommand() {
    FakeWorld world = two("fail");
    var extend =
        new ExtendBudget(
            "c7", FakeWorld.ID, new BigDecimal("0.500000"), "ann", "worth it", world.now);

    world.take(extend);
    world.take(extend);

    assertThat(world.ledger().maxCost()).isEqualTo(money("1.50"));
    assertThat(world.last.ignored()).isEqualTo("a duplicate of command c7");
  }

  @Test
  void c34ACommandThatIsNoneIsRejectedHonestlyAndOnce() {
    FakeWorld world = two("fail");
    var rerun = new RerunWorkflow("c8", FakeWorld.ID, "wf-2", "a", "ann", "again", world.now);

    world.take(rerun);
    assertThat(world.lastEvents()).containsExactly("CommandRejected");
    assertThat(world.workflow().isOpen()).isTrue();
  }

  @Test
  void b17SpendingIsCountedWithoutABudgetToo() {
    FakeWorld world = FakeWorld.started("name: n\ntasks:\n  a: { capability: x }\n");

    world.succeed("a", "{}", "0.25", null);

    assertThat(world.ledger().spent()).isEqualTo(money("0.25"));
    assertThat(world.ledger().held()).isEqualTo(Money.ZERO);
  }
}
