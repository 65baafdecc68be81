package io.ligature.state.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.ligature.avro.Failure;
import io.ligature.avro.ParentLink;
import io.ligature.schemas.Money;
import io.ligature.schemas.definition.TaskDefinition;
import io.ligature.state.engine.AttemptRow;
import io.ligature.state.engine.Ledger;
import io.ligature.state.engine.Plan;
import io.ligature.state.engine.ReviewRow;
import io.ligature.state.engine.Slot;
import io.ligature.state.engine.TaskRow;
import io.ligature.state.engine.TaskState;
import io.ligature.state.engine.WorkflowRow;
import io.ligature.state.http.WorkflowView.AttemptView;
import io.ligature.state.http.WorkflowView.BudgetView;
import io.ligature.state.http.WorkflowView.FailureView;
import io.ligature.state.http.WorkflowView.InnerView;
import io.ligature.state.http.WorkflowView.ParentView;
import io.ligature.state.http.WorkflowView.ReviewView;
import io.ligature.state.http.WorkflowView.ShadowView;
import io.ligature.state.http.WorkflowView.TaskView;
import io.ligature.state.stream.WorkflowQueries.Found;
import io.ligature.state.stream.WorkflowQueries.FoundPage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes views from rows. */
record Views(String currency) {

  /** Everything there is to know about a workflow. */
  WorkflowView full(Found found) {
    return view(
        found.workflow(), content(found, Slot.INPUT), content(found, Slot.RESULT), tasks(found));
  }

  /** Tasks that something has happened to, without what they made: that may be large. */
  static List<TaskView> page(FoundPage found) {
    Plan plan = found.plan();
    return plan == null
        ? List.of()
        : found.page().tasks().stream()
            .filter(row -> plan.has(row.task()))
            .map(row -> task(plan.task(row.task()), row, null, null))
            .toList();
  }

  /** For lists. */
  WorkflowView brief(WorkflowRow row) {
    return view(row, null, null, null);
  }

  private WorkflowView view(
      WorkflowRow row,
      @Nullable JsonNode input,
      @Nullable JsonNode output,
      @Nullable List<TaskView> tasks) {
    WorkflowRow.Counts counts = row.counts();
    return new WorkflowView(
        row.workflowId(),
        row.rootWorkflowId(),
        parent(row.tree().parent()),
        row.tree().origin(),
        row.definition().name(),
        row.definition().version(),
        row.status().wireName(),
        row.requester(),
        row.tenant(),
        row.startedAt().toString(),
        text(row.endedAt()),
        text(row.deadline()),
        row.sequence(),
        row.labels(),
        row.priority(),
        input,
        output,
        failure(row.failedTask(), row.failure()),
        budget(row.ledger()),
        new WorkflowView.Counts(
            counts.open(),
            counts.succeeded(),
            counts.failed(),
            counts.skipped(),
            counts.cancelled()),
        tasks);
  }

  private BudgetView budget(Ledger ledger) {
    Money maxCost = ledger.maxCost();
    return new BudgetView(
        text(maxCost),
        ledger.spent().toString(),
        ledger.held().toString(),
        text(ledger.left()),
        maxCost == null ? null : ledger.onExceeded().name(),
        currency);
  }

  private static @Nullable ParentView parent(@Nullable ParentLink link) {
    return link == null
        ? null
        : new ParentView(link.getWorkflowId(), link.getTask(), link.getAttempt());
  }

  private static List<TaskView> tasks(Found found) {
    Plan plan = found.plan();
    return plan == null
        ? List.of()
        : found.tasks().values().stream()
            .map(
                row ->
                    task(
                        plan.task(row.task()),
                        row,
                        content(found, Slot.output(row.task())),
                        content(found, Slot.subject(row.task()))))
            .toList();
  }

  private static @Nullable JsonNode content(Found found, Slot slot) {
    return AvroJson.content(found.payloads().get(slot));
  }

