package io.ligature.executor;

import io.ligature.avro.AgentCapability;
import io.ligature.avro.AgentLimits;
import io.ligature.avro.AgentRegistration;
import io.ligature.avro.Constraints;
import io.ligature.avro.Payload;
import io.ligature.avro.Price;
import io.ligature.avro.TaskAssignment;
import io.ligature.avro.TaskEnvelope;
import io.ligature.avro.WorkflowContext;
import io.ligature.schemas.AttemptId;
import io.ligature.schemas.Money;
import io.ligature.schemas.wire.Payloads;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** Agents and assignments for tests. */
public final class Samples {

  public static final String CAPABILITY = "text.echo";

  private Samples() {}

  public static AgentRegistration agent(String id, String adapter) {
    return agent(id, adapter, "{}", null, null);
  }

  public static AgentRegistration agent(
      String id, String adapter, String settings, String inputSchema, String outputSchema) {
    return AgentRegistration.newBuilder()
        .setId(id)
        .setCapabilities(List.of(new AgentCapability(CAPABILITY, inputSchema, outputSchema)))
        .setAdapter(adapter)
        .setSettings(settings)
        .setPrice(new Price(Money.of("0.02").toDecimal(), null, null, null, null, null, null))
        .setLimits(new AgentLimits())
        .setRegisteredAt(Instant.EPOCH)
        .setRegisteredBy("test")
        .build();
  }

  public static Payload json(String text) {
    return Payloads.of(Payloads.JSON_TYPE, text.getBytes(StandardCharsets.UTF_8));
  }

  public static TaskEnvelope envelope(String attempt, Payload input, Duration timeout) {
    AttemptId id = AttemptId.parse(attempt);
    return TaskEnvelope.newBuilder()
        .setId(attempt)
        .setCapability(CAPABILITY)
        .setInput(input)
        .setContext(
            WorkflowContext.newBuilder()
                .setWorkflowId(id.workflowId())
                .setRootWorkflowId(id.workflowId())
                .setDefinition("echo")
                .setDefinitionVersion(1)
                .setTask(id.task())
                .setAttempt(id.number())
                .setTenant("default")
                .setRequester("ann")
                .setSpent(Money.ZERO.toDecimal())
                .build())
        .setConstraints(new Constraints(null, timeout.toMillis(), null))
        .build();
  }

  public static TaskAssignment assignment(String attempt, String agent) {
    return assignment(envelope(attempt, json("{\"n\": 1}"), Duration.ofMinutes(1)), agent);
  }

  public static TaskAssignment assignment(TaskEnvelope envelope, String agent) {
    return new TaskAssignment(
        envelope,
        agent,
        "1",
        "default",
        Instant.now().truncatedTo(ChronoUnit.MILLIS),
        List.of(),
        false,
        null);
  }
}
