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
 * @param tasks in the order of the definition; absent in lists
 * @param counts of its tasks
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record WorkflowView(
    String workflowId,
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
   * @param action {@code capability} or {@code review}
   * @param status {@code pending}, {@code scheduled}, {@code running}, {@code waiting_for_retry},
   *     {@code waiting_for_agent}, {@code waiting_for_review}, {@code succeeded}, {@code failed},
   *     {@code skipped} or {@code cancelled}
   * @param reason why it waits or how it ended
   * @param cost charged so far, over all attempts
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
      @Schema(description = "Any JSON") @Nullable JsonNode output,
      @Nullable ReviewView review,
      List<String> feedback) {}

  /**
   * @param status {@code running}, {@code succeeded}, {@code failed} or {@code cancelled}
   * @param costKnown false: the cost is a guess
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
      @Nullable String model,
      String startedAt,
      @Nullable String endedAt,
      @Nullable String duration) {}

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
