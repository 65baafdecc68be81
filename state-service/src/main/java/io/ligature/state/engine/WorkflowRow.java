package io.ligature.state.engine;

import io.ligature.avro.Failure;
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
 * @param counts of its tasks
 * @param failedTask path of the task that ended it; null when none did
 * @param recentCommands ids of the last commands, so that a repeated one changes nothing
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
    List<String> recentCommands) {

  /** How many command ids are kept. */
  public static final int RECENT_COMMANDS = 64;

  /**
   * Counters over the tasks.
   *
   * @param open have not ended
   */
  public record Counts(int open, int succeeded, int failed, int skipped, int cancelled) {
    Counts ended(TaskState state) {
      return switch (state) {
        case TaskState.Succeeded s ->
            new Counts(open - 1, succeeded + 1, failed, skipped, cancelled);
        case TaskState.Failed s -> new Counts(open - 1, succeeded, failed + 1, skipped, cancelled);
        case TaskState.Skipped s -> new Counts(open - 1, succeeded, failed, skipped + 1, cancelled);
        case TaskState.Cancelled s ->
            new Counts(open - 1, succeeded, failed, skipped, cancelled + 1);
        case TaskState.Active s -> throw new IllegalArgumentException("not an end: " + s);
      };
    }
  }

  public boolean isRunning() {
    return status == WorkflowStatus.RUNNING;
  }

  /** The deadline's timer; null when there is none or the workflow has ended. */
  @Nullable Timer timer() {
    return deadline == null || !isRunning() ? null : new Timer(workflowId, "", deadline);
  }

  WorkflowRow at(long newSequence) {
    return copy(status, endedAt, newSequence, ledger, counts, failure, failedTask, recentCommands);
  }

  WorkflowRow with(Ledger newLedger) {
    return copy(status, endedAt, sequence, newLedger, counts, failure, failedTask, recentCommands);
  }

  WorkflowRow with(Counts newCounts) {
    return copy(status, endedAt, sequence, ledger, newCounts, failure, failedTask, recentCommands);
  }

  WorkflowRow ended(WorkflowStatus end, Instant at, @Nullable Failure why, @Nullable String task) {
    return copy(end, at, sequence, ledger, counts, why, task, recentCommands);
  }

  WorkflowRow seen(String commandId) {
    List<String> ids = new ArrayList<>(recentCommands);
    ids.add(commandId);
    if (ids.size() > RECENT_COMMANDS) {
      ids.removeFirst();
    }
    return copy(status, endedAt, sequence, ledger, counts, failure, failedTask, List.copyOf(ids));
  }

  private WorkflowRow copy(
      WorkflowStatus newStatus,
      @Nullable Instant newEndedAt,
      long newSequence,
      Ledger newLedger,
      Counts newCounts,
      @Nullable Failure newFailure,
      @Nullable String newFailedTask,
      List<String> newCommands) {
    return new WorkflowRow(
        workflowId,
        rootWorkflowId,
        newStatus,
        definition,
        requester,
        tenant,
        priority,
        labels,
        startedAt,
        newEndedAt,
        deadline,
        newSequence,
        newLedger,
        newCounts,
        newFailure,
        newFailedTask,
        newCommands);
  }
}
