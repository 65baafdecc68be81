package io.ligature.approval.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.ligature.approval.review.Review;
import io.ligature.approval.stream.RefusedCommand;
import io.ligature.avro.EarlierAttempt;
import io.ligature.avro.Evidence;
import io.ligature.avro.Failure;
import io.ligature.avro.NeedsReview;
import io.ligature.avro.Payload;
import io.ligature.avro.ReviewDecision;
import io.ligature.avro.ReviewRule;
import io.ligature.schemas.Money;
import io.ligature.schemas.wire.Payloads;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A review as the API shows it: all that a reviewer needs to decide. */
final class ReviewView {

  private ReviewView() {}

  static ObjectNode of(
      Review review, List<RefusedCommand> refused, boolean mayDecide, String currency) {
    ObjectNode view = context(review);
    view.put("contextSha256", contextHash(review))
        .put("status", status(review))
        .put("version", review.standing().version())
        .put("mayDecide", mayDecide);
    view.putObject("budget")
        .put("spent", money(review.request().getSpent()))
        .put("remaining", money(review.request().getRemaining()))
        .put("currency", currency);
    Standings.put(view, review);
    outcome(view, review);
    ArrayNode refusals = view.putArray("refused");
    refused.forEach(entry -> refusals.add(entry.json()));
    return view;
  }

  /** What there is to see before deciding, whoever looks: the same until an edit replaces it. */
  static ObjectNode context(Review review) {
    NeedsReview request = review.request();
    ObjectNode view = Payloads.JSON.createObjectNode();
    view.put("reviewId", request.getReviewId())
        .put("workflowId", request.getWorkflowId())
        .put("definition", request.getDefinition())
        .put("task", request.getTask())
        .put("tenant", request.getTenant())
        .put("requester", request.getRequester())
        .put("purpose", request.getPurpose())
        .put("reason", request.getReason());
    ReviewRule rule = request.getRule();
    view.set("rule", Standings.rule(rule));
    view.set("subject", payload(request.getSubject()));
    view.set("outputSchema", schema(request.getOutputSchema()));
    ArrayNode evidence = view.putArray("evidence");
    request.getEvidence().forEach(each -> evidence.add(evidence(each)));
    request.getOnApproval().forEach(view.putArray("onApproval")::add);
    request.getOnRejection().forEach(view.putArray("onRejection")::add);
    view.put("requestedAt", request.getRequestedAt().toString());
    view.put("expiresAt", text(request.getExpiresAt()));
    view.put("mayChange", request.getMayChange()).put("changes", request.getChanges());
    view.set("edited", payload(review.standing().edited()));
    return view;
  }

  static String contextHash(Review review) {
    return Payloads.sha256(context(review).toString().getBytes(StandardCharsets.UTF_8));
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
      view.set("editedOutput", payload(decision.getEditedOutput()));
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

  private static ObjectNode evidence(Evidence evidence) {
    ObjectNode view = Payloads.JSON.createObjectNode();
    view.put("task", evidence.getTask())
        .put("capability", evidence.getCapability())
        .put("agent", evidence.getAgent())
        .put("model", evidence.getModel())
        .put("cost", money(evidence.getCost()))
        .put("confidence", evidence.getConfidence())
        .put("grade", evidence.getGrade() == null ? null : evidence.getGrade().name());
    view.set("input", payload(evidence.getInput()));
    view.set("output", payload(evidence.getOutput()));
    ArrayNode earlier = view.putArray("earlierAttempts");
    evidence.getEarlierAttempts().forEach(each -> earlier.add(earlier(each)));
    return view;
  }

  private static ObjectNode earlier(EarlierAttempt attempt) {
    ObjectNode view = Payloads.JSON.createObjectNode();
    view.put("attempt", attempt.getAttempt())
        .put("agent", attempt.getAgent())
        .put("cost", money(attempt.getCost()));
    Failure failure = attempt.getFailure();
    if (failure == null) {
      view.putNull("failure");
    } else {
      view.putObject("failure").put("kind", failure.getKind()).put("message", failure.getMessage());
    }
    return view;
  }

  /** JSON as JSON; anything else by its description, for it is not for this page. */
  private static JsonNode payload(@Nullable Payload payload) {
    if (payload == null) {
      return NullNode.instance;
    }
    if (payload.getInline() != null) {
      try {
        return Payloads.parse(payload);
      } catch (IllegalArgumentException e) {
        // Described below, like any content that is not JSON.
      }
    }
    return Payloads.JSON
        .createObjectNode()
        .put("contentType", payload.getContentType())
        .put("size", payload.getSize())
        .put("sha256", payload.getSha256())
        .put("reference", payload.getReference());
  }

  private static JsonNode schema(@Nullable String schema) {
    if (schema == null) {
      return NullNode.instance;
    }
    try {
      return Payloads.JSON.readTree(schema);
    } catch (JsonProcessingException e) {
      return TextNode.valueOf(schema);
    }
  }

  private static @Nullable String money(@Nullable BigDecimal amount) {
    return amount == null ? null : Money.of(amount).toString();
  }

  private static @Nullable String text(@Nullable Instant instant) {
    return instant == null ? null : instant.toString();
  }
}
