package io.ligature.state.engine;

import com.fasterxml.jackson.databind.JsonNode;
import io.ligature.schemas.definition.Definition;
import io.ligature.schemas.definition.PayloadSchema;
import io.ligature.schemas.definition.TaskDefinition;
import io.ligature.schemas.definition.TaskDefinition.AwaitSignal;
import io.ligature.schemas.definition.TaskDefinition.Needs;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A definition as a tree of places: made once for each version, shared by its workflows. */
public final class Plan {

  private final DefinitionRef ref;
  private final Definition definition;
  private final Map<String, Node> members = new LinkedHashMap<>();
  private final Map<String, List<String>> dependents;
  private final List<String> roots = new ArrayList<>();
  private final Map<String, List<AwaitSignal>> signals = new LinkedHashMap<>();
  private final IdentityHashMap<AwaitSignal, PayloadSchema> schemas = new IdentityHashMap<>();

  private final @Nullable PayloadSchema inputSchema;

  private Plan(DefinitionRef ref, Definition definition) {
    JsonNode schema = definition.inputSchema();
    this.inputSchema = schema == null ? null : new PayloadSchema(schema);
    this.ref = ref;
    this.definition = definition;
    this.dependents = Node.dependents(definition.tasks());
    definition
        .tasks()
        .forEach((name, task) -> members.put(name, Node.of(Node.Kind.MEMBER, task, null)));
    members.forEach(
        (name, node) -> {
          if (node.definition().needs().tasks().isEmpty()) {
            roots.add(name);
          }
        });
    forEach(definition.tasks().values(), this::indexSignal);
  }

  public static Plan of(DefinitionRef ref, Definition definition) {
    return new Plan(ref, definition);
  }

  private void indexSignal(TaskDefinition task) {
    if (task.action() instanceof AwaitSignal wait) {
      signals.computeIfAbsent(wait.signal(), any -> new ArrayList<>()).add(wait);
      JsonNode schema = wait.schema();
      if (schema != null) {
        schemas.put(wait, new PayloadSchema(schema));
      }
    }
  }

  /** Every task of the definition, also those inside of others. */
  private static void forEach(Iterable<TaskDefinition> tasks, Consumer<TaskDefinition> visit) {
    for (TaskDefinition task : tasks) {
      visit.accept(task);
      switch (task.action()) {
        case TaskDefinition.ForEach each -> forEach(List.of(each.body()), visit);
        case TaskDefinition.Repeat repeat -> forEach(List.of(repeat.body()), visit);
        case TaskDefinition.Choose choose ->
            forEach(choose.branches().stream().map(TaskDefinition.Branch::body).toList(), visit);
        case TaskDefinition.Block block -> forEach(block.tasks().values(), visit);
        case TaskDefinition.AgentWork _,
            TaskDefinition.ReviewGate _,
            TaskDefinition.ChildWorkflow _,
            TaskDefinition.Wait _,
            AwaitSignal _ -> {}
      }
    }
  }

  public DefinitionRef ref() {
    return ref;
  }

  public Definition definition() {
    return definition;
  }

  /** Whether a task may have that path. */
  public boolean has(String path) {
    return find(path) != null;
  }

  /**
   * @throws IllegalArgumentException when no task has such a path
   */
  public TaskDefinition task(String path) {
    return node(path).definition();
  }

  /**
   * @throws IllegalArgumentException when no task has such a path
   */
  Node node(String path) {
    Node node = find(path);
    if (node == null) {
      throw new IllegalArgumentException(
          "no task '" + path + "' in " + ref.name() + " version " + ref.version());
    }
    return node;
  }

  private @Nullable Node find(String path) {
    int end = step(path, 0);
    Node node = members.get(path.substring(0, end));
    while (node != null && end < path.length()) {
      int next = step(path, end + 1);
      node = node.step(path.charAt(end), path.substring(end + 1, next));
      end = next;
    }
    return node;
  }

  /** The end of the step of a path that begins there. */
  private static int step(String path, int from) {
    int end = from;
    while (end < path.length() && !Paths.isSeparator(path.charAt(end))) {
      end++;
    }
    return end;
  }

  /** Waits for signals of that name, anywhere in the definition. */
  List<AwaitSignal> waitsFor(String signal) {
    return signals.getOrDefault(signal, List.of());
  }

  /** What the input must be; null: any JSON. */
  @Nullable PayloadSchema inputSchema() {
    return inputSchema;
  }

  /** What a wait's payload must be; null: any JSON. */
  @Nullable PayloadSchema schema(AwaitSignal wait) {
    return schemas.get(wait);
  }

  /** Names of the tasks of a block without needs, in the order of the text. */
  List<String> roots(String block) {
    if (block.isEmpty()) {
      return roots;
    }
    List<String> found = new ArrayList<>();
    node(block)
        .members()
        .forEach(
            (name, node) -> {
              if (node.definition().needs().tasks().isEmpty()) {
                found.add(name);
              }
            });
    return found;
  }

  /** Names of the tasks of a block, in the order of the text. */
  Iterable<String> members(String block) {
    return block.isEmpty() ? members.keySet() : node(block).members().keySet();
  }

  int size(String block) {
    return block.isEmpty() ? members.size() : node(block).members().size();
  }

  /** Paths of the tasks that need this one, in the order of the text. */
  public List<String> dependents(String path) {
    if (node(path).kind() != Node.Kind.MEMBER) {
      return List.of();
    }
    String block = Paths.parent(path);
    String name = path.substring(Paths.lastStep(path) + 1);
    List<String> names =
        block.isEmpty() ? dependents.getOrDefault(name, List.of()) : node(block).dependents(name);
    return block.isEmpty() ? names : names.stream().map(n -> Paths.member(block, n)).toList();
  }

  /** Paths of the tasks that this one needs. */
  List<String> needs(String path) {
    String block = Paths.parent(path);
    List<String> names = task(path).needs().tasks();
    return block.isEmpty() ? names : names.stream().map(n -> Paths.member(block, n)).toList();
  }

  /** The path of the nearest block around a task; the root when there is none. */
  String blockAround(String path) {
    String outer = Paths.parent(path);
    while (!outer.isEmpty() && !node(outer).isBlock()) {
      outer = Paths.parent(outer);
    }
    return outer;
  }

  /** The path of the task that an expression in this block means by a name. */
  String resolve(String block, String name) {
    String inside = block;
    while (!inside.isEmpty() && !node(inside).members().containsKey(name)) {
      inside = blockAround(inside);
    }
    return Paths.member(inside, name);
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
