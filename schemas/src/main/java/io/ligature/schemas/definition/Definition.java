package io.ligature.schemas.definition;

import com.fasterxml.jackson.databind.JsonNode;
import io.ligature.schemas.Money;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A workflow definition that was parsed and found sound: what the engine runs.
 *
 * @param inputSchema JSON Schema of the input; null: any JSON
 * @param deadline from the start; null: none
 * @param priority of its tasks, 0 to 9
 * @param tasks by name, in the order of the text
 * @param output rendered when the workflow completes; null: no output
 */
public record Definition(
    String name,
    @Nullable JsonNode inputSchema,
    @Nullable BudgetRule budget,
    @Nullable Duration deadline,
    int priority,
    Map<String, TaskDefinition> tasks,
    @Nullable Template output) {

  /** What to do when a hold does not fit. */
  public enum OnExceeded {
    FAIL,
    REVIEW,
    DEGRADE
  }

  /** The budget of one workflow. */
  public record BudgetRule(Money maxCost, OnExceeded onExceeded) {}
}
