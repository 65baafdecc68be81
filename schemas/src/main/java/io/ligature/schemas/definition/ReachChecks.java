package io.ligature.schemas.definition;

import io.ligature.schemas.definition.CelExpressions.CelExpression;
import io.ligature.schemas.definition.TaskDefinition.Branch;
import io.ligature.schemas.definition.TaskDefinition.Choose;
import io.ligature.schemas.definition.TaskDefinition.Needs;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Finds tasks that run in no run at all, by conditions that are the same whatever they read. */
final class ReachChecks {

  private final Findings findings;

  ReachChecks(Findings findings) {
    this.findings = findings;
  }

  /**
   * Tasks that never run, and those that can only run behind them.
   *
   * @param place of the tasks
   */
  void checkBlock(Map<String, TaskDefinition> tasks, String place) {
    Set<String> never = new TreeSet<>();
    for (TaskDefinition task : tasks.values()) {
      if (isNever(task.when())) {
        never.add(task.name());
      }
    }
    boolean more = !never.isEmpty();
    while (more) {
      more = false;
      for (TaskDefinition task : tasks.values()) {
        if (!never.contains(task.name()) && waitsInVain(task.needs(), never)) {
          never.add(task.name());
          more = true;
          findings.add(
              LocatedDocument.child(place, task.name()) + "/needs",
              "task '" + task.name() + "' never runs, because what it waits for never does",
              "remove it, or let it need other tasks");
        }
      }
    }
  }

  /** By the truth table of joins, where a task that never runs counts as skipped. */
  private static boolean waitsInVain(Needs needs, Set<String> never) {
    int all = needs.tasks().size();
    long skipped = needs.tasks().stream().filter(never::contains).count();
    return switch (needs.join()) {
      case ALL -> all > 0 && skipped == all;
      case ANY -> all > 0 && skipped == all;
      case AT_LEAST -> skipped > 0 && all - skipped < needs.atLeast();
      case ENDED -> false;
    };
  }

  void check(TaskDefinition task, String place) {
    if (isNever(task.when())) {
      findings.add(
          place + "/when",
          "the condition is never true, so "
              + (task.name().isEmpty() ? "the task here" : "task '" + task.name() + "'")
              + " never runs",
          "correct it, or remove the task");
    }
    if (task.action() instanceof Choose choose) {
      checkBranches(choose.branches(), place + "/choose/");
    }
  }

  private void checkBranches(List<Branch> branches, String place) {
    for (int i = 0; i < branches.size(); i++) {
      Boolean always = always(branches.get(i).when());
      if (always == null) {
        continue;
      }
      if (!always) {
        findings.add(
            place + i + "/when",
            "the condition is never true, so this branch is never taken",
            "correct it, or remove the branch");
      } else if (i < branches.size() - 1) {
        findings.add(
            place + i + "/when",
            "the condition is always true, so the branches behind this one are never reached",
            "correct it, or put this branch last");
      }
    }
  }

  private static boolean isNever(@Nullable Expression condition) {
    Boolean always = always(condition);
    return always != null && !always;
  }

  private static @Nullable Boolean always(@Nullable Expression condition) {
    return condition instanceof CelExpression expression ? expression.always() : null;
  }
}
