package io.ligature.example.wfcommons;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an instance in WfFormat says that matters here: a graph without cycles, in the file's order.
 *
 * @param name empty: it has none
 */
record WfInstance(String name, List<Task> tasks) {

  /**
   * One task.
   *
   * @param parents ids of tasks of the same instance, each once
   * @param seconds how long it ran; null: that was not recorded
   */
  record Task(String id, List<String> parents, @Nullable BigDecimal seconds) {}
}
