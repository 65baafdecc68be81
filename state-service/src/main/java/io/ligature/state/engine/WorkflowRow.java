package io.ligature.state.engine;

import io.ligature.avro.Failure;
import io.ligature.avro.ParentLink;
import io.ligature.avro.PinnedDefinition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The header of one workflow; its tasks and payloads are rows of their own.
 *
 * @param definition empty name and version 0 when it never had one
 * @param deadline null: none
 * @param sequence of the last event
 * @param counts of its tasks; those inside of others are counted in their rows
 * @param failedTask path of the task that ended it; null when none did
 * @param recentCommands ids of the last commands, so that a repeated one changes nothing
 * @param tree where it stands among other workflows
 * @param signals it waits for or keeps
 * @param saga what is to be undone
 * @param waiting how many of its tasks wait for something outside, those inside of others too
 */
public record WorkflowRow(
    String workflowId,
    String rootWorkflowId,
    WorkflowStatus status,
    DefinitionRef definition,
    String requester,
    String tenant,
    int priority,
    Map<String, String> labels,
    Instant startedAt,
    @Nullable Instant endedAt,
    @Nullable Instant deadline,
    long sequence,
    Ledger ledger,
    Counts counts,
    @Nullable Failure failure,
    @Nullable String failedTask,
    List<String> recentCommands,
    Tree tree,
    Signals signals,
    Saga saga,
    int waiting) {

  /** How many command ids are kept. */
  public static final int RECENT_COMMANDS = 64;

  /**
   * Counters over the tasks.
   *
   * @param open have not ended
   */
  public record Counts(int open, int succeeded, int failed, int skipped, int cancelled) {

    /**
     * @param by 1 when one ended so, -1 when one that had is to run again
     */
    Counts ended(TaskState.Ended end, int by) {
      return switch (end) {
        case TaskState.Succeeded s ->
            new Counts(open - by, succeeded + by, failed, skipped, cancelled);
        case TaskState.Failed s ->
            new Counts(open - by, succeeded, failed + by, skipped, cancelled);
        case TaskState.Skipped s ->
            new Counts(open - by, succeeded, failed, skipped + by, cancelled);
        case TaskState.Cancelled s ->
            new Counts(open - by, succeeded, failed, skipped, cancelled + by);
      };
    }
  }

  /**
   * Where a workflow stands among others.
   *
   * @param parent null for a root
   * @param pins versions its children are started with
   * @param origin id of the workflow it is a re-run of; null: of none
   */
  public record Tree(
      @Nullable ParentLink parent, List<PinnedDefinition> pins, @Nullable String origin) {
    public static final Tree ALONE = new Tree(null, List.of(), null);
  }

  /** Signals, each list in the order in which they came. */
  public record Signals(List<Wait> waits, List<Kept> kept) {
    public static final Signals NONE = new Signals(List.of(), List.of());

    /** A task that waits. */
    public record Wait(String task, String name, @Nullable String correlation) {}

    /** A signal that came before anybody waited for it. */
    public record Kept(String commandId, String name, @Nullable String correlation) {}

    Signals waiting(Wait wait) {
      List<Wait> all = new ArrayList<>(waits);
      all.add(wait);
      return new Signals(List.copyOf(all), kept);
    }

    Signals keeping(Kept signal) {
      List<Kept> all = new ArrayList<>(kept);
      all.add(signal);
      return new Signals(waits, List.copyOf(all));
    }

    Signals withoutWait(String task) {
      return new Signals(waits.stream().filter(w -> !w.task().equals(task)).toList(), kept);
    }

    Signals withoutKept(String commandId) {
      return new Signals(
          waits, kept.stream().filter(k -> !k.commandId().equals(commandId)).toList());
    }
  }

  /**
   * What is to be undone.
   *
   * @param last path of the task that succeeded last of those with a compensation; null: none
   * @param end how the workflow ends when all is undone; null: nothing is being undone
   */
  public record Saga(@Nullable String last, @Nullable End end) {
    public static final Saga NONE = new Saga(null, null);

    /** An end that waits for compensations. */
    public record End(WorkflowStatus status, @Nullable String task, Failure failure) {}
  }

  /** Whether it has not ended. */
  public boolean isOpen() {
    return status.isOpen();
  }

  /** The deadline's timer; null when there is none, or nothing of it runs any more. */
  @Nullable Timer timer() {
    boolean counts = status == WorkflowStatus.RUNNING || status == WorkflowStatus.PAUSED;
    return deadline == null || !counts ? null : new Timer(workflowId, "", deadline);
  }

  WorkflowRow at(long newSequence) {
    Draft draft = new Draft(this);
    draft.sequence = newSequence;
    return draft.row();
  }

  WorkflowRow with(Ledger newLedger) {
    Draft draft = new Draft(this);
    draft.ledger = newLedger;
    return draft.row();
  }

  WorkflowRow with(Counts newCounts) {
    Draft draft = new Draft(this);
    draft.counts = newCounts;
    return draft.row();
  }

  WorkflowRow with(Signals newSignals) {
    Draft draft = new Draft(this);
    draft.signals = newSignals;
    return draft.row();
  }

  WorkflowRow with(Saga newSaga) {
    Draft draft = new Draft(this);
    draft.saga = newSaga;
    return draft.row();
  }

  WorkflowRow in(WorkflowStatus newStatus) {
    Draft draft = new Draft(this);
    draft.status = newStatus;
    return draft.row();
  }

  WorkflowRow waiting(int newWaiting) {
    Draft draft = new Draft(this);
    draft.waiting = newWaiting;
    return draft.row();
  }

  WorkflowRow ended(WorkflowStatus end, Instant at, @Nullable Failure why, @Nullable String task) {
    Draft draft = new Draft(this);
    draft.status = end;
    draft.endedAt = at;
    draft.failure = why;
    draft.failedTask = task;
    return draft.row();
  }

  WorkflowRow reopened(@Nullable Instant newDeadline) {
    Draft draft = new Draft(this);
    draft.status = WorkflowStatus.RUNNING;
    draft.endedAt = null;
    draft.failure = null;
    draft.failedTask = null;
    draft.deadline = newDeadline;
    return draft.row();
  }

  WorkflowRow seen(String commandId) {
    if (recentCommands.contains(commandId)) {
      return this;
    }
    List<String> ids = new ArrayList<>(recentCommands);
    ids.add(commandId);
    if (ids.size() > RECENT_COMMANDS) {
      ids.removeFirst();
    }
    Draft draft = new Draft(this);
    draft.recentCommands = List.copyOf(ids);
    return draft.row();
  }

  /** A row in which some fields are to be others. */
  private static final class Draft {
    private final WorkflowRow of;
    WorkflowStatus status;
    @Nullable Instant endedAt;
    @Nullable Instant deadline;
    long sequence;
    Ledger ledger;
    Counts counts;
    @Nullable Failure failure;
    @Nullable String failedTask;
    List<String> recentCommands;
    Signals signals;
    Saga saga;
    int waiting;

    Draft(WorkflowRow of) {
      this.of = of;
      this.status = of.status;
      this.endedAt = of.endedAt;
      this.deadline = of.deadline;
      this.sequence = of.sequence;
      this.ledger = of.ledger;
      this.counts = of.counts;
      this.failure = of.failure;
      this.failedTask = of.failedTask;
      this.recentCommands = of.recentCommands;
      this.signals = of.signals;
      this.saga = of.saga;
      this.waiting = of.waiting;
    }

    WorkflowRow row() {
      return new WorkflowRow(
          of.workflowId,
          of.rootWorkflowId,
          status,
          of.definition,
          of.requester,
          of.tenant,
          of.priority,
          of.labels,
          of.startedAt,
          endedAt,
          deadline,
          sequence,
          ledger,
          counts,
          failure,
          failedTask,
          recentCommands,
          of.tree,
          signals,
          saga,
          waiting);
    }
  }
}
