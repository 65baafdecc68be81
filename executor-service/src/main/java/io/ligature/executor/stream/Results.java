package io.ligature.executor.stream;

import io.ligature.agent.AgentOutcome.ByHand;
import io.ligature.agent.AgentOutcome.Failed;
import io.ligature.agent.AgentOutcome.NeedsReview;
import io.ligature.agent.AgentOutcome.Success;
import io.ligature.agent.AgentOutcome.Text;
import io.ligature.agent.CallFailure;
import io.ligature.agent.CallMetadata;
import io.ligature.avro.Failure;
import io.ligature.avro.Grade;
import io.ligature.avro.ResultMetadata;
import io.ligature.avro.ResultStatus;
import io.ligature.avro.ShadowResult;
import io.ligature.avro.TaskAssignment;
import io.ligature.avro.TaskEnvelope;
import io.ligature.avro.TaskResult;
import io.ligature.executor.execution.Made;
import io.ligature.schemas.Money;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Writes what an attempt came to as records. */
final class Results {

  private Results() {}

  static TaskResult result(TaskAssignment assignment, Made made, String executor, Instant now) {
    TaskEnvelope envelope = assignment.getEnvelope();
    return new TaskResult(
        envelope.getId(),
        envelope.getContext().getWorkflowId(),
        status(made),
        made.output(),
        metadata(made),
        error(made),
        assignment.getAgent(),
        executor,
        now,
        made.outputSchema());
  }

  static ShadowResult shadow(TaskAssignment assignment, Made made, String executor, Instant now) {
    TaskEnvelope envelope = assignment.getEnvelope();
    return new ShadowResult(
        envelope.getId(),
        envelope.getContext().getWorkflowId(),
        assignment.getAgent(),
        executor,
        status(made),
        made.output(),
        metadata(made),
        error(made),
        now);
  }

  /** The status, or for a failure its kind. */
  static String outcome(Made made) {
    Failure error = error(made);
    ResultStatus status = status(made);
    return status == ResultStatus.failure && error != null ? error.getKind() : status.name();
  }

  private static ResultStatus status(Made made) {
    return switch (made.outcome()) {
      case Success _ -> ResultStatus.success;
      case NeedsReview _, ByHand _ -> ResultStatus.needs_review;
      case Failed _ -> ResultStatus.failure;
      case Text _ -> throw unjudged();
    };
  }

  private static @Nullable Failure error(Made made) {
    return switch (made.outcome()) {
      case Success _ -> null;
      case NeedsReview review -> reason(review.reason());
      // A needs_review without an output: a person is to make it.
      case ByHand(String instructions, String role, _) ->
          reason(role == null ? instructions : instructions + " (for " + role + ")");
      case Text _ -> throw unjudged();
      case Failed(CallFailure failure, _) -> failure(failure);
    };
  }

  private static IllegalStateException unjudged() {
    return new IllegalStateException("a text is a success or a failure once it is judged");
  }

  private static @Nullable Failure reason(@Nullable String reason) {
    return reason == null ? null : new Failure("low_confidence", reason, null, false);
  }

  private static Failure failure(CallFailure failure) {
    Duration retryAfter = failure.retryAfter();
    return new Failure(
        failure.kind().wireName(),
        failure.message(),
        retryAfter == null ? null : retryAfter.toMillis(),
        failure.possiblyBilled());
  }

  private static ResultMetadata metadata(Made made) {
    CallMetadata told = made.outcome().metadata();
    Money cost = told.cost();
    Made.Served served = made.served();
    return new ResultMetadata(
        cost == null ? null : cost.toDecimal(),
        made.duration().toMillis(),
        told.model(),
        told.confidence(),
        told.inputTokens(),
        told.cachedInputTokens(),
        told.outputTokens(),
        told.providerRequestId(),
        made.repairs().isEmpty() ? Grade.clean : Grade.repaired,
        made.calibratedConfidence(),
        made.repairs(),
        served == null ? null : served.attempt());
  }
}
