package io.ligature.schemas.definition;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The tasks that an expression may read by name: those of the block it stands in that have ended
 * before its own task runs, then those of the block around that had before this one began, and so
 * on. A name of an inner block hides the same name further out, as the engine looks names up.
 */
final class Sight {

  private final Map<String, TaskDefinition> tasks;
  private final Order order;
  private final @Nullable String reader;
  private final @Nullable Sight around;

  private Sight(
      Map<String, TaskDefinition> tasks,
      Order order,
      @Nullable String reader,
      @Nullable Sight around) {
    this.tasks = tasks;
    this.order = order;
    this.reader = reader;
    this.around = around;
  }

  /**
   * What the output of a block may read.
   *
   * @param around what the task of the block may read; null: the block is the workflow
   */
  static Sight atEnd(Map<String, TaskDefinition> tasks, Order order, @Nullable Sight around) {
    return new Sight(tasks, order, null, around);
  }

  /** What a task of the block may read. */
  Sight of(String task) {
    return new Sight(tasks, order, task, around);
  }

  /** The task whose expressions these are; the workflow's output has none. */
  String reader() {
    if (reader != null) {
      return reader;
    }
    return around == null ? "output" : around.reader();
  }

  /** All names of the block and of those around it. */
  Set<String> names() {
    Set<String> names = new TreeSet<>(tasks.keySet());
    for (Sight at = around; at != null; at = at.around) {
      names.addAll(at.tasks.keySet());
    }
    return names;
  }

  /** Why a task cannot be read. */
  record Fault(String message, String remedy) {}

  /** Null when it can be. */
  @Nullable Fault fault(String name) {
    for (Sight at = this; at != null; at = at.around) {
      if (at.tasks.containsKey(name)) {
        String ends = at.reader;
        return ends == null || !at.order.isSound() || at.order.isBefore(name, ends)
            ? null
            : tooEarly(name, ends, at.isAround(this), at.order);
      }
    }
    return new Fault(
        "there is no task '" + name + "'" + Similar.hint(name, names()),
        "name one of the tasks here");
  }

  /** Whether what reads is inside of this one's task. */
  private boolean isAround(Sight inner) {
    Sight own = inner.reader == null && inner.around != null ? inner.around : inner;
    return this != own;
  }

  private Fault tooEarly(String name, String ends, boolean inside, Order order) {
    String reads = "task '" + reader() + "' reads ";
    if (name.equals(ends)) {
      return inside
          ? new Fault(
              reads + "'" + name + "', which is around it and ends after it",
              "read a task inside or before '" + name + "'")
          : new Fault(
              reads + "itself, before it has ended",
              "leave it out; in 'set' and 'compensate' its output is ${output}");
    }
    if (order.isBefore(ends, name)) {
      return new Fault(
          reads + "'" + name + "', which runs after " + (inside ? "'" + ends + "'" : "it"),
          "read a task that ends before it");
    }
    return inside
        ? new Fault(
            reads + "'" + name + "', which need not have ended before '" + ends + "' around it",
            "add '" + name + "' to the needs of '" + ends + "'")
        : new Fault(
            reads + "'" + name + "', which need not have ended before it",
            "add '" + name + "' to its needs");
  }
}
