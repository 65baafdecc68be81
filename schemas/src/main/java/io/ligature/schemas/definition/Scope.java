package io.ligature.schemas.definition;

import com.fasterxml.jackson.databind.JsonNode;
import io.ligature.schemas.Money;
import org.jspecify.annotations.Nullable;

/** What expressions see. */
public interface Scope {

  /** {@code input}: the workflow's input. */
  JsonNode input();

  /** {@code tasks.NAME}: only called for names the expression says it reads. */
  TaskFacts task(String name);

  /** {@code workflow}. */
  WorkflowFacts workflow();

  /** {@code variables.NAME}: only called for names the expression says it reads. */
  JsonNode variable(String name);

  /**
   * A name that exists at this place only: the item of a fan-out by its name, {@code index}, {@code
   * iteration}, {@code last}, {@code output}, {@code review}. Only called for names the expression
   * says it reads.
   */
  JsonNode local(String name);

  /**
   * What is known of a task.
   *
   * @param status {@code pending}, {@code running}, {@code waiting}, {@code succeeded}, {@code
   *     failed}, {@code skipped} or {@code cancelled}
   * @param output null unless it succeeded with one
   * @param error null unless it failed
   */
  record TaskFacts(
      String status,
      @Nullable JsonNode output,
      @Nullable Double confidence,
      @Nullable String grade,
      @Nullable Money cost,
      @Nullable TaskError error) {}

  /** {@code tasks.NAME.error}. */
  record TaskError(String kind, String message) {}

  /**
   * What is known of the workflow.
   *
   * @param remaining null: no budget
   */
  record WorkflowFacts(
      String id, String requester, String tenant, Money spent, @Nullable Money remaining) {}
}
