package io.ligature.executor.execution;

import com.fasterxml.jackson.databind.JsonNode;
import io.ligature.agent.Adapters;
import io.ligature.agent.AgentCall;
import io.ligature.agent.AgentContract;
import io.ligature.agent.AgentOutcome;
import io.ligature.agent.AgentOutcome.ByHand;
import io.ligature.agent.AgentOutcome.Failed;
import io.ligature.agent.AgentOutcome.NeedsReview;
import io.ligature.agent.AgentOutcome.Success;
import io.ligature.agent.CallFailure;
import io.ligature.agent.CallMetadata;
import io.ligature.agent.Pricing;
import io.ligature.agent.ProgressListener;
import io.ligature.avro.AgentRegistration;
import io.ligature.avro.Payload;
import io.ligature.avro.TaskAssignment;
import io.ligature.avro.TaskEnvelope;
import io.ligature.executor.execution.CallControl.Ending;
import io.ligature.executor.execution.PreparedAgents.Prepared;
import io.ligature.executor.execution.PreparedAgents.Schemas;
import io.ligature.schemas.ErrorKind;
import io.ligature.schemas.wire.PayloadLimit;
import io.ligature.schemas.wire.Payloads;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes attempts: finds the agent, checks the input, calls once, checks the output. Whatever goes
 * wrong is part of what it returns.
 */
public final class Calls {

  private static final int PREPARED_AGENTS = 2_000;

  private final AgentDirectory directory;
  private final PreparedAgents agents;
  private final PayloadLimit limit;
  private final Clock clock;

  public Calls(AgentDirectory directory, Adapters adapters, PayloadLimit limit, Clock clock) {
    this.directory = directory;
    this.agents = new PreparedAgents(adapters, PREPARED_AGENTS);
    this.limit = limit;
    this.clock = clock;
  }

  /**
   * What one attempt came to.
   *
   * @param output set for success and needs_review, unless a person must make it
   * @param outcome its metadata holds the cost
   * @param reached the agent was called
   */
  public record Made(
      AgentOutcome outcome, @Nullable Payload output, Duration duration, boolean reached) {}

  /** Empty when the call was ended because this executor stops: then nothing is to be reported. */
  public Optional<Made> make(
      TaskAssignment assignment,
      CallControl control,
      @Nullable String traceparent,
      ProgressListener progress) {
    TaskEnvelope envelope = assignment.getEnvelope();
    AgentRegistration registration = find(assignment);
    if (registration == null) {
      return refused(ErrorKind.NO_AGENT, "agent " + assignment.getAgent() + " is not registered");
    }
    Prepared agent = agents.prepare(registration);
    Schemas schemas = agent.capabilities().get(envelope.getCapability());
    AgentContract contract = agent.contract();
    if (contract == null || schemas == null) {
      String problem =
          contract == null
              ? agent.problem()
              : "version "
                  + registration.getVersion()
                  + " does not offer "
                  + envelope.getCapability();
      return refused(ErrorKind.NO_AGENT, "agent " + assignment.getAgent() + ": " + problem);
    }
    JsonNode input;
    try {
      input = Payloads.parse(envelope.getInput());
    } catch (IllegalArgumentException e) {
      return refused(ErrorKind.INVALID_INPUT, "input: " + e.getMessage());
    }
    List<String> violations = schemas.input().violations(input);
    if (!violations.isEmpty()) {
      return refused(
          ErrorKind.INVALID_INPUT, "input is not what the agent takes: " + joined(violations));
    }
    Duration timeout = timeout(envelope, clock.instant());
    if (timeout.isNegative() || timeout.isZero()) {
      return refused(ErrorKind.TIMEOUT, "its time was over before the call began");
    }
    AgentCall call = new AgentCall(envelope, input, registration, timeout, traceparent, progress);
    return call(contract, call, schemas, control);
  }

  private Optional<Made> call(
      AgentContract contract, AgentCall call, Schemas schemas, CallControl control) {
    if (!control.enter()) {
      return control.ending() == Ending.HANDED_OVER
          ? Optional.empty()
          : refused(ErrorKind.CANCELLED, "cancelled before the call: " + control.reason());
    }
    long begun = System.nanoTime();
    AgentOutcome outcome;
    try {
      outcome = contract.call(call);
    } catch (RuntimeException | StackOverflowError e) {
      outcome =
          AgentOutcome.possiblyBilled(
              ErrorKind.MODEL_ERROR, "the adapter failed: " + e.getClass().getSimpleName());
    } finally {
      control.leave();
    }
    Duration duration = Duration.ofNanos(System.nanoTime() - begun);
    if (outcome instanceof Failed failed && failed.failure().kind() == ErrorKind.CANCELLED) {
      if (control.ending() == Ending.HANDED_OVER) {
        return Optional.empty();
      }
      outcome = ended(failed, control, call.timeout());
    }
    return Optional.of(checked(outcome, schemas, call.agent(), duration));
  }

