package io.ligature.schemas.definition;

import com.fasterxml.jackson.databind.JsonNode;
import io.ligature.schemas.Money;
import org.jspecify.annotations.Nullable;

/** What expressions see: {@code input}, {@code tasks} and {@code workflow}. */
public interface Scope {

  /** {@code input}: the workflow's input. */
  JsonNode input();

  /** {@code tasks.NAME}: only called for names the expression says it reads. */
  TaskFacts task(String name);

  /** {@code workflow}. */
  WorkflowFacts workflow();

  /**
   * What is known of a task.
   *
   * @param status {@code pending}, {@code running}, {@code waiting}, {@code succeeded}, {@code
   *     failed}, {@code skipped} or {@code cancelled}
   * @param output null unless it succeeded with one
   */
  record TaskFacts(
      String status,
      @Nullable JsonNode output,
      @Nullable Double confidence,
      @Nullable String grade,
      @Nullable Money cost) {}

  /**
   * What is known of the workflow.
   *
   * @param remaining null: no budget
   */
  record WorkflowFacts(
      String id, String requester, String tenant, Money spent, @Nullable Money remaining) {}
}
