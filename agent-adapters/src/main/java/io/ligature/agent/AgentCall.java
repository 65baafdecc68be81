package io.ligature.agent;

import com.fasterxml.jackson.databind.JsonNode;
import io.ligature.avro.AgentRegistration;
import io.ligature.avro.TaskEnvelope;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One call of one agent.
 *
 * @param envelope the attempt; its id goes to the agent as idempotency key
 * @param input the envelope's input, opened
 * @param timeout how long the call may take, from now
 * @param traceparent W3C trace context to hand on; null without one
 * @param progress hears how far the agent is
 */
public record AgentCall(
    TaskEnvelope envelope,
    JsonNode input,
    AgentRegistration agent,
    Duration timeout,
    @Nullable String traceparent,
    ProgressListener progress) {

  public String attempt() {
    return envelope.getId();
  }
}