  private static AgentOutcome ended(Failed failed, CallControl control, Duration timeout) {
    CallFailure told = failed.failure();
    Ending ending = control.ending();
    if (ending == null) {
      return failed;
    }
    CallFailure failure =
        ending == Ending.OVER_TIME
            ? new CallFailure(
                ErrorKind.TIMEOUT, "no answer within " + timeout, null, told.possiblyBilled())
            : new CallFailure(
                ErrorKind.CANCELLED,
                told.message() + ": " + control.reason(),
                null,
                told.possiblyBilled());
    return new Failed(failure, failed.metadata());
  }

  private Made checked(
      AgentOutcome outcome, Schemas schemas, AgentRegistration agent, Duration duration) {
    return switch (outcome) {
      case Failed(CallFailure failure, CallMetadata told) -> {
        boolean free = Pricing.isFree(agent.getPrice());
        CallMetadata metadata = free ? told.withCost(Pricing.cost(agent.getPrice(), told)) : told;
        CallFailure honest =
            new CallFailure(
                failure.kind(),
                failure.message(),
                failure.retryAfter(),
                failure.possiblyBilled() && !free);
        yield new Made(new Failed(honest, metadata), null, duration, true);
      }
      case Success(JsonNode output, CallMetadata told) -> {
        CallMetadata metadata = told.withCost(Pricing.cost(agent.getPrice(), told));
        yield served(new Success(output, metadata), output, schemas, duration);
      }
      case NeedsReview(JsonNode output, CallMetadata told, String reason) -> {
        CallMetadata metadata = told.withCost(Pricing.cost(agent.getPrice(), told));
        yield served(new NeedsReview(output, metadata, reason), output, schemas, duration);
      }
      // There is no output yet; what the person enters is checked where it is entered.
      case ByHand(String instructions, String role, CallMetadata told) -> {
        CallMetadata metadata = told.withCost(Pricing.cost(agent.getPrice(), told));
        yield new Made(new ByHand(instructions, role, metadata), null, duration, true);
      }
    };
  }

  private Made served(AgentOutcome outcome, JsonNode output, Schemas schemas, Duration duration) {
    List<String> violations = schemas.output().violations(output);
    if (!violations.isEmpty()) {
      return mismatch(
          "output is not what the agent promises: " + joined(violations), outcome, duration);
    }
    Payload payload = Payloads.json(output);
    return limit
        .violation("output", payload)
        .map(words -> mismatch(words, outcome, duration))
        .orElseGet(() -> new Made(outcome, payload, duration, true));
  }

  /** The agent has done its work, so what it costs stands. */
  private static Made mismatch(String message, AgentOutcome served, Duration duration) {
    CallFailure failure = CallFailure.possiblyBilled(ErrorKind.SCHEMA_MISMATCH, message);
    return new Made(new Failed(failure, served.metadata()), null, duration, true);
  }

  private static Optional<Made> refused(ErrorKind kind, String message) {
    return Optional.of(new Made(AgentOutcome.unbilled(kind, message), null, Duration.ZERO, false));
  }

  private @Nullable AgentRegistration find(TaskAssignment assignment) {
    AgentRegistration known = directory.find(assignment.getAgent());
    if (known != null && known.getVersion().equals(assignment.getAgentVersion())) {
      return known;
    }
    // The router may have seen a registration that has not come here yet.
    try {
      directory.refresh();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return directory.find(assignment.getAgent());
  }

  private static Duration timeout(TaskEnvelope envelope, Instant now) {
    Duration timeout = Duration.ofMillis(envelope.getConstraints().getTimeout());
    Instant notAfter = envelope.getNotAfter();
    if (notAfter == null) {
      return timeout;
    }
    Duration left = Duration.between(now, notAfter);
    return left.compareTo(timeout) < 0 ? left : timeout;
  }

  private static String joined(List<String> violations) {
    return String.join("; ", violations);
  }
}
