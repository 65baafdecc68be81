package io.ligature.state.engine;

import io.ligature.schemas.ErrorKind;
import io.ligature.schemas.definition.TaskDefinition;
import io.ligature.schemas.definition.TaskDefinition.AgentWork;
import io.ligature.schemas.definition.TaskDefinition.Block;
import io.ligature.schemas.definition.TaskDefinition.Choose;
import io.ligature.schemas.definition.TaskDefinition.Compensation;
import io.ligature.schemas.definition.TaskDefinition.ForEach;
import io.ligature.schemas.definition.TaskDefinition.Needs;
import io.ligature.schemas.definition.TaskDefinition.Repeat;
import io.ligature.schemas.definition.TaskDefinition.Step;
import io.ligature.schemas.definition.TaskDefinition.Validation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A task in its place in the definition; at run time a place may have many paths. */
final class Node {

  /** How a task stands in what encloses it. */
  enum Kind {
    MEMBER,
    ITEM,
    BRANCH,
    ITERATION,
    UNDO,
    CRITIC
  }

  private final Kind kind;
  private final TaskDefinition definition;
  private final @Nullable Node parent;
  private final Map<String, Node> members = new LinkedHashMap<>();
  private final Map<String, List<String>> dependents = new HashMap<>();
  private final List<Node> branches = new ArrayList<>();
  private @Nullable Node body;
  private @Nullable Node undo;
  private @Nullable Node critic;

  private Node(Kind kind, TaskDefinition definition, @Nullable Node parent) {
    this.kind = kind;
    this.definition = definition;
    this.parent = parent;
  }

  /** The node of a task and, inside of it, those of all its tasks. */
  static Node of(Kind kind, TaskDefinition definition, @Nullable Node parent) {
    Node node = new Node(kind, definition, parent);
    switch (definition.action()) {
      case ForEach each -> node.body = of(Kind.ITEM, each.body(), node);
      case Repeat repeat -> node.body = of(Kind.ITERATION, repeat.body(), node);
      case Choose choose ->
          choose.branches().forEach(b -> node.branches.add(of(Kind.BRANCH, b.body(), node)));
      case Block block -> node.addMembers(block.tasks());
      case AgentWork work -> {
        Validation validation = work.validation();
        if (validation != null) {
          node.critic =
              new Node(Kind.CRITIC, belonging(definition, validation.critic(), Map.of()), node);
        }
      }
      case TaskDefinition.ReviewGate _,
          TaskDefinition.ChildWorkflow _,
          TaskDefinition.Wait _,
          TaskDefinition.AwaitSignal _ -> {}
    }
    Compensation compensation = definition.compensation();
    if (compensation != null) {
      node.undo =
          new Node(
              Kind.UNDO, belonging(definition, compensation.work(), compensation.onError()), node);
    }
    return node;
  }

  /** Work that belongs to a task but is none of the definition's own. */
  static TaskDefinition belonging(
      TaskDefinition owner, AgentWork work, Map<ErrorKind, List<Step>> onError) {
    return new TaskDefinition(
        "", work, Needs.NONE, null, onError, owner.priority(), null, null, null, Map.of());
  }

  private void addMembers(Map<String, TaskDefinition> tasks) {
    tasks.forEach((name, task) -> members.put(name, of(Kind.MEMBER, task, this)));
    dependents.putAll(dependents(tasks));
  }

  /** Tasks that need each task of a block, in the order of the text. */
  static Map<String, List<String>> dependents(Map<String, TaskDefinition> tasks) {
    Map<String, List<String>> dependents = new HashMap<>();
    for (TaskDefinition task : tasks.values()) {
      for (String need : task.needs().tasks()) {
        dependents.computeIfAbsent(need, any -> new ArrayList<>()).add(task.name());
      }
    }
    return dependents;
  }

  Kind kind() {
    return kind;
  }

  TaskDefinition definition() {
    return definition;
  }

  /** What it is inside of; null: the root. */
  @Nullable Node parent() {
    return parent;
  }

  boolean isBlock() {
    return definition.action() instanceof Block;
  }

  Map<String, Node> members() {
    return members;
  }

  List<String> dependents(String member) {
    return dependents.getOrDefault(member, List.of());
  }

  /** The node of the next step of a path; null when there is none. */
  @Nullable Node step(char separator, String rest) {
    return switch (separator) {
      case '.' -> members.get(rest);
      case '~' -> {
        if (definition.action() instanceof Repeat) {
          yield body;
        }
        yield null;
      }
      case '!' -> rest.isEmpty() ? undo : Paths.isCheck(rest) ? critic : null;
      case '[' -> {
        if (definition.action() instanceof ForEach) {
          yield body;
        }
        yield branch(branchNumber(rest));
      }
      default -> throw new IllegalArgumentException("no step begins with " + separator);
    };
  }

  private @Nullable Node branch(int number) {
    if (number < 0 || number >= branches.size()) {
      return null;
    }
    return branches.get(number);
  }

  private static int branchNumber(String rest) {
    try {
      return rest.endsWith("]") ? Integer.parseInt(rest, 0, rest.length() - 1, 10) : -1;
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  boolean hasUndo() {
    return undo != null;
  }
}
