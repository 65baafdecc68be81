package io.ligature.state.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.avro.Grade;
import io.ligature.schemas.Money;
import io.ligature.schemas.definition.Expression;
import io.ligature.schemas.definition.ExpressionException;
import io.ligature.schemas.definition.TaskDefinition.AgentWork;
import io.ligature.schemas.definition.TaskDefinition.AwaitSignal;
import io.ligature.schemas.definition.TaskDefinition.ChildWorkflow;
import io.ligature.schemas.definition.TaskDefinition.Composite;
import io.ligature.schemas.definition.TaskDefinition.Repeat;
import io.ligature.schemas.definition.TaskDefinition.ReviewGate;
import io.ligature.schemas.definition.TaskDefinition.Risk;
import io.ligature.schemas.definition.TaskDefinition.Wait;
import io.ligature.schemas.definition.Template;
import io.ligature.schemas.wire.Payloads;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is known of what a gate is about, without the names of tasks: {@code review.cost}, {@code
 * review.confidence} and {@code review.grade}.
 *
 * <p>Under review is what the tasks made that the gate needs or its subject reads, with all that is
 * inside of them; a gate, a wait or a signal among them stands for what it needs itself. What is
 * not known of all of it is not there at all, so that a rule that reads it cannot be told. Rows are
 * only read when a rule asks.
 */
final class UnderReview {

  private final Transition t;
  private final String gate;
  private @Nullable JsonNode facts;

  private final Set<String> seen = new HashSet<>();
  private boolean made;
  private Money cost = Money.ZERO;
  private boolean costKnown = true;
  private double confidence = Double.POSITIVE_INFINITY;
  private boolean confidenceKnown = true;
  private @Nullable Grade worst;

  UnderReview(Transition t, String gate) {
    this.t = t;
    this.gate = gate;
  }

  /**
   * What a rule of the gate sees.
   *
   * @throws ExpressionException when it reads what is under review, and that is too much to look at
   */
  TransitionScope scope(Expression rule) {
    TransitionScope scope = TransitionScope.of(t, gate);
    return rule.locals().contains(Risk.ABOUT) ? scope.with(Map.of(Risk.ABOUT, facts())) : scope;
  }

  private JsonNode facts() {
    JsonNode known = facts;
    if (known == null) {
      addNeedsOf(gate, true);
      known = told();
      facts = known;
    }
    return known;
  }

  private ObjectNode told() {
    ObjectNode told = Payloads.JSON.createObjectNode();
    if (made && costKnown) {
      told.put("cost", cost.toDecimal().doubleValue());
    }
    if (confidenceKnown && Double.isFinite(confidence)) {
      told.put("confidence", confidence);
    }
    if (worst != null) {
      told.put("grade", worst.name());
    }
    return told;
  }

  private void addNeedsOf(String task, boolean last) {
    t.plan().needs(task).forEach(need -> add(need, last));
    Template subject =
        t.definitionOf(task).action() instanceof ReviewGate about ? about.subject() : null;
    if (subject != null) {
      String block = t.plan().blockAround(task);
      subject.tasks().forEach(name -> add(t.plan().resolve(block, name), last));
    }
  }

  /**
   * @param last false: an iteration that others followed; it only cost something
   */
  private void add(String task, boolean last) {
    if (!seen.add(task)) {
      return;
    }
    if (seen.size() > t.tuning().maxItems()) {
      throw new ExpressionException(
          "more than "
              + t.tuning().maxItems()
              + " tasks are under review (ligature.state.engine.max-items)");
    }
    TaskRow row = t.task(task);
    charge(row);
    if (last) {
      grade(row.state());
    }
    switch (t.definitionOf(task).action()) {
      case AgentWork work -> addWork(row, work, last);
      case ChildWorkflow _ -> {
        made = true;
        confidenceKnown = false;
      }
      case AwaitSignal _ -> {
        confidenceKnown = false;
        addNeedsOf(task, last);
      }
      case Wait _, ReviewGate _ -> addNeedsOf(task, last);
      case Repeat _ -> {
        TaskRow.Inner inner = row.inner();
        for (int i = 1; inner != null && i <= inner.started(); i++) {
          add(Paths.iteration(task, i), last && i == inner.started());
        }
      }
      case Composite _ -> Stopping.begun(t, task).forEach(inner -> add(inner, last));
    }
  }

  private void addWork(TaskRow row, AgentWork work, boolean last) {
    made |= !row.attempts().isEmpty();
    if (work.validation() != null) {
      row.attempts().forEach(attempt -> charge(t.task(Paths.check(row.task(), attempt.number()))));
    }
    if (!last) {
      return;
    }
    AttemptRow attempt = row.lastAttempt();
    Double trusted = attempt == null ? null : attempt.trusted();
    switch (row.state()) {
      case TaskState.Succeeded _ -> {
        confidenceKnown &= trusted != null;
        confidence = trusted == null ? confidence : Math.min(confidence, trusted);
      }
      case TaskState.Failed _ -> confidenceKnown = false;
      case TaskState.Skipped _, TaskState.Cancelled _, TaskState.Active _ -> {}
    }
  }

  private void charge(TaskRow row) {
    for (AttemptRow attempt : row.attempts()) {
      cost = cost.plus(attempt.charged());
      costKnown &= attempt.costKnown();
    }
  }

  /** One that failed is as good as one that is not whole. */
  private void grade(TaskState state) {
    switch (state) {
      case TaskState.Succeeded(Grade grade) -> worse(grade);
      case TaskState.Failed _ -> worse(Grade.degraded);
      case TaskState.Skipped _, TaskState.Cancelled _, TaskState.Active _ -> {}
    }
  }

  private void worse(Grade grade) {
    worst = worst == null || grade.compareTo(worst) > 0 ? grade : worst;
  }
}
