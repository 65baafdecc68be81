package io.ligature.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.avro.Constraints;
import io.ligature.avro.EarlierAttempt;
import io.ligature.avro.Failure;
import io.ligature.avro.TaskEnvelope;
import io.ligature.avro.WorkflowContext;
import io.ligature.schemas.ErrorKind;
import io.ligature.schemas.Money;
import io.ligature.schemas.wire.Payloads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The JSON that agents over HTTP and scripts are asked with and answer with; see agents.md. */
final class AgentProtocol {

  /** Where protocols of others carry the attempt's id beside what they have themselves. */
  static final String ATTEMPT_KEY = "io.ligature/attempt";

  /** The same for the context of the attempt. */
  static final String CONTEXT_KEY = "io.ligature/context";

  /** Where an agent may tell, in a protocol of others, what it tells in {@code metadata} here. */
  private static final String METADATA_KEY = "io.ligature/metadata";

  private AgentProtocol() {}

  static byte[] request(AgentCall call) {
    TaskEnvelope envelope = call.envelope();
    ObjectNode request = JsonNodeFactory.instance.objectNode();
    request.put("id", envelope.getId());
    request.put("capability", envelope.getCapability());
    request.set("input", call.input());
    request.set("context", context(envelope.getContext()));
    request.set("constraints", constraints(envelope.getConstraints(), call.timeout()));
    try {
      return Payloads.JSON.writeValueAsBytes(request);
    } catch (IOException e) {
      throw new UncheckedIOException("writing JSON to memory failed", e);
    }
  }

