package io.ligature.state.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.ligature.avro.WorkflowEvent;
import io.ligature.schemas.Money;
import io.ligature.schemas.definition.TaskDefinition;
import io.ligature.schemas.wire.FakeSchemaIds;
import io.ligature.schemas.wire.RecordCodec;
import io.ligature.schemas.wire.UnreadableRecordException;
import io.ligature.state.engine.TaskRow.JoinCount;
import io.ligature.state.engine.codec.EventCodec;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What holds after every transition of every workflow, against a naive reading of the rows. */
final class Laws {

  private static final RecordCodec CODEC = new RecordCodec(new FakeSchemaIds());

  private final FakeWorld world;
  private final Map<String, TaskRow> rows = new HashMap<>();

  Laws(FakeWorld world) {
    this.world = world;
  }

  void hold(boolean hadEnded) {
    for (String id : world.workflowIds()) {
      if (world.workflow(id).definition().version() != 0) {
        workflowHolds(id);
      }
    }
    noShadowCosts();
    sequenceHasNoGap();
    noAttemptIsScheduledTwice();
    assertThat(world.last.stuck()).as("stuck").isFalse();
    boolean reopened = world.lastEvents().contains("WorkflowReopened");
    if (hadEnded && !reopened) {
      assertThat(world.last.effects())
          .allSatisfy(effect -> assertThat(effect).isInstanceOf(Effect.ReportToParent.class));
      assertThat(world.lastEvents())
          .isSubsetOf("StaleResultRecorded", "CommandRejected", "ShadowRecorded");
    }
  }

  private void workflowHolds(String id) {
    rows.clear();
    world.paths(id).forEach(path -> rows.put(path, world.taskOf(id, path)));
    WorkflowRow header = world.workflow(id);
    Plan plan = world.plan(header.definition());
    everyHoldIsAccountedFor(header);
    countsAreRight(header, plan);
    timersAreWhatTheRowsSay(header);
    criticsAreWhereTheyBelong(plan);
    if (header.isOpen()) {
      rows.keySet().forEach(path -> needsAreMet(id, plan, path));
      boolean waits = rows.values().stream().anyMatch(row -> row.state().isWaiting());
      assertThat(waits || header.status() == WorkflowStatus.PAUSED)
          .as("a pending attempt, timer, gate, signal or child of " + id)
          .isTrue();
    } else {
      rows.values().forEach(row -> assertThat(row.state().isWaiting()).as(row.task()).isFalse());
    }
    long waiting = rows.values().stream().filter(row -> row.state().isWaiting()).count();
    assertThat((long) header.waiting()).as("tasks of " + id + " that wait").isEqualTo(waiting);
  }

  /** What shadows report changes neither a state nor an amount. */
  private void noShadowCosts() {
    if (world.lastEvents().contains("ShadowRecorded")) {
      assertThat(world.lastEvents()).containsExactly("ShadowRecorded");
      assertThat(world.last.effects()).isEmpty();
    }
  }

  /** While a result is judged, nothing but its critic is at work, and only then. */
  private void criticsAreWhereTheyBelong(Plan plan) {
    rows.forEach(
        (path, row) -> {
          if (row.state() instanceof TaskState.BeingJudged(int attempt, String critic)) {
            assertThat(critic).isEqualTo(Paths.check(path, attempt));
            assertThat(rows.get(critic).hasEnded()).as(critic + " has ended").isFalse();
            assertThat(row.held()).isEqualTo(Money.ZERO);
          }
          boolean judges = plan.node(path).kind() == Node.Kind.CRITIC;
          if (judges && row.state() instanceof TaskState.Active && row.attempt() > 0) {
            assertThat(rows.get(Paths.parent(path)).state())
                .as("what " + path + " judges")
                .isInstanceOf(TaskState.BeingJudged.class);
          }
        });
  }

  private void sequenceHasNoGap() {
    Map<String, Long> last = new HashMap<>();
    for (EventEntry entry : world.events) {
      assertThat(entry.sequence()).isEqualTo(last.getOrDefault(entry.workflowId(), 0L) + 1);
      last.put(entry.workflowId(), entry.sequence());
    }
    last.forEach((id, sequence) -> assertThat(world.workflow(id).sequence()).isEqualTo(sequence));
  }

  /**
   * At every level: what is held is what its tasks hold, what is spent is what they were charged.
   */
  private void everyHoldIsAccountedFor(WorkflowRow header) {
    assertThat(header.ledger().held()).isEqualTo(heldIn(Paths.ROOT));
    assertThat(header.ledger().spent()).isEqualTo(spentIn(Paths.ROOT));
    Money left = header.ledger().left();
    if (left != null) {
      assertThat(header.ledger().spent().plus(header.ledger().held()).plus(left))
          .isEqualTo(header.ledger().maxCost());
    }
    if (!header.isOpen()) {
      assertThat(header.ledger().held()).isEqualTo(Money.ZERO);
    }
    rows.forEach(
        (path, row) -> {
          Ledger share = row.share();
          if (share != null) {
            assertThat(share.held()).as("held of the share of " + path).isEqualTo(heldIn(path));
            assertThat(share.spent()).as("spent of the share of " + path).isEqualTo(spentIn(path));
          }
        });
  }

  private Money heldIn(String scope) {
    Money held = Money.ZERO;
    for (TaskRow row : rows.values()) {
      if (scopeOf(row.task()).equals(scope)) {
        held = held.plus(row.held()).plus(row.reserved());
      }
    }
    return held;
  }

