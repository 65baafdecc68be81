package io.ligature.schemas.definition;

import io.ligature.schemas.Money;
import io.ligature.schemas.definition.TaskDefinition.AgentWork;
import io.ligature.schemas.definition.TaskDefinition.Block;
import io.ligature.schemas.definition.TaskDefinition.Fail;
import io.ligature.schemas.definition.TaskDefinition.Needs;
import io.ligature.schemas.definition.TaskDefinition.Repeat;
import io.ligature.schemas.definition.TaskDefinition.Retry;
import io.ligature.schemas.definition.TaskDefinition.Share;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What tasks that begin together are sure to hold before any of them has ended, and without which
 * they cannot succeed.
 *
 * <p>Later tasks do not count: a hold is settled to what the attempt really cost, and what is left
 * over pays for them. Nor do tasks whose failure something handles.
 */
final class FirstHolds {

  /** So much is held for that task. */
  record Hold(String task, Money amount) {}

  private final List<Hold> holds = new ArrayList<>();

  private FirstHolds() {}

  static List<Hold> of(Collection<TaskDefinition> tasks) {
    FirstHolds first = new FirstHolds();
    first.addBlock(tasks);
    return first.holds;
  }

  /** Of what is inside of a task, when that one begins. */
  static List<Hold> inside(TaskDefinition task) {
    FirstHolds first = new FirstHolds();
    first.addInside(task, task.name());
    return first.holds;
  }

  private void addBlock(Collection<TaskDefinition> tasks) {
    Set<String> handled = new HashSet<>();
    for (TaskDefinition task : tasks) {
      if (task.needs().join() != Needs.Join.ALL) {
        handled.addAll(task.needs().tasks());
      }
    }
    for (TaskDefinition task : tasks) {
      if (task.needs().tasks().isEmpty() && !handled.contains(task.name())) {
        add(task, task.name());
      }
    }
  }

  private void add(TaskDefinition task, String name) {
    if (task.when() != null || !mustSucceed(task)) {
      return;
    }
    Share share = task.budget();
    if (share == null) {
      addInside(task, name);
    } else {
      hold(name, share.maxCost());
    }
  }

  /** Fan-outs may have no items, and of branches only one is taken. */
  private void addInside(TaskDefinition task, String name) {
    switch (task.action()) {
      case AgentWork work -> hold(name, work.limits().maxCost());
      case Repeat repeat -> add(repeat.body(), name);
      case Block block -> addBlock(block.tasks().values());
      case TaskDefinition.ForEach _,
          TaskDefinition.Choose _,
          TaskDefinition.ReviewGate _,
          TaskDefinition.ChildWorkflow _,
          TaskDefinition.Wait _,
          TaskDefinition.AwaitSignal _ -> {}
    }
  }

  private void hold(String name, @Nullable Money amount) {
    if (amount != null && amount.compareTo(Money.ZERO) > 0) {
      holds.add(new Hold(name, amount));
    }
  }

  /** Whether no ladder of its own lets it do without a result. */
  private static boolean mustSucceed(TaskDefinition task) {
    return task.onError().values().stream()
        .flatMap(List::stream)
        .allMatch(step -> step instanceof Fail || step instanceof Retry);
  }
}
