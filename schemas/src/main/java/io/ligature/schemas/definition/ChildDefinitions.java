package io.ligature.schemas.definition;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which other definitions a definition calls as child workflows, at whatever depth. */
public final class ChildDefinitions {

  private ChildDefinitions() {}

  /**
   * What a task asks for.
   *
   * @param version null: the newest
   */
  public record Call(String definition, @Nullable Integer version) {}

  /** Each once, in the order of the text. Calls of what is called are not in it. */
  public static Set<Call> of(Definition definition) {
    Set<Call> calls = new LinkedHashSet<>();
    collect(definition.tasks().values(), calls);
    return calls;
  }

  private static void collect(Collection<TaskDefinition> tasks, Set<Call> calls) {
    tasks.forEach(task -> collect(task, calls));
  }

  private static void collect(TaskDefinition task, Set<Call> calls) {
    switch (task.action()) {
      case TaskDefinition.ChildWorkflow child ->
          calls.add(new Call(child.definition(), child.version()));
      case TaskDefinition.ForEach fan -> collect(fan.body(), calls);
      case TaskDefinition.Repeat loop -> collect(loop.body(), calls);
      case TaskDefinition.Choose choose ->
          choose.branches().forEach(branch -> collect(branch.body(), calls));
      case TaskDefinition.Block block -> collect(block.tasks().values(), calls);
      case TaskDefinition.AgentWork _,
          TaskDefinition.ReviewGate _,
          TaskDefinition.Wait _,
          TaskDefinition.AwaitSignal _ -> {}
    }
  }
}
