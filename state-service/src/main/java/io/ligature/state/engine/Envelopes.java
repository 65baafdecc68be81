package io.ligature.state.engine;

import io.ligature.avro.Constraints;
import io.ligature.avro.EarlierAttempt;
import io.ligature.avro.Payload;
import io.ligature.avro.RoutingHints;
import io.ligature.avro.TaskEnvelope;
import io.ligature.avro.WorkflowContext;
import io.ligature.schemas.Money;
import io.ligature.schemas.definition.ExpressionException;
import io.ligature.schemas.definition.TaskDefinition.AgentWork;
import io.ligature.schemas.definition.TaskDefinition.Routing;
import io.ligature.schemas.definition.Template;
import io.ligature.schemas.wire.Payloads;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes what an agent is given. */
final class Envelopes {

  private Envelopes() {}

  /**
   * @param hold taken from the budget for it; below the definition's where it has to do with less
   * @throws ExpressionException when the input cannot be rendered or is too large
   */
  static TaskEnvelope of(
      Transition t, String task, int attempt, Money hold, List<String> excludedAgents) {
    Money left = Books.ledger(t.state(), task).left();
    return of(t, task, attempt, hold, excludedAgents, left == null ? null : left.minus(hold));
  }

  private static TaskEnvelope of(
      Transition t,
      String task,
      int attempt,
      Money hold,
      List<String> excludedAgents,
      @Nullable Money left) {
    AgentWork work = workOf(t, task);
    Payload input = input(t, task, work.input());
    WorkflowRow workflow = t.workflow();
    TaskRow row = t.task(task);
    var limits = work.limits();
    Money wanted = Attempts.holdOf(work);
    Money maxCost = hold.compareTo(wanted) < 0 && hold.micros() > 0 ? hold : limits.maxCost();
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
            Variables.texts(t),
            workflow.ledger().spent().toDecimal(),
            decimal(left),
            earlier(row, attempt),
            row.feedback()),
        new Constraints(decimal(maxCost), limits.timeout().toMillis(), limits.qualityThreshold()),
        priority(t, task),
        excludedAgents,
        notAfter(t, task),
        routing(work, Remedies.sameAgent(t.definitionOf(task), row, attempt)),
        Remedies.largerContextThan(row, input),
        work.handling().cacheMaxAge() == null ? null : work.handling().cacheMaxAge().toMillis(),
        work.handling().shareIdenticalCalls());
  }

  /**
   * @param same the agent that comes first whatever the task says; null: none
   */
  private static @Nullable RoutingHints routing(AgentWork work, @Nullable String same) {
    Routing routing = work.handling().routing();
    if (same == null && routing.equals(Routing.ANY)) {
      return null;
    }
    List<String> prefer = new ArrayList<>(routing.prefer());
    if (same != null && !same.equals(routing.pin())) {
      prefer.remove(same);
      prefer.addFirst(same);
    }
    return new RoutingHints(prefer, routing.avoid(), routing.pin(), routing.sticky());
  }

  /** The task's own, or what a command put in its place; of a critic what it judges. */
  static Payload input(Transition t, String task, Template template) {
    if (t.plan().node(task).kind() == Node.Kind.CRITIC) {
      return Critics.input(t, task);
    }
    Payload own = t.task(task).ownInput() ? t.state().payload(Slot.ownInput(task)) : null;
    return own != null
        ? own
        : render(t, template, TransitionScope.of(t, task), "the input of " + task);
  }

  /** Its own, else that of the nearest task around it that has one, else the workflow's. */
  static int priority(Transition t, String task) {
    for (String at = task; !at.isEmpty(); at = Paths.parent(at)) {
      Integer priority = t.definitionOf(at).priority();
      if (priority != null) {
        return priority;
      }
    }
    return t.workflow().priority();
  }

  /**
   * The earliest of the ends of the workflow, the task, and the tasks around it; null: none. What
   * undoes a task has as long as it needs: those ends may be why it is undone.
   */
  static @Nullable Instant notAfter(Transition t, String task) {
    if (t.plan().node(task).kind() == Node.Kind.UNDO) {
      return null;
    }
    Instant first = t.workflow().deadline();
    for (String at = task; !at.isEmpty(); at = Paths.parent(at)) {
      Instant own = t.task(at).deadline();
      if (own != null && (first == null || own.isBefore(first))) {
        first = own;
      }
    }
    return first;
  }

  /** The current attempt once more, with its hold already taken. */
  static TaskEnvelope again(Transition t, String task) {
    TaskRow row = t.task(task);
    Money left = Books.ledger(t.state(), task).left();
    return of(t, task, row.attempt(), row.held(), row.excludedAgents(), left);
  }

  static AgentWork workOf(Transition t, String task) {
    if (t.definitionOf(task).action() instanceof AgentWork work) {
      return work;
    }
    throw new IllegalStateException("'" + task + "' is no agent's work");
  }

  /** Passes the bytes on unread where the template only copies them. */
  static Payload render(Transition t, Template template, TransitionScope scope, String what) {
    Payload payload =
        switch (template.copies()) {
          case Template.Copy.OfInput copy -> orJsonNull(t.state().payload(Slot.INPUT));
          case Template.Copy.OfOutput copy ->
              orJsonNull(
                  t.state().payload(Slot.output(t.plan().resolve(scope.block(), copy.task()))));
          case Template.Copy.OfLocal copy -> Payloads.json(scope.local(copy.name()));
          case null -> Payloads.json(template.render(scope));
        };
    checkSize(t, what, payload);
    return payload;
  }

  static void checkSize(Transition t, String what, Payload payload) {
    t.tuning()
        .payloadLimit()
        .violation(what, payload)
        .ifPresent(
            violation -> {
              throw new ExpressionException(violation);
            });
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
