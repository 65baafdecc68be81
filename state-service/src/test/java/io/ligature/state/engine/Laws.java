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
import java.util.TreeMap;

/** What holds after every transition of every workflow, against a naive reading of the rows. */
final class Laws {

  private static final RecordCodec CODEC = new RecordCodec(new FakeSchemaIds());

  private final FakeWorld world;
  private final Set<String> dispatched = new HashSet<>();
  private final Map<String, TaskRow> rows = new HashMap<>();

  Laws(FakeWorld world) {
    this.world = world;
  }

  void hold(boolean hadEnded) {
    rows.clear();
    tasks().forEach(task -> rows.put(task, world.task(task)));
    sequenceHasNoGap();
    everyHoldIsAccountedFor();
    joinsCountWhatEnded();
    nothingRunsBeforeItsNeedsAreMet();
    noAttemptIsScheduledTwice();
    timersAreWhatTheRowsSay();
    runsOrEnds();
    if (hadEnded) {
      assertThat(world.last.effects()).isEmpty();
      assertThat(world.lastEvents()).isSubsetOf("StaleResultRecorded");
    } else if (!world.workflow().isOpen()) {
      assertThat(world.timers).isEmpty();
    }
  }

  private void sequenceHasNoGap() {
    long sequence = (long) world.events.size() - world.last.events().size();
    for (EventEntry entry : world.last.events()) {
      assertThat(entry.sequence()).isEqualTo(++sequence);
    }
    assertThat(world.workflow().sequence()).isEqualTo(world.events.size());
  }

  private void everyHoldIsAccountedFor() {
    Money held = Money.ZERO;
    Money spent = Money.ZERO;
    for (String task : tasks()) {
      held = held.plus(rows.get(task).held());
      for (AttemptRow attempt : rows.get(task).attempts()) {
        spent = spent.plus(attempt.charged());
      }
    }
    Ledger ledger = world.ledger();
    assertThat(ledger.held()).isEqualTo(held);
    assertThat(ledger.spent()).isEqualTo(spent);
    if (ledger.maxCost() != null) {
      assertThat(spent.plus(held).plus(ledger.left())).isEqualTo(ledger.maxCost());
    }
    if (!world.workflow().isOpen()) {
      assertThat(held).isEqualTo(Money.ZERO);
    }
  }

  private void joinsCountWhatEnded() {
    int open = 0;
    for (String task : tasks()) {
      assertThat(rows.get(task).join()).as("join of " + task).isEqualTo(counted(task));
      open += rows.get(task).hasEnded() ? 0 : 1;
    }
    assertThat(world.workflow().counts().open()).isEqualTo(open);
  }

  private JoinCount counted(String task) {
    int succeeded = 0;
    int failed = 0;
    int skipped = 0;
    for (String need : definition(task).needs().tasks()) {
      switch (rows.get(need).state()) {
        case TaskState.Succeeded s -> succeeded++;
        case TaskState.Failed s -> failed++;
        case TaskState.Skipped s -> skipped++;
        case TaskState.Cancelled s -> {}
        case TaskState.Active s -> {}
      }
    }
    return new JoinCount(succeeded, failed, skipped);
  }

  private void nothingRunsBeforeItsNeedsAreMet() {
    for (String task : tasks()) {
      TaskState state = rows.get(task).state();
      boolean began = !(state instanceof TaskState.Pending || state instanceof TaskState.Skipped);
      if (began && definition(task).needs().join() != TaskDefinition.Needs.Join.ALL) {
        assertThat(counted(task).succeeded())
            .isGreaterThanOrEqualTo(Plan.required(definition(task).needs()));
      } else if (began) {
        assertThat(counted(task).ended()).isEqualTo(definition(task).needs().tasks().size());
      }
      if (state instanceof TaskState.Pending && world.workflow().isOpen()) {
        assertThat(Joins.verdict(definition(task).needs(), counted(task)))
            .as("join of the pending " + task)
            .isEqualTo(Joins.Verdict.WAIT);
      }
    }
  }

  private void noAttemptIsScheduledTwice() {
    for (EventEntry entry : world.last.events()) {
      if (entry.event() instanceof Event.AttemptScheduled(var e)) {
        assertThat(dispatched.add(e.getEnvelope().getId())).isTrue();
      } else if (entry.event() instanceof Event.AttemptAdopted(var e)) {
        assertThat(dispatched.add(e.getId())).isTrue();
      } else if (entry.event() instanceof Event.ReviewRequested(var e)) {
        assertThat(dispatched.add(e.getReview().getReviewId())).isTrue();
      }
    }
  }

  private void timersAreWhatTheRowsSay() {
    Map<String, Timer> expected = new TreeMap<>();
    Timer deadline = world.workflow().timer();
    if (deadline != null) {
      expected.put("", deadline);
    }
    for (String task : tasks()) {
      Timer timer = rows.get(task).timer();
      if (timer != null) {
        expected.put(task, timer);
      }
    }
    assertThat(world.timers).isEqualTo(expected);
  }

  private void runsOrEnds() {
    if (!world.workflow().isOpen()) {
      return;
    }
    boolean waits =
        tasks().stream()
            .map(task -> rows.get(task).state())
            .anyMatch(s -> s instanceof TaskState.WaitingForReview || s.due() != null);
    assertThat(waits).as("a pending attempt, timer or review").isTrue();
  }

  /** Folding the audit trail, read back from bytes, gives the rows of the live run. */
  void replayEqualsLive() {
    FakeWorld replay = new FakeWorld(world.plan.definition());
    List<EventEntry> read = world.events.stream().map(Laws::throughBytes).toList();
    for (EventEntry entry : read) {
      replay.apply(Engine.fold(replay, replay, FakeWorld.ID, List.of(entry)));
    }
    assertThat(replay.rows()).isEqualTo(world.rows());
    FakeWorld atOnce = new FakeWorld(world.plan.definition());
    atOnce.apply(Engine.fold(atOnce, atOnce, FakeWorld.ID, read));
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

  private Set<String> tasks() {
    return world.plan.definition().tasks().keySet();
  }

  private TaskDefinition definition(String task) {
    return world.plan.task(task);
  }
}
