package io.ligature.schemas.definition;

import com.fasterxml.jackson.databind.JsonNode;
import io.ligature.schemas.Money;
import java.time.Duration;
import java.time.ZoneId;
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
 * @param variables what tasks may write and later ones read, with their first values
 * @param schedule when it starts by itself; null: never
 */
public record Definition(
    String name,
    @Nullable JsonNode inputSchema,
    @Nullable BudgetRule budget,
    @Nullable Duration deadline,
    int priority,
    Map<String, TaskDefinition> tasks,
    @Nullable Template output,
    Map<String, Template> variables,
    @Nullable Schedule schedule) {

  /** What to do when a hold does not fit. */
  public enum OnExceeded {
    FAIL,
    REVIEW,
    DEGRADE
  }

  /**
   * Starts by the clock.
   *
   * @param cron five fields, as Unix has them
   * @param input of each start
   */
  public record Schedule(
      String cron, ZoneId timeZone, Overlap overlap, CatchUp catchUp, JsonNode input) {}

  /** What happens when the run before still runs. */
  public enum Overlap {
    SKIP,
    ALLOW
  }

  /** Which of the runs that were missed while nothing ran are started later. */
  public enum CatchUp {
    NONE,
    LAST,
    ALL
  }

  /** The budget of one workflow. */
  public record BudgetRule(Money maxCost, OnExceeded onExceeded) {}
}
