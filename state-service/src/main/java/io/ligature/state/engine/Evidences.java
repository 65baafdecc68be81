package io.ligature.state.engine;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.avro.Consequence;
import io.ligature.avro.Evidence;
import io.ligature.avro.Grade;
import io.ligature.avro.NeedsReview;
import io.ligature.avro.Payload;
import io.ligature.avro.ResultMetadata;
import io.ligature.avro.TaskResult;
import io.ligature.avro.WorstCase;
import io.ligature.schemas.ErrorKind;
import io.ligature.schemas.Money;
import io.ligature.schemas.definition.ExpressionException;
import io.ligature.schemas.definition.TaskDefinition;
import io.ligature.schemas.definition.TaskDefinition.AgentWork;
import io.ligature.schemas.definition.TaskDefinition.ReviewGate;
import io.ligature.schemas.definition.TaskDefinition.Skip;
import io.ligature.schemas.definition.Template;
import io.ligature.schemas.wire.Payloads;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What reviewers are shown. The payloads of one request together stay below the limit of one: what
 * no longer fits is left out, the furthest first, and the subject never.
 */
final class Evidences {

  private Evidences() {}

  static @Nullable Payload subjectOf(Transition t, String task, ReviewGate gate) {
    Template subject = gate.subject();
    if (subject != null) {
      return Envelopes.render(t, subject, TransitionScope.of(t, task), "the subject of " + task);
    }
    List<String> needs = t.plan().needs(task);
    if (needs.size() == 1) {
      return t.state().payload(Slot.output(needs.getFirst()));
    }
    if (needs.isEmpty()) {
      return t.state().payload(Slot.INPUT);
    }
    ObjectNode all = Payloads.JSON.createObjectNode();
    for (String need : needs) {
      all.set(need.substring(Paths.lastStep(need) + 1), t.json(Slot.output(need)));
    }
    Payload payload = Payloads.json(all);
    Envelopes.checkSize(t, "the subject of " + task, payload);
    return payload;
  }

  /**
   * @param result that is not folded yet and asks for the review itself; null: none
   * @param purpose what is asked
   * @param mayChange true: the task can be done again with a reviewer's wishes
   * @param passed why nobody has to look; null: people decide
   */
  static NeedsReview request(
      Transition t,
      String task,
      TaskDefinition.ReviewRule rule,
      String reason,
      @Nullable Payload subject,
      @Nullable Instant expiresAt,
      @Nullable TaskResult result,
      TaskState.Purpose purpose,
      boolean mayChange,
      @Nullable String passed) {
    WorkflowRow workflow = t.workflow();
    Money left = Books.ledger(t.state(), task).left();
    List<Consequence> consequences = new ArrayList<>();
    List<WorstCase> worstCases = new ArrayList<>();
    if (passed == null) {
      for (Consequences way :
          List.of(
              Consequences.ofApproval(t, task, purpose),
              Consequences.ofRejection(t, task, purpose))) {
        consequences.addAll(way.listed());
        worstCases.add(way.worst());
      }
    }
    return new NeedsReview(
        ReviewRow.id(workflow.workflowId(), task, t.task(task).reviews() + 1),
        workflow.workflowId(),
        workflow.rootWorkflowId(),
        workflow.definition().name(),
        task,
        workflow.tenant(),
        workflow.requester(),
        reason,
        ReviewRules.of(rule, ReviewRules.silenceOf(t.definitionOf(task))),
        subject,
        result == null ? t.task(task).outputSchema() : result.getOutputSchema(),
        evidence(t, task, subject, result),
        t.plan().dependents(task),
        onRejection(t, task),
        workflow.ledger().spent().toDecimal(),
        left == null ? null : left.toDecimal(),
        t.now(),
        expiresAt,
        purpose.name().toLowerCase(Locale.ROOT),
        mayChange,
        t.task(task).feedback().size(),
        passed,
        consequences,
        worstCases);
  }

  private static List<String> onRejection(Transition t, String task) {
    var ladder = Remedies.ladder(t.definitionOf(task), ErrorKind.REJECTED_BY_REVIEWER);
    if (!ladder.isEmpty() && ladder.getFirst() instanceof Skip) {
      return List.of(task);
    }
    return Joins.failsWith(t, task) ? List.of("workflow") : List.of();
  }

  private static List<Evidence> evidence(
      Transition t, String task, @Nullable Payload subject, @Nullable TaskResult result) {
    Room room = new Room(t.tuning().payloadLimit().maxBytes());
    room.takes(subject);
    List<Evidence> all = new ArrayList<>();
    switch (t.definitionOf(task).action()) {
      case AgentWork work -> {
        Evidence known = of(t, task, null, room);
        all.add(result == null ? known : told(known, result));
      }
      case ReviewGate gate -> {
        for (String need : t.plan().needs(task)) {
          all.add(of(t, need, t.state().payload(Slot.output(need)), room));
        }
      }
      case TaskDefinition.ChildWorkflow _,
          TaskDefinition.Wait _,
          TaskDefinition.AwaitSignal _,
          TaskDefinition.Composite _ -> {}
    }
    return all;
  }

  private static Evidence of(Transition t, String task, @Nullable Payload output, Room room) {
    TaskRow row = t.task(task);
    AttemptRow last = row.lastAttempt();
    TaskDefinition definition = t.definitionOf(task);
    AgentWork work = definition.action() instanceof AgentWork w ? w : null;
    Payload shownOutput = room.takes(output) ? output : null;
    Payload input = work == null || last == null ? null : inputOf(t, task, work);
    Grade grade =
        row.state() instanceof TaskState.Succeeded(Grade made)
            ? made
            : last == null ? null : last.grade();
    return new Evidence(
        task,
        work == null ? null : work.capability(),
        room.takes(input) ? input : null,
        shownOutput,
        last == null ? null : last.agent(),
        last == null ? null : last.model(),
        last == null || !last.costKnown() ? null : last.charged().toDecimal(),
        last == null ? null : last.confidence(),
        grade,
        last == null ? List.of() : Envelopes.earlier(row, last.number()));
  }

  private static @Nullable Payload inputOf(Transition t, String task, AgentWork work) {
    try {
      return Envelopes.input(t, task, work.input());
    } catch (ExpressionException e) {
      return null;
    }
  }

  /** The evidence as the result tells it, which is not folded yet. */
  private static Evidence told(Evidence known, TaskResult result) {
    ResultMetadata metadata = result.getMetadata();
    return new Evidence(
        known.getTask(),
        known.getCapability(),
        known.getInput(),
        known.getOutput(),
        result.getAgent(),
        metadata.getModel(),
        metadata.getCost(),
        metadata.getConfidence(),
        metadata.getGrade(),
        known.getEarlierAttempts());
  }

  /** Bytes that are left in one request. */
  private static final class Room {
    private long left;

    Room(long bytes) {
      this.left = bytes;
    }

    boolean takes(@Nullable Payload payload) {
      if (payload == null || payload.getSize() > left) {
        return false;
      }
      left -= payload.getSize();
      return true;
    }
  }
}
