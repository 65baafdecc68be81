package io.ligature.executor.execution;

import io.ligature.avro.AgentRegistration;
import io.ligature.avro.TaskAssignment;
import io.ligature.avro.TaskEnvelope;
import io.ligature.avro.WorkflowContext;
import io.ligature.schemas.wire.Payloads;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What makes two calls identical: the same question to the same agent for the same tenant, with the
 * same workflow variables.
 *
 * @param registeredAt a registration that was put again may have other settings
 * @param input hash of it
 * @param variables hash of them; null when there are none
 */
record CallKey(
    String tenant,
    String capability,
    String agent,
    String version,
    Instant registeredAt,
    String input,
    @Nullable String variables) {

  static CallKey of(TaskAssignment assignment, AgentRegistration agent) {
    TaskEnvelope envelope = assignment.getEnvelope();
    WorkflowContext context = envelope.getContext();
    return new CallKey(
        context.getTenant(),
        envelope.getCapability(),
        agent.getId(),
        agent.getVersion(),
        agent.getRegisteredAt(),
        envelope.getInput().getSha256(),
        hash(context.getVariables()));
  }

  /** A task that has failed, or was sent back, asks again because it wants another answer. */
  static boolean wantsAnother(TaskEnvelope envelope) {
    WorkflowContext context = envelope.getContext();
    return !context.getEarlierAttempts().isEmpty() || !context.getReviewFeedback().isEmpty();
  }

  private static @Nullable String hash(Map<String, String> variables) {
    if (variables.isEmpty()) {
      return null;
    }
    StringBuilder text = new StringBuilder();
    new TreeMap<>(variables)
        .forEach(
            (name, value) ->
                text.append(name.length())
                    .append(':')
                    .append(name)
                    .append(value.length())
                    .append(':')
                    .append(value));
    return Payloads.sha256(text.toString().getBytes(StandardCharsets.UTF_8));
  }
}
