package io.ligature.state.engine;

import io.ligature.state.engine.TaskRow.Inner;
import io.ligature.state.engine.TaskRow.JoinCount;

/** Folds the end of a task into what counts it, and takes that back when it runs again. */
final class Ends {

  private Ends() {}

  static void end(Overlay state, TaskRow row, TaskState.Ended end) {
    TaskRow after = row.outputSchema() == null ? row.in(end) : row.in(end).whoseOutputMeets(null);
    state.put(after);
    state.put(Slot.subject(row.task()), null);
    if (row.state() instanceof TaskState.WaitingForSignal) {
      state.put(state.workflow().with(state.workflow().signals().withoutWait(row.task())));
    }
    Books.move(state, row, after);
    count(state, row.task(), end, 1);
  }

  /**
   * It may run again, or a gate open again: as a task nothing has happened to, or with its inner
   * tasks as they are.
   */
  static void reopen(Overlay state, TaskRow row) {
    if (row.state() instanceof TaskState.WaitingForReview) {
      state.put(row.in(new TaskState.Pending()).until(null));
      return;
    }
    if (!(row.state() instanceof TaskState.Ended end)) {
      throw new IllegalStateException(
          "expected an end of " + row.task() + " in workflow " + row.workflowId());
    }
    TaskRow after =
        row.in(row.inner() == null ? new TaskState.Pending() : new TaskState.Expanded())
            .forgiven()
            .until(null);
    after = Books.fitting(state, after);
    state.put(after);
    Books.move(state, row, after);
    count(state, row.task(), end, -1);
  }

  private static void count(Overlay state, String task, TaskState.Ended end, int by) {
    switch (state.plan().node(task).kind()) {
      case MEMBER -> {
        countInBlock(state, Paths.parent(task), end, by);
        for (String dependent : state.plan().dependents(task)) {
          TaskRow other = state.task(dependent);
          JoinCount counted = other.join().ended(end, by);
          if (!counted.equals(other.join())) {
            state.put(other.with(counted));
          }
        }
      }
      case ITEM, BRANCH, ITERATION -> countInBlock(state, Paths.parent(task), end, by);
      case UNDO, CRITIC -> {}
    }
  }

  private static void countInBlock(Overlay state, String outer, TaskState.Ended end, int by) {
    if (outer.isEmpty()) {
      state.put(state.workflow().with(state.workflow().counts().ended(end, by)));
    } else {
      TaskRow row = state.task(outer);
      state.put(row.with(innerOf(row).ended(end, by)));
    }
  }

  static Inner innerOf(TaskRow row) {
    Inner inner = row.inner();
    if (inner == null) {
      throw new IllegalStateException(
          "expected tasks inside of " + row.task() + " in workflow " + row.workflowId());
    }
    return inner;
  }
}
