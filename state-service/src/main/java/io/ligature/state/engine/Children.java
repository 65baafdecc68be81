package io.ligature.state.engine;

import io.ligature.avro.Budget;
import io.ligature.avro.ChildEnded;
import io.ligature.avro.ChildStarted;
import io.ligature.avro.Failure;
import io.ligature.avro.Grade;
import io.ligature.avro.OnExceeded;
import io.ligature.avro.ParentLink;
import io.ligature.avro.Payload;
import io.ligature.avro.PinnedDefinition;
import io.ligature.avro.StaleResultRecorded;
import io.ligature.avro.WorkflowStart;
import io.ligature.schemas.AttemptId;
import io.ligature.schemas.ChildId;
import io.ligature.schemas.ErrorKind;
import io.ligature.schemas.Money;
import io.ligature.schemas.definition.ExpressionException;
import io.ligature.schemas.definition.PayloadSchema;
import io.ligature.schemas.definition.TaskDefinition.ChildWorkflow;
import io.ligature.schemas.definition.TaskDefinition.OnParentEnd;
import io.ligature.schemas.definition.TaskDefinition.Share;
import io.ligature.schemas.wire.Payloads;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Tasks whose work is a workflow of its own. */
final class Children {

  private Children() {}

  static void begin(Transition t, String task, ChildWorkflow child) {
    TaskRow row = t.task(task);
    int number = row.attempt() + 1;
    if (number > t.tuning().maxAttempts()) {
      Attempts.giveUpForGood(t, row);
      return;
    }
    int depth = depthOf(t.workflow()) + 1;
    if (depth > t.tuning().maxDepth()) {
      Remedies.withoutRetry(
          t,
          task,
          Composites.limit(
              "a child here would be "
                  + depth
                  + " levels below the root, more than "
                  + t.tuning().maxDepth()
                  + " (ligature.state.engine.max-depth)"));
      return;
    }
    Money wanted = shareOf(t, task);
    Money share = wanted == null ? null : Attempts.affordable(t, task, wanted);
    if (wanted != null && share == null) {
      Attempts.exceed(t, task, wanted);
      return;
    }
    start(t, task, number, depth, child, share);
  }

  private static int depthOf(WorkflowRow workflow) {
    ParentLink parent = workflow.tree().parent();
    return parent == null ? 0 : parent.getDepth();
  }

  /** What is held for the child; null: there is no budget to hold it from. */
  private static @Nullable Money shareOf(Transition t, String task) {
    Share share = t.definitionOf(task).budget();
    if (share != null) {
      return share.maxCost();
    }
    Money left = Books.ledger(t.state(), task).left();
    return left == null || left.micros() >= 0 ? left : Money.ZERO;
  }

  private static void start(
      Transition t,
      String task,
      int number,
      int depth,
      ChildWorkflow child,
      @Nullable Money share) {
    WorkflowRow parent = t.workflow();
    PinnedDefinition pin = pin(parent, child);
    String id = new ChildId(parent.workflowId(), task, number).toString();
    Payload input = Envelopes.input(t, task, child.input());
    checkInput(t, pin, input);
    Share asked = t.definitionOf(task).budget();
    var own = asked == null ? null : asked.onExceeded();
    OnExceeded onExceeded =
        own == null ? Books.ledger(t.state(), task).onExceeded() : Openings.onExceeded(own);
    WorkflowStart start =
        new WorkflowStart(
            id,
            pin.getName(),
            pin.getVersion(),
            input,
            parent.requester(),
            parent.tenant(),
            Envelopes.priority(t, task),
            share == null ? null : new Budget(share.toDecimal(), onExceeded),
            Envelopes.notAfter(t, task),
            Map.copyOf(parent.labels()));
    t.emit(
        new Event.ChildStarted(
            new ChildStarted(
                task,
                number,
                id,
                pin.getName(),
                pin.getVersion(),
                (share == null ? Money.ZERO : share).toDecimal())));
    t.effect(
        new Effect.StartChild(
            start,
            new DefinitionRef(pin.getName(), pin.getVersion(), pin.getSha256()),
            new ParentLink(parent.workflowId(), parent.rootWorkflowId(), task, number, depth),
            parent.tree().pins()));
  }