  /** Where in which workflow the attempt stands. */
  static ObjectNode context(WorkflowContext context) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("workflowId", context.getWorkflowId());
    json.put("task", context.getTask());
    json.put("attempt", context.getAttempt());
    json.put("definition", context.getDefinition());
    json.put("tenant", context.getTenant());
    json.put("requester", context.getRequester());
    ObjectNode variables = json.putObject("variables");
    context.getVariables().forEach((name, text) -> variables.set(name, variable(text)));
    ArrayNode earlier = json.putArray("earlierAttempts");
    for (EarlierAttempt each : context.getEarlierAttempts()) {
      ObjectNode attempt = earlier.addObject();
      attempt.put("attempt", each.getAttempt());
      attempt.put("agent", each.getAgent());
      Failure failure = each.getFailure();
      if (failure != null) {
        attempt
            .putObject("failure")
            .put("kind", failure.getKind())
            .put("message", failure.getMessage());
      }
    }
    ArrayNode feedback = json.putArray("reviewFeedback");
    context.getReviewFeedback().forEach(feedback::add);
    return json;
  }

  /** Variables travel as JSON text; one that is none is handed on as a text. */
  private static JsonNode variable(String text) {
    try {
      return Payloads.JSON.readTree(text);
    } catch (IOException e) {
      return JsonNodeFactory.instance.textNode(text);
    }
  }

  private static ObjectNode constraints(Constraints constraints, Duration timeout) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    BigDecimal maxCost = constraints.getMaxCost();
    if (maxCost != null) {
      json.put("maxCost", Money.of(maxCost).toString());
    }
    json.put("timeout", timeout.toString());
    Double threshold = constraints.getQualityThreshold();
    if (threshold != null) {
      json.put("qualityThreshold", threshold);
    }
    return json;
  }

  /** What an agent answered; an answer of another shape is a {@code schema_mismatch}. */
  static AgentOutcome outcome(byte[] answer) {
    JsonNode json;
    try {
      json = Payloads.JSON.readTree(answer);
    } catch (IOException e) {
      return mismatch("the agent's answer is not JSON (" + answer.length + " bytes)");
    }
    if (!json.isObject()) {
      return mismatch("the agent's answer is not a JSON object with status, output or error");
    }
    try {
      return outcome(json);
    } catch (WrongShapeException e) {
      return mismatch("the agent's answer: " + e.getMessage());
    }
  }

  /** A failure told in the protocol's own words; empty when the bytes are anything else. */
  static Optional<AgentOutcome.Failed> failure(byte[] answer) {
    try {
      JsonNode json = Payloads.JSON.readTree(answer);
      boolean told = json.isObject() && json.path("error").path("kind").isTextual();
      return told && outcome(json) instanceof AgentOutcome.Failed failed
          ? Optional.of(failed)
          : Optional.empty();
    } catch (IOException | WrongShapeException e) {
      return Optional.empty();
    }
  }

  /** What an agent told of a call beside its answer in a protocol of others. */
  static CallMetadata told(JsonNode beside) throws CallFailedException {
    try {
      return metadata(beside.path(METADATA_KEY));
    } catch (WrongShapeException e) {
      throw CallFailedException.possiblyBilled(
          ErrorKind.SCHEMA_MISMATCH, "the agent's " + METADATA_KEY + ": " + e.getMessage());
    }
  }

  private static AgentOutcome outcome(JsonNode json) throws WrongShapeException {
    CallMetadata metadata = metadata(json.path("metadata"));
    JsonNode output = json.path("output");
    String status = text(json, "status");
    if (status == null) {
      status = !output.isMissingNode() ? "success" : json.has("error") ? "failure" : "";
    }
    return switch (status) {
      case "success" -> new AgentOutcome.Success(required(output), metadata);
      case "needs_review" ->
          new AgentOutcome.NeedsReview(
              required(output), metadata, text(json.path("error"), "message"));
      case "failure" -> new AgentOutcome.Failed(failure(json.path("error")), metadata);
      case "" -> throw new WrongShapeException("has neither output nor error");
      default -> throw new WrongShapeException("status is none of success, failure, needs_review");
    };
  }

  private static JsonNode required(JsonNode output) throws WrongShapeException {
    if (output.isMissingNode()) {
      throw new WrongShapeException("has no output");
    }
    return output;
  }

  private static CallFailure failure(JsonNode error) throws WrongShapeException {
    String kindName = text(error, "kind");
    String message = text(error, "message");
    Optional<ErrorKind> kind = kindName == null ? Optional.empty() : ErrorKind.ofWireName(kindName);
    String words = message == null ? "the agent reports a failure without a message" : message;
    if (kindName != null && kind.isEmpty()) {
      words = "(unknown error kind '" + bounded(kindName) + "') " + words;
    }
    return new CallFailure(
        kind.orElse(ErrorKind.MODEL_ERROR),
        words,
        duration(error, "retryAfter"),
        error.path("possiblyBilled").asBoolean(false));
  }

  private static CallMetadata metadata(JsonNode json) throws WrongShapeException {
    if (json.isMissingNode() || json.isNull()) {
      return CallMetadata.UNKNOWN;
    }
    if (!json.isObject()) {
      throw new WrongShapeException("metadata is not an object");
    }
    return new CallMetadata(
        cost(json.path("cost")),
        confidence(json.path("confidence")),
        text(json, "model"),
        count(json, "inputTokens"),
        count(json, "cachedInputTokens"),
        count(json, "outputTokens"),
        text(json, "providerRequestId"));
  }

  private static @Nullable Money cost(JsonNode cost) throws WrongShapeException {
    if (cost.isMissingNode() || cost.isNull()) {
      return null;
    }
    try {
      if (cost.isTextual() || cost.isNumber()) {
        Money money = Money.of(new BigDecimal(cost.asText()));
        if (!money.isNegative()) {
          return money;
        }
      }
    } catch (ArithmeticException | NumberFormatException e) {
      // Refused below, as a negative one is.
    }
    throw new WrongShapeException("metadata.cost is not an amount; give one such as \"0.02\"");
  }

  private static @Nullable Double confidence(JsonNode confidence) throws WrongShapeException {
    if (confidence.isMissingNode() || confidence.isNull()) {
      return null;
    }
    double value = confidence.asDouble(-1);
    if (!confidence.isNumber() || value < 0 || value > 1) {
      throw new WrongShapeException("metadata.confidence is not a number from 0 to 1");
    }
    return value;
  }

  private static @Nullable Long count(JsonNode json, String key) throws WrongShapeException {
    JsonNode value = json.path(key);
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
      throw new WrongShapeException("metadata." + key + " is not a count");
    }
    return value.longValue();
  }

  private static @Nullable Duration duration(JsonNode json, String key) throws WrongShapeException {
    String text = text(json, key);
    if (text == null) {
      return null;
    }
    try {
      Duration duration = Duration.parse(text);
      return duration.isNegative() ? Duration.ZERO : duration;
    } catch (DateTimeParseException e) {
      throw new WrongShapeException("error." + key + " is not a duration such as PT5S");
    }
  }

  private static @Nullable String text(JsonNode json, String key) throws WrongShapeException {
    JsonNode value = json.path(key);
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    if (!value.isTextual()) {
      throw new WrongShapeException(key + " is not a text");
    }
    return value.textValue();
  }

  private static String bounded(String text) {
    return text.length() <= 60 ? text : text.substring(0, 60) + "…";
  }

  /** The agent answered, so it may charge. */
  private static AgentOutcome mismatch(String message) {
    return AgentOutcome.possiblyBilled(ErrorKind.SCHEMA_MISMATCH, message);
  }

  private static final class WrongShapeException extends Exception {
    WrongShapeException(String message) {
      super(message);
    }
  }
}
