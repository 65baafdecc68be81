package io.ligature.state.engine;

import io.ligature.avro.Failure;
import io.ligature.avro.OnExceeded;
import io.ligature.avro.RerunOrigin;
import io.ligature.avro.StartAccepted;
import io.ligature.avro.WorkflowStart;
import io.ligature.schemas.Money;
import io.ligature.schemas.definition.Definition;
import io.ligature.state.engine.WorkflowRow.Counts;
import io.ligature.state.engine.WorkflowRow.Saga;
import io.ligature.state.engine.WorkflowRow.Signals;
import io.ligature.state.engine.WorkflowRow.Tree;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Folds the first event of a workflow into its header. */
final class Openings {

  private Openings() {}

  static void started(Overlay state, io.ligature.avro.WorkflowStarted e, EventEntry entry) {
    StartAccepted accepted = e.getAccepted();
    WorkflowStart start = accepted.getStart();
    DefinitionRef ref = refOf(accepted);
    Plan plan = state.plan(ref);
    Integer priority = start.getPriority();
    RerunOrigin origin = accepted.getOrigin();
    state.put(
        new WorkflowRow(
            entry.workflowId(),
            entry.rootWorkflowId(),
            WorkflowStatus.RUNNING,
            ref,
            start.getRequester(),
            start.getTenant(),
            priority != null ? priority : plan.definition().priority(),
            Map.copyOf(start.getLabels()),
            entry.at(),
            null,
            e.getDeadline(),
            entry.sequence(),
            ledger(accepted, plan.definition()),
            new Counts(plan.definition().tasks().size(), 0, 0, 0, 0),
            null,
            null,
            List.of(),
            new Tree(
                accepted.getParent(),
                List.copyOf(accepted.getPins()),
                origin == null ? null : origin.getWorkflowId()),
            Signals.NONE,
            Saga.NONE,
            0));
    state.put(Slot.INPUT, start.getInput());
  }

  static DefinitionRef refOf(StartAccepted accepted) {
    var definition = accepted.getDefinition();
    return new DefinitionRef(definition.getName(), definition.getVersion(), definition.getSha256());
  }

  /** The start's budget, else the definition's; a child has both, and the smaller counts. */
  private static Ledger ledger(StartAccepted accepted, Definition definition) {
    var own = accepted.getStart().getBudget();
    var limit = accepted.getParent() == null ? null : definition.budget();
    boolean smaller =
        own != null && limit != null && limit.maxCost().compareTo(Money.of(own.getMaxCost())) < 0;
    if (own != null && !smaller) {
      return new Ledger(Money.of(own.getMaxCost()), own.getOnExceeded(), Money.ZERO, Money.ZERO);
    }
    var rule = definition.budget();
    return rule == null
        ? Ledger.EMPTY
        : new Ledger(rule.maxCost(), onExceeded(rule.onExceeded()), Money.ZERO, Money.ZERO);
  }

  static void refused(Overlay state, io.ligature.avro.WorkflowRefused e, EventEntry entry) {
    state.put(
        empty(entry, e.getDefinition(), e.getRequester(), e.getTenant(), entry.at())
            .ended(
                WorkflowStatus.REFUSED,
                entry.at(),
                new Failure("invalid_input", String.join("; ", e.getViolations()), null, false),
                null));
  }

  static WorkflowRow empty(
      EventEntry entry, String definition, String requester, String tenant, Instant at) {
    return new WorkflowRow(
        entry.workflowId(),
        entry.rootWorkflowId(),
        WorkflowStatus.RUNNING,
        new DefinitionRef(definition, 0, ""),
        requester,
        tenant,
        0,
        Map.of(),
        at,
        null,
        null,
        entry.sequence(),
        Ledger.EMPTY,
        new Counts(0, 0, 0, 0, 0),
        null,
        null,
        List.of(),
        Tree.ALONE,
        Signals.NONE,
        Saga.NONE,
        0);
  }

  static OnExceeded onExceeded(Definition.OnExceeded asked) {
    return switch (asked) {
      case FAIL -> OnExceeded.fail;
      case REVIEW -> OnExceeded.review;
      case DEGRADE -> OnExceeded.degrade;
    };
  }
}
