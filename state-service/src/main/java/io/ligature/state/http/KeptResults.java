package io.ligature.state.http;

import io.ligature.avro.KeptResult;
import io.ligature.avro.Payload;
import io.ligature.schemas.definition.Definition;
import io.ligature.schemas.definition.TaskDefinition;
import io.ligature.state.engine.TaskState;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a re-run keeps of the workflow it comes from: the results of the tasks that neither are the
 * one it begins with nor come after it. Tasks inside of others are kept or run again with them.
 *
 * @param definition of both
 * @param maxBytes most that all outputs together may have
 */
record KeptResults(Definition definition, int maxBytes) {

  /**
   * @param states of the tasks that have begun, by path
   * @param outputs of succeeded tasks, by path
   * @throws ApiProblem when there is no such task, or the outputs are too large
   */
  List<KeptResult> without(
      String fromTask, Map<String, TaskState> states, Function<String, @Nullable Payload> outputs) {
    Set<String> again = again(fromTask);
    List<KeptResult> kept = new ArrayList<>();
    long bytes = 0;
    for (String task : definition.tasks().keySet()) {
      TaskState state = again.contains(task) ? null : states.get(task);
      if (state instanceof TaskState.Succeeded succeeded) {
        Payload output = outputs.apply(task);
        bytes += size(output);
        checkSize(bytes);
        kept.add(new KeptResult(task, succeeded.grade(), output));
      } else if (state instanceof TaskState.Skipped) {
        kept.add(new KeptResult(task, null, null));
      }
    }
    return kept;
  }

  /** The task and all that need it, directly or through others. */
  private Set<String> again(String fromTask) {
    if (!definition.tasks().containsKey(fromTask)) {
      throw ApiProblem.invalid(
          "No such task",
          List.of(
              "fromTask: '"
                  + fromTask
                  + "' is not one of the definition's own tasks; there are "
                  + definition.tasks().keySet()));
    }
    Set<String> again = new HashSet<>(Set.of(fromTask));
    Queue<String> open = new ArrayDeque<>(again);
    for (String task = open.poll(); task != null; task = open.poll()) {
      for (TaskDefinition other : definition.tasks().values()) {
        if (other.needs().tasks().contains(task) && again.add(other.name())) {
          open.add(other.name());
        }
      }
    }
    return again;
  }

  private void checkSize(long bytes) {
    if (bytes > maxBytes) {
      throw ApiProblem.invalid(
          "The re-run is too large",
          List.of(
              "fromTask: the results that would be kept have more than "
                  + maxBytes
                  + " bytes; begin with an earlier task"));
    }
  }

  private static long size(@Nullable Payload payload) {
    return payload == null || payload.getInline() == null ? 0 : payload.getInline().remaining();
  }
}
