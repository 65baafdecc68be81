package io.ligature.approval.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.approval.desk.ReviewContext;
import io.ligature.approval.review.Review;
import io.ligature.approval.stream.RefusedCommand;
import io.ligature.avro.ReviewDecision;
import io.ligature.schemas.wire.Payloads;
import java.util.List;

/** A review as the API shows it: all that a reviewer needs to decide. */
final class ReviewView {

  private ReviewView() {}

  static ObjectNode of(
      Review review, List<RefusedCommand> refused, boolean mayDecide, String currency) {
    ObjectNode view = ReviewContext.of(review);
    view.put("contextSha256", ReviewContext.sha256(review))
        .put("status", status(review))
        .put("version", review.standing().version())
        .put("mayDecide", mayDecide);
    view.putObject("budget")
        .put("spent", ReviewContext.money(review.request().getSpent()))
        .put("remaining", ReviewContext.money(review.request().getRemaining()))
        .put("currency", currency);
    Standings.put(view, review);
    outcome(view, review);
    ArrayNode refusals = view.putArray("refused");
    refused.forEach(entry -> refusals.add(entry.json()));
    return view;
  }

  static ObjectNode decision(ReviewDecision decision) {
    ObjectNode view = Payloads.JSON.createObjectNode();
    view.put("decisionId", decision.getDecisionId())
        .put("reviewId", decision.getReviewId())
        .put("workflowId", decision.getWorkflowId())
        .put("decision", decision.getDecision().name())
        .put("reviewer", decision.getReviewer())
        .put("role", decision.getRole())
        .put("reason", decision.getReason())
        .put("decidedAt", decision.getDecidedAt().toString());
    if (decision.getEditedOutput() != null) {
      view.set("editedOutput", ReviewContext.payload(decision.getEditedOutput()));
    }
    return view;
  }

  private static String status(Review review) {
    return switch (review) {
      case Review.Open any -> "open";
      case Review.Decided any -> "decided";
      case Review.Withdrawn any -> "withdrawn";
    };
  }

  private static void outcome(ObjectNode view, Review review) {
    switch (review) {
      case Review.Open any -> view.putNull("decision");
      case Review.Decided decided -> view.set("decision", decision(decided.decision()));
      case Review.Withdrawn gone ->
          view.putObject("withdrawal")
              .put("reason", gone.withdrawal().getReason())
              .put("withdrawnAt", gone.withdrawal().getWithdrawnAt().toString());
    }
  }
}
