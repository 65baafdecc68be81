package io.ligature.state.engine;

import io.ligature.avro.Grade;
import io.ligature.schemas.ErrorKind;
import io.ligature.schemas.Money;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One task of one workflow.
 *
 * @param join how its predecessors ended
 * @param attempt number of the current attempt; 0: none yet
 * @param held from the budget for the current attempt
 * @param excludedAgents that must not get the current attempt
 * @param attempts oldest first, at most {@link Tuning#maxAttempts()}
 * @param failures how often it failed by each kind: its place on the ladders
 * @param reviews how many there were
 * @param review the last one; null: none
 * @param feedback what reviewers asked for, oldest first
 * @param deadline when its own time ends; null: it has none
 * @param inner how far the tasks inside of it are; null: there are none or they have not begun
 * @param share what is set apart for the tasks inside of it; null: they draw on what encloses it
 * @param undoNext path of the task whose compensation follows this one's; null: none
 * @param ownInput true: a command replaced its input
 * @param outputSchema JSON Schema of what it made and nobody has accepted yet; null: not told
 */
public record TaskRow(
    String workflowId,
    String task,
    TaskState state,
    JoinCount join,
    int attempt,
    Money held,
    List<String> excludedAgents,
    List<AttemptRow> attempts,
    Map<ErrorKind, Integer> failures,
    int reviews,
    @Nullable ReviewRow review,
    List<String> feedback,
    @Nullable Instant deadline,
    @Nullable Inner inner,
    @Nullable Ledger share,
    @Nullable String undoNext,
    boolean ownInput,
    @Nullable String outputSchema) {

  /** A task nothing has happened to; it needs no row in the store. */
  public static TaskRow pending(String workflowId, String task) {
    return new TaskRow(
        workflowId,
        task,
        new TaskState.Pending(),
        JoinCount.NONE,
        0,
        Money.ZERO,
        List.of(),
        List.of(),
        Map.of(),
        0,
        null,
        List.of(),
        null,
        null,
        null,
        null,
        false,
        null);
  }

  /**
   * How far the tasks inside of one are.
   *
   * @param size there are to run; of a loop the most
   * @param started have begun; only counted for items and iterations
   * @param branch index of the chosen one; null: none was to choose
   * @param worst grade of those that succeeded; null: none did
   */
  public record Inner(
      int size,
      int started,
      int succeeded,
      int failed,
      int skipped,
      int cancelled,
      @Nullable Integer branch,
      @Nullable Grade worst) {

    static Inner of(int size, @Nullable Integer branch) {
      return new Inner(size, 0, 0, 0, 0, 0, branch, null);
    }

    public int ended() {
      return succeeded + failed + skipped + cancelled;
    }

    Inner started(int number) {
      return new Inner(
          size, Math.max(started, number), succeeded, failed, skipped, cancelled, branch, worst);
    }

    /**
     * @param by 1 when one ended so, -1 when one that had is to run again
     */
    Inner ended(TaskState.Ended end, int by) {
      return switch (end) {
        case TaskState.Succeeded(Grade grade) ->
            new Inner(
                size, started, succeeded + by, failed, skipped, cancelled, branch, worse(grade));
        case TaskState.Failed f ->
            new Inner(size, started, succeeded, failed + by, skipped, cancelled, branch, worst);
        case TaskState.Skipped k ->
            new Inner(size, started, succeeded, failed, skipped + by, cancelled, branch, worst);
        case TaskState.Cancelled c ->
            new Inner(size, started, succeeded, failed, skipped, cancelled + by, branch, worst);
      };
    }

    private Grade worse(Grade grade) {
      return worst == null || grade.compareTo(worst) > 0 ? grade : worst;
    }
  }

  /** How the predecessors ended so far. */
  public record JoinCount(int succeeded, int failed, int skipped) {
    static final JoinCount NONE = new JoinCount(0, 0, 0);

    int ended() {
      return succeeded + failed + skipped;
    }

    /**
     * @param by 1 when one ended so, -1 when one that had is to run again
     */
    JoinCount ended(TaskState.Ended end, int by) {
      return switch (end) {
        case TaskState.Succeeded s -> new JoinCount(succeeded + by, failed, skipped);
        case TaskState.Failed f -> new JoinCount(succeeded, failed + by, skipped);
        case TaskState.Skipped k -> new JoinCount(succeeded, failed, skipped + by);
        case TaskState.Cancelled c -> this;
      };
    }
  }

  public boolean hasEnded() {
    return state instanceof TaskState.Ended;
  }

  /** The attempt of that number; null when there is none. */
  public @Nullable AttemptRow attemptOf(int number) {
    for (int i = attempts.size() - 1; i >= 0; i--) {
      if (attempts.get(i).number() == number) {
        return attempts.get(i);
      }
    }
    return null;
  }

  public @Nullable AttemptRow lastAttempt() {
    return attempts.isEmpty() ? null : attempts.getLast();
  }

  /** The earlier of what its state waits for and the end of its own time. */
  @Nullable Timer timer() {
    if (hasEnded()) {
      return null;
    }
    Instant due = state.due();
    Instant first = due == null || (deadline != null && deadline.isBefore(due)) ? deadline : due;
    return first == null ? null : new Timer(workflowId, task, first);
  }

  /** What of its share the enclosing ledger still holds. */
  Money reserved() {
    if (share == null || hasEnded()) {
      return Money.ZERO;
    }
    Money maxCost = share.maxCost();
    Money rest = maxCost == null ? Money.ZERO : maxCost.minus(share.spent());
    return rest.micros() < 0 ? Money.ZERO : rest;
  }

  TaskRow in(TaskState next) {
    return copy(next, join, attempt, held, excludedAgents, attempts, failures);
  }

  TaskRow with(JoinCount next) {
    return copy(state, next, attempt, held, excludedAgents, attempts, failures);
  }

  TaskRow holding(Money next) {
    return copy(state, join, attempt, next, excludedAgents, attempts, failures);
  }

  TaskRow numbered(int number, List<String> excluded) {
    return copy(state, join, number, held, excluded, attempts, failures);
  }

  /** Puts the attempt in the place of the one with its number, or behind the others. */
  TaskRow with(AttemptRow row) {
    List<AttemptRow> rows = new ArrayList<>(attempts);
    rows.removeIf(r -> r.number() == row.number());
    rows.add(row);
    rows.sort((a, b) -> Integer.compare(a.number(), b.number()));
    return copy(state, join, attempt, held, excludedAgents, List.copyOf(rows), failures);
  }

  TaskRow failedBy(ErrorKind kind) {
    Map<ErrorKind, Integer> counts = new EnumMap<>(ErrorKind.class);
    counts.putAll(failures);
    counts.merge(kind, 1, Integer::sum);
    return copy(state, join, attempt, held, excludedAgents, attempts, counts);
  }

  /** As if it had never failed: its ladders begin anew. */
  TaskRow forgiven() {
    return copy(state, join, attempt, held, excludedAgents, attempts, Map.of());
  }

  /** A reviewer wants it to be done otherwise. */
  TaskRow wished(String wish) {
    List<String> wishes = new ArrayList<>(feedback);
    wishes.add(wish);
    return reviewed(reviews, review, List.copyOf(wishes));
  }

  TaskRow reviewed(int number, @Nullable ReviewRow row, List<String> newFeedback) {
    return new TaskRow(
        workflowId,
        task,
        state,
        join,
        attempt,
        held,
        excludedAgents,
        attempts,
        failures,
        number,
        row,
        newFeedback,
        deadline,
        inner,
        share,
        undoNext,
        ownInput,
        outputSchema);
  }

  TaskRow until(@Nullable Instant end) {
    return extended(end, inner, share, undoNext, ownInput, outputSchema);
  }

  TaskRow with(@Nullable Inner next) {
    return extended(deadline, next, share, undoNext, ownInput, outputSchema);
  }

  TaskRow sharing(@Nullable Ledger next) {
    return extended(deadline, inner, next, undoNext, ownInput, outputSchema);
  }

  TaskRow undoneBefore(@Nullable String next) {
    return extended(deadline, inner, share, next, ownInput, outputSchema);
  }

  TaskRow withOwnInput() {
    return extended(deadline, inner, share, undoNext, true, outputSchema);
  }

  TaskRow whoseOutputMeets(@Nullable String schema) {
    return extended(deadline, inner, share, undoNext, ownInput, schema);
  }

  private TaskRow extended(
      @Nullable Instant newDeadline,
      @Nullable Inner newInner,
      @Nullable Ledger newShare,
      @Nullable String newUndoNext,
      boolean newOwnInput,
      @Nullable String newSchema) {
    return new TaskRow(
        workflowId,
        task,
        state,
        join,
        attempt,
        held,
        excludedAgents,
        attempts,
        failures,
        reviews,
        review,
        feedback,
        newDeadline,
        newInner,
        newShare,
        newUndoNext,
        newOwnInput,
        newSchema);
  }

  private TaskRow copy(
      TaskState newState,
      JoinCount newJoin,
      int newAttempt,
      Money newHeld,
      List<String> newExcluded,
      List<AttemptRow> newAttempts,
      Map<ErrorKind, Integer> newFailures) {
    return new TaskRow(
        workflowId,
        task,
        newState,
        newJoin,
        newAttempt,
        newHeld,
        newExcluded,
        newAttempts,
        newFailures,
        reviews,
        review,
        feedback,
        deadline,
        inner,
        share,
        undoNext,
        ownInput,
        outputSchema);
  }
}
