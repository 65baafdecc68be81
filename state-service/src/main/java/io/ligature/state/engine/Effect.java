package io.ligature.state.engine;

import io.ligature.avro.Failure;
import io.ligature.avro.NeedsReview;
import io.ligature.avro.ParentLink;
import io.ligature.avro.Payload;
import io.ligature.avro.PinnedDefinition;
import io.ligature.avro.ReviewWithdrawn;
import io.ligature.avro.TaskCancel;
import io.ligature.avro.TaskEnvelope;
import io.ligature.avro.WorkflowStart;
import io.ligature.schemas.Money;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the world has to do; the shell carries them out in their order, after it wrote the rows. */
public sealed interface Effect {

  /** To {@code tasks.ready}. */
  record DispatchTask(TaskEnvelope envelope) implements Effect {}

  /** To {@code tasks.cancelled}. */
  record CancelTask(TaskCancel cancel) implements Effect {}

  /** To {@code reviews.needed}. */
  record RequestReview(NeedsReview review) implements Effect {}

  /** To {@code reviews.needed} as well, so that it comes behind its request. */
  record WithdrawReview(ReviewWithdrawn withdrawn) implements Effect {}

  /**
   * Begin a child workflow: the shell takes {@link Command.StartWorkflow} for it at once, in the
   * same transaction, with the kept text of the definition.
   *
   * @param pins versions that its own children are started with
   */
  record StartChild(
      WorkflowStart start, DefinitionRef definition, ParentLink parent, List<PinnedDefinition> pins)
      implements Effect {}

  /** End a child workflow: {@link Command.CancelWorkflow} for it at once. */
  record CancelChild(String childWorkflowId, String reason, boolean compensate) implements Effect {}

  /** Pause a child workflow with its parent: {@link Command.PauseWorkflow} for it at once. */
  record PauseChild(String childWorkflowId, String reason) implements Effect {}

  /** Resume a child workflow with its parent: {@link Command.ResumeWorkflow} for it at once. */
  record ResumeChild(String childWorkflowId, String reason) implements Effect {}

  /** Tell the parent: {@link Command.ReportChild} for it at once. */
  record ReportToParent(
      ParentLink parent,
      String childWorkflowId,
      String status,
      @Nullable Payload output,
      @Nullable Failure failure,
      Money spent)
      implements Effect {}

  /**
   * Keep a timer row.
   *
   * @param replaces due time of the row it takes the place of; null: there is none
   */
  record SetTimer(Timer timer, @Nullable Instant replaces) implements Effect {}

  /** Delete this timer row if it is still there. */
  record ClearTimer(Timer timer) implements Effect {}
}