  private static TaskView task(
      TaskDefinition task, TaskRow row, @Nullable JsonNode output, @Nullable JsonNode subject) {
    AttemptRow last = row.lastAttempt();
    TaskState state = row.state();
    return new TaskView(
        row.task(),
        action(task.action()),
        task.action() instanceof TaskDefinition.AgentWork work ? work.capability() : null,
        task.needs().tasks(),
        state.wireName(),
        state.reason(),
        row.attempts().stream().map(Views::attempt).toList(),
        agent(state, last),
        last == null ? null : last.confidence(),
        state instanceof TaskState.Succeeded succeeded ? succeeded.grade().name() : null,
        cost(row).toString(),
        duration(row),
        text(state.due()),
        state instanceof TaskState.Running running ? running.share() : null,
        inner(row.inner()),
        state instanceof TaskState.WaitingForChild child ? child.childWorkflowId() : null,
        output,
        review(row, subject),
        row.feedback());
  }

  private static @Nullable InnerView inner(TaskRow.@Nullable Inner inner) {
    return inner == null
        ? null
        : new InnerView(
            inner.size(), inner.succeeded(), inner.failed(), inner.skipped(), inner.cancelled());
  }

  private static String action(TaskDefinition.Action action) {
    return switch (action) {
      case TaskDefinition.AgentWork work -> "capability";
      case TaskDefinition.ReviewGate gate -> "review";
      case TaskDefinition.ChildWorkflow child -> "workflow";
      case TaskDefinition.Wait wait -> "wait";
      case TaskDefinition.AwaitSignal signal -> "signal";
      case TaskDefinition.ForEach each -> "forEach";
      case TaskDefinition.Repeat repeat -> "repeat";
      case TaskDefinition.Choose choose -> "choose";
      case TaskDefinition.Block block -> "tasks";
    };
  }

  private static @Nullable String agent(TaskState state, @Nullable AttemptRow last) {
    if (state instanceof TaskState.Running running) {
      return running.agent();
    }
    return last == null ? null : last.agent();
  }

  private static Money cost(TaskRow row) {
    Money sum = Money.ZERO;
    for (AttemptRow attempt : row.attempts()) {
      sum = sum.plus(attempt.charged());
    }
    return sum;
  }

  /** From the first attempt's begin to the last one's end. */
  private static @Nullable String duration(TaskRow row) {
    AttemptRow last = row.lastAttempt();
    return last == null ? null : between(row.attempts().getFirst().startedAt(), last.endedAt());
  }

  private static AttemptView attempt(AttemptRow row) {
    return new AttemptView(
        row.number(),
        row.agent(),
        row.status(),
        failure(null, row.failure()),
        row.charged().toString(),
        row.costKnown(),
        row.confidence(),
        row.details().calibratedConfidence(),
        row.model(),
        row.grade() == null ? null : row.grade().name(),
        row.details().repairs(),
        row.details().servedFrom(),
        row.details().score(),
        row.details().shadows().stream().map(s -> new ShadowView(s.agent(), s.agrees())).toList(),
        row.startedAt().toString(),
        text(row.endedAt()),
        between(row.startedAt(), row.endedAt()));
  }

  private static @Nullable ReviewView review(TaskRow row, @Nullable JsonNode subject) {
    ReviewRow review = row.review();
    if (review == null) {
      return null;
    }
    return new ReviewView(
        review.reviewId(),
        review.role(),
        review.requestedAt().toString(),
        review.decision() == null ? null : review.decision().name(),
        review.reviewer(),
        review.reason(),
        text(review.decidedAt()),
        subject);
  }

  private static @Nullable FailureView failure(@Nullable String task, @Nullable Failure failure) {
    return failure == null ? null : new FailureView(task, failure.getKind(), failure.getMessage());
  }

  private static @Nullable String between(Instant from, @Nullable Instant to) {
    return to == null ? null : Duration.between(from, to).toString();
  }

  private static @Nullable String text(@Nullable Object value) {
    return value == null ? null : value.toString();
  }
}
