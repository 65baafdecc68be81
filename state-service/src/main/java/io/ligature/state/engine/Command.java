package io.ligature.state.engine;

import io.ligature.avro.Failure;
import io.ligature.avro.ParentLink;
import io.ligature.avro.Payload;
import io.ligature.avro.ReviewDecision;
import io.ligature.avro.ShadowResult;
import io.ligature.avro.StartAccepted;
import io.ligature.avro.StartRefused;
import io.ligature.avro.TaskProgress;
import io.ligature.avro.TaskResult;
import io.ligature.avro.TaskStarted;
import io.ligature.avro.TaskUnplaced;
import io.ligature.schemas.Money;
import org.jspecify.annotations.Nullable;

/**
 * Everything that can happen to a workflow. {@link io.ligature.state.engine.codec.Commands} makes
 * them from the records of the inbox; only {@link FireTimer} is made by the shell itself.
 */
public sealed interface Command {

  String workflowId();

  Cause cause();

  /** The shell must be able to answer {@link Plans#plan} for its definition before it decides. */
  record StartWorkflow(StartAccepted accepted, Cause cause) implements Command {
    @Override
    public String workflowId() {
      return accepted.getStart().getWorkflowId();
    }
  }

  record RefuseStart(StartRefused refused, Cause cause) implements Command {
    @Override
    public String workflowId() {
      return refused.getStart().getWorkflowId();
    }
  }

  record ReportResult(TaskResult result, Cause cause) implements Command {
    @Override
    public String workflowId() {
      return result.getWorkflowId();
    }
  }

  record ReportStarted(TaskStarted started, Cause cause) implements Command {
    @Override
    public String workflowId() {
      return started.getWorkflowId();
    }
  }

  record ReportProgress(TaskProgress progress, Cause cause) implements Command {
    @Override
    public String workflowId() {
      return progress.getWorkflowId();
    }
  }

  record ReportUnplaced(TaskUnplaced unplaced, Cause cause) implements Command {
    @Override
    public String workflowId() {
      return unplaced.getWorkflowId();
    }
  }

  record ReportShadow(ShadowResult result, Cause cause) implements Command {
    @Override
    public String workflowId() {
      return result.getWorkflowId();
    }
  }

  record DecideReview(ReviewDecision decision, Cause cause) implements Command {
    @Override
    public String workflowId() {
      return decision.getWorkflowId();
    }
  }

  /**
   * @param compensate true: what its tasks did is undone before it ends
   */
  record CancelWorkflow(String workflowId, String reason, boolean compensate, Cause cause)
      implements Command {}

  record PauseWorkflow(String workflowId, String reason, Cause cause) implements Command {}

  record ResumeWorkflow(String workflowId, String reason, Cause cause) implements Command {}

  /**
   * @param correlation null: for the first wait of that name
   */
  record Signal(
      String workflowId,
      String name,
      @Nullable String correlation,
      @Nullable Payload payload,
      Cause cause)
      implements Command {}

  /**
   * @param input replaces the task's input; null: unchanged
   */
  record RetryTask(
      String workflowId, String task, @Nullable Payload input, String reason, Cause cause)
      implements Command {}

  record SkipTask(String workflowId, String task, String reason, Cause cause) implements Command {}

  /**
   * A child workflow ended. The shell makes it from {@link Effect.ReportToParent}.
   *
   * @param status {@code completed}, {@code failed} or {@code cancelled}
   * @param output null: none
   * @param failure null when it completed
   */
  record ReportChild(
      ParentLink parent,
      String childWorkflowId,
      String status,
      @Nullable Payload output,
      @Nullable Failure failure,
      Money spent,
      Cause cause)
      implements Command {
    @Override
    public String workflowId() {
      return parent.getWorkflowId();
    }
  }

  record ExtendBudget(String workflowId, Money amount, String reason, Cause cause)
      implements Command {}

  /** A command this version does not carry out; the audit trail says so. */
  record Unsupported(String workflowId, String reason, Cause cause) implements Command {}

  /**
   * A timer is due. The shell deletes its row before it decides. {@code cause.at()} is the instant
   * it fires at, never before it was due.
   */
  record FireTimer(Timer timer, Cause cause) implements Command {
    @Override
    public String workflowId() {
      return timer.workflowId();
    }
  }
}
