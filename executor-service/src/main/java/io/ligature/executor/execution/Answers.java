package io.ligature.executor.execution;

import com.fasterxml.jackson.databind.JsonNode;
import io.ligature.agent.AgentOutcome;
import io.ligature.agent.AgentOutcome.ByHand;
import io.ligature.agent.AgentOutcome.Failed;
import io.ligature.agent.AgentOutcome.NeedsReview;
import io.ligature.agent.AgentOutcome.Success;
import io.ligature.agent.AgentOutcome.Text;
import io.ligature.agent.CallFailure;
import io.ligature.agent.CallMetadata;
import io.ligature.agent.Pricing;
import io.ligature.avro.AgentRegistration;
import io.ligature.avro.Payload;
import io.ligature.avro.Price;
import io.ligature.avro.TaskAssignment;
import io.ligature.executor.execution.repair.Repair;
import io.ligature.executor.execution.repair.Repair.Accepted;
import io.ligature.executor.execution.repair.Repair.Judged;
import io.ligature.executor.execution.repair.Repair.Refused;
import io.ligature.schemas.ErrorKind;
import io.ligature.schemas.wire.PayloadLimit;
import io.ligature.schemas.wire.Payloads;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Judges what an agent answered: repairs its form, holds it against its schema, prices it. */
final class Answers {

  private final PayloadLimit limit;
  private final Clock clock;

  Answers(PayloadLimit limit, Clock clock) {
    this.limit = limit;
    this.clock = clock;
  }

  /** What an answer is judged by. */
  record Terms(TaskAssignment assignment, AgentRegistration agent, JsonContract output) {}

  Made judge(AgentOutcome outcome, Terms terms, Duration duration) {
    return switch (outcome) {
      case Failed(CallFailure failure, CallMetadata told) -> {
        Instant now = clock.instant();
        Price price = terms.agent.getPrice();
        boolean free = Pricing.isFree(price, now);
        CallMetadata metadata = told.withCost(Pricing.costOfFailure(price, told, now));
        CallFailure honest =
            new CallFailure(
                failure.kind(),
                failure.message(),
                failure.retryAfter(),
                failure.possiblyBilled() && !free);
        yield Made.of(new Failed(honest, metadata), duration, true);
      }
      case Success(JsonNode output, CallMetadata told) ->
          served(
              Repair.judge(output, terms.output),
              Success::new,
              priced(told, terms),
              terms,
              duration);
      case Text(String text, CallMetadata told) ->
          served(
              Repair.judge(text, terms.output), Success::new, priced(told, terms), terms, duration);
      case NeedsReview(JsonNode output, CallMetadata told, String reason) ->
          served(
              Repair.judge(output, terms.output),
              (value, metadata) -> new NeedsReview(value, metadata, reason),
              priced(told, terms),
              terms,
              duration);
      // There is no output yet; what the person enters is checked where it is entered.
      case ByHand(String instructions, String role, CallMetadata told) ->
          new Made(
              new ByHand(instructions, role, priced(told, terms)),
              null,
              duration,
              true,
              List.of(),
              null,
              schema(terms, 0),
              null);
    };
  }

  private CallMetadata priced(CallMetadata told, Terms terms) {
    return told.withCost(Pricing.cost(terms.agent.getPrice(), told, clock.instant()));
  }

  private Made served(
      Judged judged,
      BiFunction<JsonNode, CallMetadata, AgentOutcome> outcome,
      CallMetadata metadata,
      Terms terms,
      Duration duration) {
    return switch (judged) {
      case Accepted(JsonNode value, List<String> repairs) -> {
        Payload payload = Payloads.json(value);
        String tooLarge = limit.violation("output", payload).orElse(null);
        if (tooLarge != null) {
          yield mismatch(tooLarge, metadata, null, terms, duration);
        }
        AgentOutcome good = outcome.apply(value, metadata);
        Double calibrated =
            ConfidenceCurve.correct(terms.assignment.getCalibration(), metadata.confidence());
        boolean doubtful =
            good instanceof NeedsReview
                || isBelowThreshold(calibrated, metadata.confidence(), terms.assignment);
        yield new Made(
            good,
            payload,
            duration,
            true,
            repairs,
            calibrated,
            doubtful ? schema(terms, payload.getSize()) : null,
            null);
      }
      case Refused(JsonNode value, List<String> violations) ->
          mismatch(
              "output is not what the agent promises: " + String.join("; ", violations),
              metadata,
              value,
              terms,
              duration);
    };
  }

  private static boolean isBelowThreshold(
      @Nullable Double calibrated, @Nullable Double claimed, TaskAssignment assignment) {
    Double threshold = assignment.getEnvelope().getConstraints().getQualityThreshold();
    Double confidence = calibrated != null ? calibrated : claimed;
    return threshold != null && confidence != null && confidence < threshold;
  }

  /** The agent has done its work, so what it costs stands, and what it made is kept. */
  private Made mismatch(
      String message,
      CallMetadata metadata,
      @Nullable JsonNode rejected,
      Terms terms,
      Duration duration) {
    CallFailure failure = CallFailure.possiblyBilled(ErrorKind.SCHEMA_MISMATCH, message);
    Payload payload = rejected == null ? null : Payloads.json(rejected);
    if (payload != null && limit.violation("output", payload).isPresent()) {
      payload = null;
    }
    return new Made(
        new Failed(failure, metadata),
        payload,
        duration,
        true,
        List.of(),
        ConfidenceCurve.correct(terms.assignment.getCalibration(), metadata.confidence()),
        payload == null ? null : schema(terms, payload.getSize()),
        null);
  }

  /** Only where it fits into the record beside the output. */
  private @Nullable String schema(Terms terms, long outputBytes) {
    String text = terms.output.text();
    return text != null && outputBytes + text.length() <= limit.maxBytes() ? text : null;
  }
}
