package io.ligature.schemas.definition;

import io.ligature.schemas.Money;
import io.ligature.schemas.definition.TaskDefinition.AgentWork;
import io.ligature.schemas.definition.TaskDefinition.Needs;
import io.ligature.schemas.definition.TaskDefinition.ReviewGate;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Checks of a whole definition: references, cycles, joins, what expressions read, the budget. */
final class DefinitionChecks {

  private final LocatedDocument document;
  private final Definition definition;
  private final List<Problem> problems = new ArrayList<>();
  private final Map<String, Integer> indexes = new HashMap<>();

  DefinitionChecks(LocatedDocument document, Definition definition) {
    this.document = document;
    this.definition = definition;
  }

  List<Problem> problems() {
    definition.tasks().keySet().forEach(task -> indexes.put(task, indexes.size()));
    definition.tasks().values().forEach(this::checkNeeds);
    if (problems.isEmpty()) {
      Map<String, BitSet> before = predecessors();
      if (problems.isEmpty()) {
        definition.tasks().values().forEach(task -> checkReads(task, before));
        checkOutput();
      }
    }
    checkBudget();
    return problems;
  }

  private void checkNeeds(TaskDefinition task) {
    Needs needs = task.needs();
    String place = place(task) + "/needs";
    for (String name : needs.tasks()) {
      if (name.equals(task.name())) {
        problem(place, "task '" + name + "' needs itself", "remove it from its needs");
      } else if (!indexes.containsKey(name)) {
        problem(
            place, "there is no task '" + name + "'" + similar(name), "name one of the tasks here");
      }
    }
    if (needs.atLeast() > needs.tasks().size()) {
      problem(
          place,
          "the join can never be met: it asks for "
              + needs.atLeast()
              + " of "
              + needs.tasks().size()
              + " tasks",
          "ask for fewer, or name more tasks");
    }
    if (task.action() instanceof ReviewGate gate
        && gate.subject() == null
        && needs.tasks().isEmpty()) {
      problem(
          place(task) + "/review",
          "gate '" + task.name() + "' has nothing to approve",
          "give it 'needs' or a 'subject'");
    }
  }

  private String similar(String name) {
    return indexes.keySet().stream()
        .filter(known -> known.equalsIgnoreCase(name) || known.startsWith(name))
        .findFirst()
        .map(known -> "; is '" + known + "' meant?")
        .orElse("");
  }

  /** All tasks before each task, by Kahn's topological order; a cycle is a problem. */
  private Map<String, BitSet> predecessors() {
    Map<String, List<String>> dependents = new HashMap<>();
    Map<String, Integer> open = new LinkedHashMap<>();
    for (TaskDefinition task : definition.tasks().values()) {
      open.put(task.name(), task.needs().tasks().size());
      for (String need : task.needs().tasks()) {
        dependents.computeIfAbsent(need, any -> new ArrayList<>()).add(task.name());
      }
    }
    Deque<String> ready = new ArrayDeque<>();
    open.forEach(
        (task, count) -> {
          if (count == 0) {
            ready.add(task);
          }
        });
    Map<String, BitSet> before = new HashMap<>();
    while (!ready.isEmpty()) {
      String task = ready.remove();
      open.remove(task);
      BitSet own = before.computeIfAbsent(task, any -> new BitSet());
      for (String dependent : dependents.getOrDefault(task, List.of())) {
        BitSet theirs = before.computeIfAbsent(dependent, any -> new BitSet());
        theirs.or(own);
        theirs.set(index(task));
        if (open.merge(dependent, -1, Integer::sum) == 0) {
          ready.add(dependent);
        }
      }
    }
    if (!open.isEmpty()) {
      reportCycle(open.keySet());
    }
    return before;
  }

  private void reportCycle(Set<String> inCycles) {
    List<String> path = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    String task = inCycles.iterator().next();
    while (seen.add(task)) {
      path.add(task);
      task =
          task(task).needs().tasks().stream().filter(inCycles::contains).findFirst().orElseThrow();
    }
    List<String> cycle = new ArrayList<>(path.subList(path.indexOf(task), path.size()));
    cycle.add(task);
    problem(
        place(task(task)) + "/needs",
        "the tasks wait for one another: " + String.join(" needs ", cycle),
        "remove one of these needs");
  }

  private void checkReads(TaskDefinition task, Map<String, BitSet> before) {
    BitSet known = before.getOrDefault(task.name(), new BitSet());
    Expression when = task.when();
    if (when != null) {
      checkReads(when.tasks(), known, task, place(task) + "/when");
    }
    switch (task.action()) {
      case AgentWork work -> checkReads(work.input().tasks(), known, task, place(task) + "/input");
      case ReviewGate gate -> {
        Template subject = gate.subject();
        if (subject != null) {
          checkReads(subject.tasks(), known, task, place(task) + "/review/subject");
        }
      }
      case TaskDefinition.ChildWorkflow _,
          TaskDefinition.Wait _,
          TaskDefinition.AwaitSignal _,
          TaskDefinition.Composite _ -> {}
    }
  }

  private void checkReads(Set<String> reads, BitSet known, TaskDefinition task, String place) {
    for (String read : reads.stream().sorted().toList()) {
      Integer index = indexes.get(read);
      if (index == null) {
        problem(
            place, "there is no task '" + read + "'" + similar(read), "name one of the tasks here");
      } else if (!known.get(index)) {
        problem(
            place,
            "task '" + task.name() + "' reads '" + read + "', which need not have ended before it",
            "add '" + read + "' to its needs");
      }
    }
  }

  private void checkOutput() {
    Template output = definition.output();
    if (output == null) {
      return;
    }
    for (String read : output.tasks().stream().sorted().toList()) {
      if (!indexes.containsKey(read)) {
        problem(
            "/output",
            "there is no task '" + read + "'" + similar(read),
            "name one of the tasks here");
      }
    }
  }

  private void checkBudget() {
    Definition.BudgetRule budget = definition.budget();
    if (budget == null) {
      return;
    }
    for (TaskDefinition task : definition.tasks().values()) {
      Money most = maxCost(task);
      if (most != null && most.compareTo(budget.maxCost()) > 0) {
        problem(
            place(task) + "/constraints/maxCost",
            "one attempt of '"
                + task.name()
                + "' may cost "
                + most
                + ", more than the whole budget of "
                + budget.maxCost(),
            "lower it, or raise the budget");
      }
    }
  }

  private static @Nullable Money maxCost(TaskDefinition task) {
    return switch (task.action()) {
      case AgentWork work -> work.limits().maxCost();
      case ReviewGate _,
          TaskDefinition.ChildWorkflow _,
          TaskDefinition.Wait _,
          TaskDefinition.AwaitSignal _,
          TaskDefinition.Composite _ ->
          null;
    };
  }

  private TaskDefinition task(String name) {
    TaskDefinition task = definition.tasks().get(name);
    if (task == null) {
      throw new IllegalArgumentException("no task " + name);
    }
    return task;
  }

  private int index(String task) {
    Integer index = indexes.get(task);
    if (index == null) {
      throw new IllegalArgumentException("no task " + task);
    }
    return index;
  }

  private static String place(TaskDefinition task) {
    return LocatedDocument.child("/tasks", task.name());
  }

  private void problem(String pointer, String message, String remedy) {
    problems.add(document.problemAt(pointer, message, remedy));
  }
}
