package io.ligature.router.routing;

import io.ligature.avro.AgentCapability;
import io.ligature.avro.AgentLimits;
import io.ligature.avro.AgentRegistration;
import io.ligature.avro.AgentStatus;
import io.ligature.avro.Constraints;
import io.ligature.avro.Price;
import io.ligature.avro.TaskEnvelope;
import io.ligature.avro.WorkflowContext;
import io.ligature.schemas.AttemptId;
import io.ligature.schemas.Money;
import io.ligature.schemas.wire.Payloads;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Agents, statuses and tasks as tests need them. */
public final class Samples {

  public static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  public static final String CAPABILITY = "text.summarise";

  private Samples() {}

  public static AgentRegistration.Builder agent(String id, String perCall) {
    return AgentRegistration.newBuilder()
        .setId(id)
        .setCapabilities(List.of(new AgentCapability(CAPABILITY, null, null)))
        .setAdapter("noop")
        .setPrice(price(perCall))
        .setLimits(new AgentLimits(null, null, null, null))
        .setRegisteredAt(NOW)
        .setRegisteredBy("olga");
  }

  public static Price price(String perCall) {
    return new Price(
        perCall == null ? null : Money.of(perCall).toDecimal(), null, null, null, null, null, null);
  }

  public static AgentStatus.Builder status(String agent) {
    return AgentStatus.newBuilder()
        .setAgent(agent)
        .setExecutor("executor-1")
        .setPool("default")
        .setInFlight(0)
        .setSucceeded(0)
        .setFailed(0)
        .setRecentCalls(0)
        .setRecentFailures(0)
        .setHeartbeatAt(NOW);
  }

  public static TaskEnvelope.Builder task(String attempt) {
    AttemptId id = AttemptId.parse(attempt);
    return TaskEnvelope.newBuilder()
        .setId(attempt)
        .setCapability(CAPABILITY)
        .setInput(Payloads.of(Payloads.JSON_TYPE, new byte[] {'{', '}'}))
        .setContext(context(id, "default"))
        .setConstraints(new Constraints(null, 60_000L, null));
  }

  public static WorkflowContext context(AttemptId id, String tenant) {
    return WorkflowContext.newBuilder()
        .setWorkflowId(id.workflowId())
        .setRootWorkflowId(id.workflowId())
        .setDefinition("research-report")
        .setDefinitionVersion(1)
        .setTask(id.task())
        .setAttempt(id.number())
        .setTenant(tenant)
        .setRequester("ada")
        .setVariables(Map.of())
        .setSpent(Money.ZERO.toDecimal())
        .build();
  }
}
