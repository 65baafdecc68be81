package io.ligature.schemas.definition;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What changed from one text of a definition to another. Spelling does not count: YAML or JSON, the
 * order of fields, comments, {@code 1} or {@code 1.0}.
 *
 * <p>Tasks go by their paths: {@code block.member}, {@code fan.forEach.do.member}. A task that
 * encloses others has changed only when a field of its own has.
 *
 * @param added tasks, in the order of the new text
 * @param removed tasks, in the order of the old text
 * @param changed tasks that both have, in the order of the new text
 * @param fields of the definition itself that differ, by name
 */
public record DefinitionDiff(
    List<String> added, List<String> removed, List<ChangedTask> changed, List<String> fields) {

  private static final Comparator<JsonNode> BY_VALUE =
      (one, other) ->
          one.isNumber() && other.isNumber()
              ? one.decimalValue().compareTo(other.decimalValue())
              : one.equals(other) ? 0 : 1;

  /**
   * A task and what differs in it.
   *
   * @param fields by their paths in the task, such as {@code constraints.maxCost}
   */
  public record ChangedTask(String task, List<String> fields) {}

  /**
   * @throws IllegalArgumentException when one of them is not even YAML or JSON
   */
  public static DefinitionDiff between(String before, String after) {
    JsonNode old = read(before);
    JsonNode now = read(after);
    Map<String, Map<String, JsonNode>> oldTasks = tasks(old);
    Map<String, Map<String, JsonNode>> newTasks = tasks(now);
    List<ChangedTask> changed = new ArrayList<>();
    newTasks.forEach(
        (task, fields) -> {
          List<String> differing = differing(oldTasks.getOrDefault(task, fields), fields);
          if (!differing.isEmpty()) {
            changed.add(new ChangedTask(task, differing));
          }
        });
    return new DefinitionDiff(
        without(newTasks.keySet(), oldTasks.keySet()),
        without(oldTasks.keySet(), newTasks.keySet()),
        List.copyOf(changed),
        differing(ownFields(old), ownFields(now)));
  }

  /** True when both say the same. */
  public boolean isEmpty() {
    return added.isEmpty() && removed.isEmpty() && changed.isEmpty() && fields.isEmpty();
  }

  private static JsonNode read(String text) {
    LocatedDocument document = LocatedDocument.read(text, DefinitionLimits.DEFAULT);
    JsonNode root = document.root();
    if (root == null) {
      throw new IllegalArgumentException(
          "not a definition: " + document.problems().getFirst().in("text"));
    }
    return root;
  }

  private static List<String> without(Set<String> all, Set<String> these) {
    return all.stream().filter(task -> !these.contains(task)).toList();
  }

  private static Map<String, JsonNode> ownFields(JsonNode root) {
    Map<String, JsonNode> fields = new LinkedHashMap<>();
    root.properties()
        .forEach(
            field -> {
              if (!field.getKey().equals("tasks")) {
                flatten(field.getKey(), field.getValue(), fields);
              }
            });
    return fields;
  }

  private static Map<String, Map<String, JsonNode>> tasks(JsonNode root) {
    Map<String, Map<String, JsonNode>> tasks = new LinkedHashMap<>();
    collectBlock("", root.path("tasks"), tasks);
    return tasks;
  }

  private static void collectBlock(
      String prefix, JsonNode block, Map<String, Map<String, JsonNode>> tasks) {
    block
        .properties()
        .forEach(
            task -> {
              Map<String, JsonNode> fields = new LinkedHashMap<>();
              String path = prefix + task.getKey();
              tasks.put(path, fields);
              collectTask(path, "", task.getValue(), fields, tasks);
            });
  }

  /**
   * @param inside path from the named task to this one: empty, or of the {@code do} that it is
   */
  private static void collectTask(
      String named,
      String inside,
      JsonNode task,
      Map<String, JsonNode> fields,
      Map<String, Map<String, JsonNode>> tasks) {
    for (Map.Entry<String, JsonNode> field : task.properties()) {
      String path = inside + field.getKey();
      JsonNode value = field.getValue();
      switch (field.getKey()) {
        case "tasks" -> {
          fields.put(path, MissingNode.getInstance());
          collectBlock(named + "." + inside, value, tasks);
        }
        case "forEach", "repeat" -> collectLoop(named, path + ".", value, fields, tasks);
        case "choose" -> {
          for (int i = 0; i < value.size(); i++) {
            collectLoop(named, path + "[" + i + "].", value.get(i), fields, tasks);
          }
        }
        default -> flatten(path, value, fields);
      }
    }
  }

  private static void collectLoop(
      String named,
      String path,
      JsonNode loop,
      Map<String, JsonNode> fields,
      Map<String, Map<String, JsonNode>> tasks) {
    for (Map.Entry<String, JsonNode> field : loop.properties()) {
      if (field.getKey().equals("do")) {
        collectTask(named, path + "do.", field.getValue(), fields, tasks);
      } else {
        flatten(path + field.getKey(), field.getValue(), fields);
      }
    }
  }

  /** The values that are no objects, by their paths. */
  private static void flatten(String path, JsonNode value, Map<String, JsonNode> fields) {
    if (value.isObject() && !value.isEmpty()) {
      value.properties().forEach(f -> flatten(path + "." + f.getKey(), f.getValue(), fields));
    } else {
      fields.put(path, value);
    }
  }

  private static List<String> differing(Map<String, JsonNode> old, Map<String, JsonNode> now) {
    Set<String> names = new TreeSet<>(old.keySet());
    names.addAll(now.keySet());
    return names.stream()
        .filter(
            name -> {
              JsonNode before = old.get(name);
              JsonNode after = now.get(name);
              return before == null || after == null || !before.equals(BY_VALUE, after);
            })
        .toList();
  }
}
