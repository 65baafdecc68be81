package io.ligature.state.engine;

import io.ligature.schemas.definition.TaskDefinition.Needs;
import io.ligature.state.engine.TaskRow.JoinCount;
import java.util.List;

/** When a task runs, as its predecessors ended. The truth table is in docs/engine.md. */
final class Joins {

  /** What a join says. */
  enum Verdict {
    /** Some predecessor may still decide it. */
    WAIT,
    RUN,
    /** It can no longer be met, and nothing failed. */
    SKIP,
    /** It can no longer be met, and a predecessor failed. */
    FAIL
  }

  private Joins() {}

  /** Whether what encloses a task ends badly at once when the task does. */
  static boolean failsWith(Transition t, String task) {
    List<String> dependents = t.plan().dependents(task);
    boolean fails = dependents.isEmpty();
    for (String dependent : dependents) {
      TaskRow row = t.task(dependent);
      JoinCount join = row.join();
      var without = new JoinCount(join.succeeded(), join.failed() + 1, join.skipped());
      fails |=
          row.state() instanceof TaskState.Pending
              && verdict(t.definitionOf(dependent).needs(), without) == Verdict.FAIL;
    }
    return fails;
  }

  static Verdict verdict(Needs needs, JoinCount count) {
    int all = needs.tasks().size();
    int open = all - count.ended();
    return switch (needs.join()) {
      case ALL -> {
        if (count.failed() > 0) {
          yield Verdict.FAIL;
        }
        if (open > 0) {
          yield Verdict.WAIT;
        }
        yield all > 0 && count.skipped() == all ? Verdict.SKIP : Verdict.RUN;
      }
      case ENDED -> open > 0 ? Verdict.WAIT : Verdict.RUN;
      case ANY, AT_LEAST -> {
        int required = Plan.required(needs);
        if (count.succeeded() >= required) {
          yield Verdict.RUN;
        }
        if (count.succeeded() + open >= required) {
          yield Verdict.WAIT;
        }
        yield count.failed() > 0 ? Verdict.FAIL : Verdict.SKIP;
      }
    };
  }
}
