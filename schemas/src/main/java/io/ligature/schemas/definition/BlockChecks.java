package io.ligature.schemas.definition;

import io.ligature.schemas.definition.TaskDefinition.Needs;
import io.ligature.schemas.definition.TaskDefinition.ReviewGate;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Checks what the tasks of one block need: references, joins, cycles. */
final class BlockChecks {

  private final Findings findings;

  BlockChecks(Findings findings) {
    this.findings = findings;
  }

  /**
   * @param place of the tasks
   * @param around what the task around the block may read; null: there is none
   */
  Order check(Map<String, TaskDefinition> tasks, String place, @Nullable Sight around) {
    for (TaskDefinition task : tasks.values()) {
      String needs = LocatedDocument.child(place, task.name()) + "/needs";
      for (String name : task.needs().tasks()) {
        checkName(name, task, tasks, needs, around);
      }
      checkJoin(task.needs(), needs);
    }
    Order order = Order.of(tasks);
    List<String> cycle = order.cycle();
    if (!cycle.isEmpty()) {
      findings.add(
          LocatedDocument.child(place, cycle.getFirst()) + "/needs",
          "the tasks wait for one another: " + String.join(" needs ", cycle),
          "remove one of these needs");
    }
    return order;
  }

  private void checkName(
      String name,
      TaskDefinition task,
      Map<String, TaskDefinition> tasks,
      String place,
      @Nullable Sight around) {
    if (name.equals(task.name())) {
      findings.add(place, "task '" + name + "' needs itself", "remove it from its needs");
    } else if (!tasks.containsKey(name) && around != null && around.names().contains(name)) {
      findings.add(
          place,
          "task '" + name + "' is not in the block of '" + task.name() + "'",
          "add '" + name + "' to the needs of '" + around.reader() + "', the task around it");
    } else if (!tasks.containsKey(name)) {
      findings.add(
          place,
          "there is no task '" + name + "'" + Similar.hint(name, tasks.keySet()),
          "name one of the tasks here");
    }
  }

  private void checkJoin(Needs needs, String place) {
    if (needs.atLeast() > needs.tasks().size()) {
      findings.add(
          place,
          "the join can never be met: it asks for "
              + needs.atLeast()
              + " of "
              + needs.tasks().size()
              + " tasks",
          "ask for fewer, or name more tasks");
    }
  }

  /** A gate that names no subject approves what the tasks give that it needs. */
  void checkGate(TaskDefinition task, String place) {
    if (!(task.action() instanceof ReviewGate gate)
        || gate.subject() != null
        || !task.needs().tasks().isEmpty()) {
      return;
    }
    boolean member = !task.name().isEmpty();
    findings.add(
        place + "/review",
        (member ? "gate '" + task.name() + "'" : "the gate") + " has nothing to approve",
        member ? "give it 'needs' or a 'subject'" : "give it a 'subject'");
  }
}
