package io.ligature.state.engine;

import io.ligature.schemas.ErrorKind;
import io.ligature.schemas.Money;
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
    List<String> feedback) {

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
        List.of());
  }

  /** How the predecessors ended so far. */
  public record JoinCount(int succeeded, int failed, int skipped) {
    static final JoinCount NONE = new JoinCount(0, 0, 0);

    int ended() {
      return succeeded + failed + skipped;
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

  @Nullable Timer timer() {
    var due = state.due();
    return due == null ? null : new Timer(workflowId, task, due);
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

  TaskRow reviewed(int number, ReviewRow row, List<String> newFeedback) {
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
        newFeedback);
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
        feedback);
  }
}
