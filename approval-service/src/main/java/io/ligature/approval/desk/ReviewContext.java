package io.ligature.approval.desk;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.ligature.approval.review.Review;
import io.ligature.avro.Consequence;
import io.ligature.avro.EarlierAttempt;
import io.ligature.avro.Evidence;
import io.ligature.avro.Failure;
import io.ligature.avro.NeedsReview;
import io.ligature.avro.Payload;
import io.ligature.avro.WorstCase;
import io.ligature.schemas.Money;
import io.ligature.schemas.wire.Payloads;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What there is to see before deciding: the same until an edit replaces it. Its hash in the trail
 * proves what a person saw; of a masked review it is the masked one's.
 */
public final class ReviewContext {

  private ReviewContext() {}

  public static ObjectNode of(Review review) {
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
    view.set("rule", RuleView.of(request.getRule()));
    view.set("subject", payload(request.getSubject()));
    view.set("outputSchema", schema(request.getOutputSchema()));
    ArrayNode evidence = view.putArray("evidence");
    request.getEvidence().forEach(each -> evidence.add(evidence(each)));
    request.getOnApproval().forEach(view.putArray("onApproval")::add);
    request.getOnRejection().forEach(view.putArray("onRejection")::add);
    ArrayNode consequences = view.putArray("consequences");
    request.getConsequences().forEach(each -> consequences.add(consequence(each)));
    ObjectNode worst = view.putObject("worstCase");
    request.getWorstCases().forEach(each -> worst.set(each.getPath(), worst(each)));
    view.put("requestedAt", request.getRequestedAt().toString());
    view.put("expiresAt", text(request.getExpiresAt()));
    view.put("mayChange", request.getMayChange()).put("changes", request.getChanges());
    view.set("edited", payload(review.standing().edited()));
    return view;
  }

  /** In lower-case hexadecimal digits. */
  public static String sha256(Review review) {
    return Payloads.sha256(of(review).toString().getBytes(StandardCharsets.UTF_8));
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

  private static ObjectNode consequence(Consequence consequence) {
    return Payloads.JSON
        .createObjectNode()
        .put("task", consequence.getTask())
        .put("path", consequence.getPath())
        .put("what", consequence.getWhat())
        .put("capability", consequence.getCapability())
        .put("attempts", consequence.getAttempts())
        .put("attemptCost", money(consequence.getAttemptCost()))
        .put("maxCost", money(consequence.getMaxCost()))
        .put("conditional", consequence.getConditional());
  }

  private static ObjectNode worst(WorstCase worst) {
    return Payloads.JSON
        .createObjectNode()
        .put("maxCost", money(worst.getMaxCost()))
        .put("more", worst.getMore())
        .put("atLeast", worst.getAtLeast());
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
  public static JsonNode payload(@Nullable Payload payload) {
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

  public static @Nullable String money(@Nullable BigDecimal amount) {
    return amount == null ? null : Money.of(amount).toString();
  }

  private static @Nullable String text(@Nullable Instant instant) {
    return instant == null ? null : instant.toString();
  }
}
