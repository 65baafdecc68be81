package io.ligature.state.engine;

import io.ligature.schemas.definition.Definition;
import io.ligature.schemas.definition.TaskDefinition;
import io.ligature.schemas.definition.TaskDefinition.Needs;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A definition with its dependents' index: made once for each version, shared by its workflows. */
public final class Plan {

  private final DefinitionRef ref;
  private final Definition definition;
  private final Map<String, List<String>> dependents;
  private final List<String> roots;

  private Plan(
      DefinitionRef ref,
      Definition definition,
      Map<String, List<String>> dependents,
      List<String> roots) {
    this.ref = ref;
    this.definition = definition;
    this.dependents = dependents;
    this.roots = roots;
  }

  public static Plan of(DefinitionRef ref, Definition definition) {
    Map<String, List<String>> dependents = new HashMap<>();
    List<String> roots = new ArrayList<>();
    for (TaskDefinition task : definition.tasks().values()) {
      if (task.needs().tasks().isEmpty()) {
        roots.add(task.name());
      }
      for (String need : task.needs().tasks()) {
        dependents.computeIfAbsent(need, k -> new ArrayList<>()).add(task.name());
      }
    }
    return new Plan(ref, definition, dependents, List.copyOf(roots));
  }

  public DefinitionRef ref() {
    return ref;
  }

  public Definition definition() {
    return definition;
  }

  public boolean has(String task) {
    return definition.tasks().containsKey(task);
  }

  /**
   * @throws IllegalArgumentException when there is no such task
   */
  public TaskDefinition task(String name) {
    TaskDefinition task = definition.tasks().get(name);
    if (task == null) {
      throw new IllegalArgumentException(
          "no task '" + name + "' in " + ref.name() + " version " + ref.version());
    }
    return task;
  }

  /** Tasks without needs, in the order of the text. */
  public List<String> roots() {
    return roots;
  }

  /** Tasks that need this one, in the order of the text. */
  public List<String> dependents(String task) {
    return dependents.getOrDefault(task, List.of());
  }

  /** How many predecessors must succeed; only for {@code any} and {@code atLeast}. */
  static int required(Needs needs) {
    return switch (needs.join()) {
      case ALL, ENDED -> needs.tasks().size();
      case ANY -> 1;
      case AT_LEAST -> needs.atLeast();
    };
  }
}
