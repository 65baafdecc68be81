package io.ligature.agent;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.ligature.avro.AgentCapability;
import io.ligature.avro.AgentLimits;
import io.ligature.avro.AgentRegistration;
import io.ligature.avro.Constraints;
import io.ligature.avro.EarlierAttempt;
import io.ligature.avro.Failure;
import io.ligature.avro.Price;
import io.ligature.avro.TaskEnvelope;
import io.ligature.avro.WorkflowContext;
import io.ligature.schemas.Money;
import io.ligature.schemas.wire.Payloads;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Calls and registrations for tests. */
public final class Calls {

  private Calls() {}

  public static JsonNode json(String text) {
    try {
      return Payloads.JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  public static AgentRegistration agent(String adapter, String settings) {
    return AgentRegistration.newBuilder()
        .setId("a-1")
        .setCapabilities(List.of(new AgentCapability("web.research", null, null)))
        .setAdapter(adapter)
        .setSettings(settings)
        .setPrice(new Price())
        .setLimits(new AgentLimits())
        .setRegisteredAt(Instant.EPOCH)
        .setRegisteredBy("test")
        .build();
  }

  public static TaskEnvelope envelope(Duration timeout) {
    WorkflowContext context =
        WorkflowContext.newBuilder()
            .setWorkflowId("wf-1")
            .setRootWorkflowId("wf-1")
            .setDefinition("report")
            .setDefinitionVersion(3)
            .setTask("research")
            .setAttempt(2)
            .setTenant("default")
            .setRequester("ann")
            .setVariables(Map.of("depth", "2"))
            .setSpent(Money.ZERO.toDecimal())
            .setEarlierAttempts(
                List.of(
                    new EarlierAttempt(
                        1, "a-0", new Failure("model_error", "oops", null, false), null)))
            .setReviewFeedback(List.of("shorter"))
            .build();
    return TaskEnvelope.newBuilder()
        .setId("wf-1/research#2")
        .setCapability("web.research")
        .setInput(Payloads.json(json("{\"query\": \"q\"}")))
        .setContext(context)
        .setConstraints(new Constraints(Money.of("0.40").toDecimal(), timeout.toMillis(), 0.7))
        .build();
  }

  public static AgentCall call(Duration timeout) {
    return call(timeout, ProgressListener.NONE);
  }

  public static AgentCall call(Duration timeout, ProgressListener progress) {
    TaskEnvelope envelope = envelope(timeout);
    return new AgentCall(
        envelope,
        Payloads.parse(envelope.getInput()),
        agent("any", "{}"),
        timeout,
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        progress);
  }

  static JsonNode expectedRequest(Duration timeout) {
    return json(
        """
        {"id": "wf-1/research#2", "capability": "web.research", "input": {"query": "q"},
         "context": {"workflowId": "wf-1", "task": "research", "attempt": 2,
           "definition": "report", "tenant": "default", "requester": "ann",
           "variables": {"depth": 2},
           "earlierAttempts": [{"attempt": 1, "agent": "a-0",
             "failure": {"kind": "model_error", "message": "oops"}}],
           "reviewFeedback": ["shorter"]},
         "constraints": {"maxCost": "0.40", "timeout": "%s", "qualityThreshold": 0.7}}
        """
            .formatted(timeout));
  }
}
