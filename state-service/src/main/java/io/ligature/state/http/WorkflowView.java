package io.ligature.state.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A workflow for people and programs. Amounts are decimals as text, instants and durations ISO
 * 8601; what is not known is left out.
 *
 * @param rootWorkflowId the outermost workflow of its tree; itself when it is no child
 * @param parent the task it does the work of; absent when it is no child
 * @param origin the workflow it is a re-run of
 * @param tasks the definition's own, in its order; absent in lists
 * @param counts of its tasks; those inside of others are counted there
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record WorkflowView(
    String workflowId,
    String rootWorkflowId,
    @Nullable ParentView parent,
    @Nullable String origin,
    String definition,
    int version,
    String status,
    String requester,
    String tenant,
    String startedAt,
    @Nullable String endedAt,
    @Nullable String deadline,
    long sequence,
    Map<String, String> labels,
    int priority,
    @Schema(description = "Any JSON") @Nullable JsonNode input,
    @Schema(description = "Any JSON") @Nullable JsonNode output,
    @Nullable FailureView failure,
    BudgetView budget,
    Counts counts,
    @Nullable List<TaskView> tasks) {

  /** A task that a child workflow does the work of. */
  public record ParentView(String workflowId, String task, int attempt) {}

  /**
   * @param task that ended the workflow
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record FailureView(@Nullable String task, String kind, String message) {}

  /**
   * {@code spent + held + remaining = maxCost}; without a budget only {@code spent} and {@code
   * held}.
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record BudgetView(
      @Nullable String maxCost,
      String spent,
      String held,
      @Nullable String remaining,
      @Nullable String onExceeded,
      String currency) {}

  /** How many tasks stand where. */
  public record Counts(int open, int succeeded, int failed, int skipped, int cancelled) {}

  /**
   * @param task its path
   * @param action as its definition names it: {@code capability}, {@code forEach}, …
   * @param status {@code pending}, {@code scheduled}, {@code running}, {@code expanded} (tasks
   *     inside of it run), {@code waiting_for_retry}, {@code waiting_for_agent}, {@code
   *     waiting_for_review}, {@code waiting_for_time}, {@code waiting_for_signal}, {@code
   *     waiting_for_child}, {@code being_judged} (by a critic), {@code held} (the workflow is
   *     paused), {@code succeeded}, {@code failed}, {@code skipped} or {@code cancelled}
   * @param reason why it waits or how it ended
   * @param cost charged so far, over all attempts
   * @param inner how far the tasks inside of it are
   * @param childWorkflowId the workflow that does its work now
   * @param output absent in pages of tasks
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record TaskView(
      String task,
      String action,
      @Nullable String capability,
      List<String> needs,
      String status,
      @Nullable String reason,
      List<AttemptView> attempts,
      @Nullable String agent,
      @Nullable Double confidence,
      @Nullable String grade,
      String cost,
      @Nullable String duration,
      @Nullable String dueAt,
      @Nullable Double progress,
      @Nullable InnerView inner,
      @Nullable String childWorkflowId,
      @Schema(description = "Any JSON") @Nullable JsonNode output,
      @Nullable ReviewView review,
      List<String> feedback) {}

  /**
   * The tasks inside of one.
   *
   * @param size there are to run; of a loop the most
   */
  public record InnerView(int size, int succeeded, int failed, int skipped, int cancelled) {}

  /**
   * @param next give it as 'after' for the next page; absent: this is the last
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record TaskPage(List<TaskView> tasks, @Nullable String next) {}

  /**
   * @param next give it as 'after' for the next page; absent: this is the last
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record ChildPage(List<WorkflowView> workflows, @Nullable String next) {}

  /**
   * @param status {@code running}, {@code succeeded}, {@code failed} or {@code cancelled}
   * @param costKnown false: the cost is a guess
   * @param confidence as the agent claims it
   * @param calibratedConfidence as verdicts on the agent correct it; absent: as claimed
   * @param grade how its output came to be
   * @param repairs what was repaired in the answer
   * @param servedFrom attempt whose call gave the result, when it was shared or cached
   * @param score that a critic gave it, 0 to 1
   * @param shadows other agents that tried the same for comparison
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record AttemptView(
      int number,
      @Nullable String agent,
      String status,
      @Nullable FailureView failure,
      String cost,
      boolean costKnown,
      @Nullable Double confidence,
      @Nullable Double calibratedConfidence,
      @Nullable String model,
      @Nullable String grade,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> repairs,
      @Nullable String servedFrom,
      @Nullable Double score,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) List<ShadowView> shadows,
      String startedAt,
      @Nullable String endedAt,
      @Nullable String duration) {}

  /**
   * @param agrees whether its output equals the accepted one; absent: not known
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record ShadowView(String agent, @Nullable Boolean agrees) {}

  /**
   * @param subject what is to be approved, while it is open
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record ReviewView(
      String reviewId,
      String role,
      String requestedAt,
      @Nullable String decision,
      @Nullable String reviewer,
      @Nullable String reason,
      @Nullable String decidedAt,
      @Schema(description = "Any JSON") @Nullable JsonNode subject) {}
}
