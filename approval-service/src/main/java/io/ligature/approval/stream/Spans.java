package io.ligature.approval.stream;

import io.ligature.approval.review.Outcome;
import io.ligature.approval.review.ReviewEvent;
import io.ligature.approval.review.Rules;
import io.ligature.approval.tracing.Tracing;
import io.ligature.approval.tracing.Tracing.Kind;
import io.ligature.approval.tracing.Tracing.Step;
import io.ligature.avro.NeedsReview;
import io.ligature.avro.ReviewCommand;
import io.ligature.avro.ReviewDecision;
import io.ligature.avro.ReviewWithdrawn;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The spans of the fold: one for each record that is taken and for each moment at which time does
 * something. Whoever wrote something, and what, stands in the trail and not here.
 */
record Spans(Tracing tracing) {

  private static final String COMMAND = "ligature.review.command";

  Step opens(NeedsReview request, @Nullable String traceparent) {
    return tracing.begin(
        Kind.TAKEN,
        "review opens",
        about(request.getReviewId(), request.getWorkflowId()),
        traceparent);
  }

  Step withdraws(ReviewWithdrawn withdrawal, @Nullable String traceparent) {
    return tracing.begin(
        Kind.TAKEN,
        "review withdrawn",
        about(withdrawal.getReviewId(), withdrawal.getWorkflowId()),
        traceparent);
  }

  Step takes(ReviewCommand command, @Nullable String traceparent) {
    ReviewDecision wanted = command.getDecision();
    return tracing.begin(
        Kind.TAKEN,
        "review command",
        Map.of(
            Tracing.REVIEW,
            wanted.getReviewId(),
            Tracing.WORKFLOW,
            wanted.getWorkflowId(),
            COMMAND,
            Rules.word(command)),
        traceparent);
  }

  /** Nothing tells which request or command the waiting belongs to: it begins a trace. */
  Step due(NeedsReview request) {
    return tracing.begin(
        Kind.DUE, "review falls due", about(request.getReviewId(), request.getWorkflowId()), null);
  }

  static String words(List<ReviewEvent> events) {
    return events.stream().map(TrailJson::kindOf).distinct().collect(Collectors.joining(","));
  }

  static String word(Outcome outcome) {
    return switch (outcome) {
      case Outcome.Accepted any -> "decided";
      case Outcome.Noted any -> "noted";
      case Outcome.Repeated any -> "repeated";
      case Outcome.Refused refused -> refused.refusal().kind();
    };
  }

  private static Map<String, String> about(String reviewId, String workflowId) {
    return Map.of(Tracing.REVIEW, reviewId, Tracing.WORKFLOW, workflowId);
  }
}
