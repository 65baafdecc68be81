package io.ligature.executor.execution;

import com.fasterxml.jackson.databind.JsonNode;
import io.ligature.agent.Adapters;
import io.ligature.agent.AgentCall;
import io.ligature.agent.AgentContract;
import io.ligature.agent.AgentOutcome;
import io.ligature.agent.AgentOutcome.Failed;
import io.ligature.agent.CallFailure;
import io.ligature.agent.ProgressListener;
import io.ligature.avro.AgentRegistration;
import io.ligature.avro.TaskAssignment;
import io.ligature.avro.TaskEnvelope;
import io.ligature.executor.execution.Answers.Terms;
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
 * Makes attempts: finds the agent, checks the input, calls once or takes what an identical call
 * gave where the task allows it, judges the answer. Whatever goes wrong is part of what it returns.
 */
public final class Calls {

  private static final int PREPARED_AGENTS = 2_000;

  private final AgentDirectory directory;
  private final PreparedAgents agents;
  private final Answers answers;
  private final Reuse reuse;
  private final Clock clock;

  public Calls(
      AgentDirectory directory,
      Adapters adapters,
      PayloadLimit limit,
      ResultCache cache,
      Clock clock) {
    this.directory = directory;
    this.agents = new PreparedAgents(adapters, PREPARED_AGENTS);
    this.answers = new Answers(limit, clock);
    this.reuse = new Reuse(cache, answers, clock);
    this.clock = clock;
  }

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
    Terms terms = new Terms(assignment, registration, schemas.output());
    AgentCall call = new AgentCall(envelope, input, registration, timeout, traceparent, progress);
    return reuse.make(
        terms, control, timeout, left -> call(contract, within(call, left), terms, control));
  }

  private static AgentCall within(AgentCall call, Duration left) {
    return new AgentCall(
        call.envelope(), call.input(), call.agent(), left, call.traceparent(), call.progress());
  }

  private Optional<Made> call(
      AgentContract contract, AgentCall call, Terms terms, CallControl control) {
    if (!control.enter()) {
      return notBegun(control);
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
    return Optional.of(answers.judge(outcome, terms, duration));
  }

  /** Empty when it was handed over. */
  static Optional<Made> notBegun(CallControl control) {
    return control.ending() == Ending.HANDED_OVER
        ? Optional.empty()
        : refused(ErrorKind.CANCELLED, "cancelled before the call: " + control.reason());
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

  static Optional<Made> refused(ErrorKind kind, String message) {
    return Optional.of(Made.of(AgentOutcome.unbilled(kind, message), Duration.ZERO, false));
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