  private static void checkInput(Transition t, PinnedDefinition pin, Payload input) {
    PayloadSchema schema =
        t.state()
            .otherPlan(new DefinitionRef(pin.getName(), pin.getVersion(), pin.getSha256()))
            .inputSchema();
    if (schema == null) {
      return;
    }
    List<String> violations = schema.violations(Payloads.parse(input));
    if (!violations.isEmpty()) {
      throw new ExpressionException(
          "the input of child "
              + pin.getName()
              + " is not what it takes: "
              + String.join("; ", violations));
    }
  }

  private static PinnedDefinition pin(WorkflowRow parent, ChildWorkflow child) {
    for (PinnedDefinition pin : parent.tree().pins()) {
      if (pin.getName().equals(child.definition())
          && Objects.equals(pin.getAskedVersion(), child.version())) {
        return pin;
      }
    }
    throw new IllegalStateException(
        "expected a pinned version of " + child.definition() + " in " + parent.workflowId());
  }

  static @Nullable String report(Transition t, Command.ReportChild report) {
    String task = report.parent().getTask();
    int number = report.parent().getAttempt();
    TaskRow row = t.task(task);
    AttemptRow known = row.attemptOf(number);
    Money booked = known == null ? Money.ZERO : known.charged();
    Money charged = report.spent().minus(booked);
    if (t.isOpen() && row.state() instanceof TaskState.WaitingForChild && row.attempt() == number) {
      t.emit(
          new Event.ChildEnded(
              new ChildEnded(
                  task,
                  number,
                  report.childWorkflowId(),
                  report.status(),
                  report.failure(),
                  charged.toDecimal(),
                  true)));
      ended(t, task, number, report.output(), report.failure());
      return null;
    }
    if (charged.micros() == 0 && known != null && known.costKnown()) {
      return "child " + report.childWorkflowId() + " is booked, and nobody waits for it";
    }
    t.emit(
        new Event.StaleResultRecorded(
            new StaleResultRecorded(
                new AttemptId(t.state().workflowId(), task, number).toString(),
                null,
                "the task is " + row.state().wireName() + " and waits for no such child",
                charged.toDecimal(),
                true)));
    return null;
  }

  private static void ended(
      Transition t, String task, int number, @Nullable Payload output, @Nullable Failure failure) {
    if (failure == null) {
      Composites.succeed(t, task, number, output, Grade.clean);
    } else {
      Remedies.apply(t, task, failure);
    }
  }

  /** Nobody waits for the child any more; what it may spend is charged until it has ended. */
  static void letGo(Transition t, TaskRow row, TaskState.WaitingForChild child, Failure failure) {
    t.emit(
        new Event.ChildEnded(
            new ChildEnded(
                row.task(),
                row.attempt(),
                child.childWorkflowId(),
                "given_up",
                failure,
                row.held().toDecimal(),
                false)));
    stop(t, row.task(), child.childWorkflowId(), failure.getMessage());
  }

  static void stop(Transition t, String task, String childId, String reason) {
    if (!(t.definitionOf(task).action() instanceof ChildWorkflow child)) {
      return;
    }
    if (child.onParentEnd() == OnParentEnd.CANCEL) {
      t.effect(new Effect.CancelChild(childId, reason, true));
    } else if (t.isPaused()) {
      t.effect(new Effect.ResumeChild(childId, reason));
    }
  }

  /** What a workflow that has ended, or is charged after its end, tells its parent. */
  static void tellParent(Transition t) {
    WorkflowRow row = t.workflow();
    ParentLink parent = row.tree().parent();
    if (parent == null) {
      return;
    }
    Failure failure = row.failure();
    t.effect(
        new Effect.ReportToParent(
            parent,
            row.workflowId(),
            row.status().wireName(),
            t.state().payload(Slot.RESULT),
            failure == null
                ? null
                : new Failure(
                    ErrorKind.ofWireName(failure.getKind()).isPresent()
                        ? failure.getKind()
                        : ErrorKind.MODEL_ERROR.wireName(),
                    "child " + row.workflowId() + ": " + failure.getMessage(),
                    null,
                    false),
            row.ledger().spent()));
  }
}
