package io.ligature.state.engine;

import io.ligature.avro.Constraints;
import io.ligature.avro.EarlierAttempt;
import io.ligature.avro.Payload;
import io.ligature.avro.TaskEnvelope;
import io.ligature.avro.WorkflowContext;
import io.ligature.schemas.Money;
import io.ligature.schemas.definition.ExpressionException;
import io.ligature.schemas.definition.TaskDefinition;
import io.ligature.schemas.definition.TaskDefinition.AgentWork;
import io.ligature.schemas.definition.Template;
import io.ligature.schemas.wire.Payloads;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes what an agent is given. */
final class Envelopes {

  private Envelopes() {}

  /**
   * @throws ExpressionException when the input cannot be rendered or is too large
   */
  static TaskEnvelope of(
      Transition t, String task, int attempt, Money hold, List<String> excludedAgents) {
    TaskDefinition definition = t.definitionOf(task);
    AgentWork work = workOf(definition);
    Payload input = render(t, work.input(), "the input of " + task);
    WorkflowRow workflow = t.workflow();
    TaskRow row = t.task(task);
    Money left = workflow.ledger().left();
    Integer priority = definition.priority();
    var limits = work.limits();
    return new TaskEnvelope(
        t.attemptId(task, attempt).toString(),
        work.capability(),
        input,
        new WorkflowContext(
            workflow.workflowId(),
            workflow.rootWorkflowId(),
            workflow.definition().name(),
            workflow.definition().version(),
            task,
            attempt,
            workflow.tenant(),
            workflow.requester(),
            Map.of(),
            workflow.ledger().spent().toDecimal(),
            left == null ? null : left.minus(hold).toDecimal(),
            earlier(row, attempt),
            row.feedback()),
        new Constraints(
            decimal(limits.maxCost()), limits.timeout().toMillis(), limits.qualityThreshold()),
        priority != null ? priority : workflow.priority(),
        excludedAgents,
        workflow.deadline());
  }

  /** The current attempt once more, with its hold already taken. */
  static TaskEnvelope again(Transition t, String task) {
    TaskRow row = t.task(task);
    return of(t, task, row.attempt(), Money.ZERO, row.excludedAgents());
  }

  static AgentWork workOf(TaskDefinition definition) {
    return switch (definition.action()) {
      case AgentWork work -> work;
      case TaskDefinition.ReviewGate _,
          TaskDefinition.ChildWorkflow _,
          TaskDefinition.Wait _,
          TaskDefinition.AwaitSignal _,
          TaskDefinition.Composite _ ->
          throw new IllegalStateException("'" + definition.name() + "' is no agent's work");
    };
  }

  /** Passes the bytes on unread where the template only copies them. */
  static Payload render(Transition t, Template template, String what) {
    Payload payload =
        switch (template.copies()) {
          case Template.Copy.OfInput copy -> orJsonNull(t.state().payload(Slot.INPUT));
          case Template.Copy.OfOutput copy ->
              orJsonNull(t.state().payload(Slot.output(copy.task())));
          case Template.Copy.OfLocal copy -> Payloads.json(template.render(new TransitionScope(t)));
          case null -> Payloads.json(template.render(new TransitionScope(t)));
        };
    t.tuning()
        .payloadLimit()
        .violation(what, payload)
        .ifPresent(
            violation -> {
              throw new ExpressionException(violation);
            });
    return payload;
  }

  private static Payload orJsonNull(@Nullable Payload payload) {
    return payload != null
        ? payload
        : Payloads.json(com.fasterxml.jackson.databind.node.NullNode.getInstance());
  }

  /** Attempts before that number, oldest first. */
  static List<EarlierAttempt> earlier(TaskRow row, int attempt) {
    List<EarlierAttempt> earlier = new ArrayList<>();
    for (AttemptRow a : row.attempts()) {
      if (a.number() < attempt) {
        earlier.add(
            new EarlierAttempt(
                a.number(),
                a.agent(),
                a.failure(),
                a.costKnown() ? a.charged().toDecimal() : null));
      }
    }
    return earlier;
  }

  static @Nullable BigDecimal decimal(@Nullable Money money) {
    return money == null ? null : money.toDecimal();
  }
}
