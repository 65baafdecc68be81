package io.ligature.schemas.definition;

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

/** Which tasks of a block come before which, by Kahn's topological order. */
final class Order {

  private final Map<String, TaskDefinition> tasks;
  private final Map<String, Integer> indexes = new HashMap<>();
  private final Map<String, BitSet> before = new HashMap<>();
  private final Map<String, Integer> open = new LinkedHashMap<>();
  private boolean complete = true;

  private Order(Map<String, TaskDefinition> tasks) {
    this.tasks = tasks;
  }

  /** Needs that name no other task of the block are left out. */
  static Order of(Map<String, TaskDefinition> tasks) {
    Order order = new Order(tasks);
    tasks.keySet().forEach(task -> order.indexes.put(task, order.indexes.size()));
    order.sort();
    return order;
  }

  private void sort() {
    Map<String, List<String>> dependents = new HashMap<>();
    for (TaskDefinition task : tasks.values()) {
      List<String> needs = known(task);
      complete &= needs.size() == task.needs().tasks().size();
      open.put(task.name(), needs.size());
      needs.forEach(
          need -> dependents.computeIfAbsent(need, any -> new ArrayList<>()).add(task.name()));
    }
    Deque<String> ready = new ArrayDeque<>();
    open.forEach(
        (task, count) -> {
          if (count == 0) {
            ready.add(task);
          }
        });
    while (!ready.isEmpty()) {
      String task = ready.remove();
      open.remove(task);
      BitSet own = before.computeIfAbsent(task, any -> new BitSet());
      for (String dependent : dependents.getOrDefault(task, List.of())) {
        BitSet theirs = before.computeIfAbsent(dependent, any -> new BitSet());
        theirs.or(own);
        theirs.set(indexes.getOrDefault(task, 0));
        if (open.merge(dependent, -1, Integer::sum) == 0) {
          ready.add(dependent);
        }
      }
    }
  }

  private List<String> known(TaskDefinition task) {
    return task.needs().tasks().stream()
        .filter(need -> tasks.containsKey(need) && !need.equals(task.name()))
        .toList();
  }

  /** False when the needs themselves are wrong, so that nothing can be said of the order. */
  boolean isSound() {
    return complete && open.isEmpty();
  }

  /** True when a task needs the other, or what needs it. */
  boolean isBefore(String first, String task) {
    Integer index = indexes.get(first);
    BitSet earlier = before.get(task);
    return index != null && earlier != null && earlier.get(index);
  }

  /** Tasks that need one another, the first one again as the last; empty when there are none. */
  List<String> cycle() {
    if (open.isEmpty()) {
      return List.of();
    }
    List<String> path = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    String task = open.keySet().iterator().next();
    while (seen.add(task)) {
      path.add(task);
      task = needInCycle(task);
    }
    List<String> cycle = new ArrayList<>(path.subList(path.indexOf(task), path.size()));
    cycle.add(task);
    return cycle;
  }

  /** Every task that was left over waits for another one. */
  private String needInCycle(String name) {
    TaskDefinition task = tasks.get(name);
    if (task == null) {
      throw new IllegalArgumentException("no task " + name);
    }
    return known(task).stream().filter(open::containsKey).findFirst().orElseThrow();
  }
}