  private Money spentIn(String scope) {
    Money spent = Money.ZERO;
    for (TaskRow row : rows.values()) {
      if (isInside(row.task(), scope)) {
        for (AttemptRow attempt : row.attempts()) {
          spent = spent.plus(attempt.charged());
        }
      }
    }
    return spent;
  }

  private boolean isInside(String path, String scope) {
    String at = scopeOf(path);
    while (!at.equals(scope) && !at.isEmpty()) {
      at = scopeOf(at);
    }
    return at.equals(scope);
  }

  private String scopeOf(String path) {
    String at = Paths.parent(path);
    while (!at.isEmpty() && (!rows.containsKey(at) || rows.get(at).share() == null)) {
      at = Paths.parent(at);
    }
    return at;
  }

  private void countsAreRight(WorkflowRow header, Plan plan) {
    int open = 0;
    for (String name : plan.definition().tasks().keySet()) {
      TaskRow row = rows.get(name);
      open += row != null && row.hasEnded() ? 0 : 1;
    }
    assertThat(header.counts().open()).isEqualTo(open);
    rows.forEach(
        (path, row) -> {
          if (row.inner() != null) {
            long ended =
                rows.values().stream()
                    .filter(TaskRow::hasEnded)
                    .filter(other -> Paths.parent(other.task()).equals(path))
                    .count();
            assertThat((long) row.inner().ended()).as("ended in " + path).isEqualTo(ended);
          }
        });
  }

  private void needsAreMet(String id, Plan plan, String path) {
    Node node = plan.node(path);
    TaskDefinition.Needs needs = node.definition().needs();
    JoinCount count = counted(plan, path);
    assertThat(rows.get(path).join()).as("join of " + path).isEqualTo(count);
    TaskState state = rows.get(path).state();
    boolean began = !(state instanceof TaskState.Pending || state instanceof TaskState.Skipped);
    if (!began || needs.tasks().isEmpty()) {
      return;
    }
    switch (needs.join()) {
      case ANY, AT_LEAST ->
          assertThat(count.succeeded())
              .as(id + ": " + path + " runs before its needs are met")
              .isGreaterThanOrEqualTo(Plan.required(needs));
      case ALL, ENDED ->
          assertThat(count.ended())
              .as(id + ": " + path + " runs before its needs are met")
              .isEqualTo(needs.tasks().size());
    }
  }

  private JoinCount counted(Plan plan, String path) {
    int succeeded = 0;
    int failed = 0;
    int skipped = 0;
    for (String need :
        plan.node(path).kind() == Node.Kind.MEMBER ? plan.needs(path) : List.<String>of()) {
      TaskState state = rows.containsKey(need) ? rows.get(need).state() : new TaskState.Pending();
      switch (state) {
        case TaskState.Succeeded s -> succeeded++;
        case TaskState.Failed s -> failed++;
        case TaskState.Skipped s -> skipped++;
        case TaskState.Cancelled s -> {}
        case TaskState.Active s -> {}
      }
    }
    return new JoinCount(succeeded, failed, skipped);
  }

  private void noAttemptIsScheduledTwice() {
    Set<String> dispatched = new HashSet<>();
    for (EventEntry entry : world.events) {
      Event event = entry.event();
      if (event instanceof Event.AttemptScheduled(var e)) {
        assertThat(dispatched.add(e.getEnvelope().getId())).isTrue();
      } else if (event instanceof Event.AttemptAdopted(var e)) {
        assertThat(dispatched.add(e.getId())).isTrue();
      } else if (event instanceof Event.ReviewRequested(var e)) {
        assertThat(dispatched.add("review " + e.getReview().getReviewId())).isTrue();
      } else if (event instanceof Event.ChildStarted(var e)) {
        assertThat(dispatched.add(e.getChildWorkflowId())).isTrue();
      }
    }
  }

  private void timersAreWhatTheRowsSay(WorkflowRow header) {
    Set<Timer> expected = new HashSet<>();
    Timer deadline = header.timer();
    if (deadline != null) {
      expected.add(deadline);
    }
    for (TaskRow row : rows.values()) {
      Timer timer = row.timer();
      if (timer != null) {
        expected.add(timer);
      }
    }
    Set<Timer> set = new HashSet<>(world.timers.values());
    set.removeIf(timer -> !timer.workflowId().equals(header.workflowId()));
    assertThat(set).isEqualTo(expected);
  }

  /** Folding the audit trail, read back from bytes, gives the rows of the live run. */
  void replayEqualsLive() {
    List<EventEntry> read = world.events.stream().map(Laws::throughBytes).toList();
    FakeWorld replay = world.empty();
    for (EventEntry entry : read) {
      replay.apply(Engine.fold(replay, replay, entry.workflowId(), List.of(entry)));
    }
    assertThat(replay.rows()).isEqualTo(world.rows());
    FakeWorld atOnce = world.empty();
    for (String id : world.workflowIds()) {
      List<EventEntry> own = read.stream().filter(e -> e.workflowId().equals(id)).toList();
      atOnce.apply(Engine.fold(atOnce, atOnce, id, own));
    }
    assertThat(atOnce.rows()).isEqualTo(world.rows());
  }

  private static EventEntry throughBytes(EventEntry entry) {
    try {
      return EventCodec.toEntry(
          (WorkflowEvent) CODEC.decode(CODEC.encode(EventCodec.toRecord(entry))));
    } catch (UnreadableRecordException e) {
      throw new AssertionError(e);
    }
  }
}
