package io.ligature.state.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.ligature.avro.Failure;
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
import io.ligature.state.http.WorkflowView.ReviewView;
import io.ligature.state.http.WorkflowView.TaskView;
import io.ligature.state.stream.WorkflowQueries.Found;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes views from rows. */
record Views(String currency) {

  /** Everything there is to know about a workflow. */
  WorkflowView full(Found found) {
    return view(
        found.workflow(),
        AvroJson.content(found.payload(Slot.INPUT)),
        AvroJson.content(found.payload(Slot.RESULT)),
        tasks(found));
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

  private static List<TaskView> tasks(Found found) {
    Plan plan = found.plan();
    if (plan == null) {
      return List.of();
    }
    Map<String, TaskRow> rows = new HashMap<>();
    found.tasks().forEach(row -> rows.put(row.task(), row));
    List<TaskView> views = new ArrayList<>();
    for (TaskDefinition task : plan.definition().tasks().values()) {
      TaskRow pending = TaskRow.pending(found.workflow().workflowId(), task.name());
      views.add(task(found, task, rows.getOrDefault(task.name(), pending)));
    }
    return views;
  }

  private static TaskView task(Found found, TaskDefinition task, TaskRow row) {
    AttemptRow last = row.lastAttempt();
    TaskState state = row.state();
    return new TaskView(
        task.name(),
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
        AvroJson.content(found.payload(Slot.output(task.name()))),
        review(found, row),
        row.feedback());
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
        row.model(),
        row.startedAt().toString(),
        text(row.endedAt()),
        between(row.startedAt(), row.endedAt()));
  }

  private static @Nullable ReviewView review(Found found, TaskRow row) {
    ReviewRow review = row.review();
    if (review == null) {
      return null;
    }
    boolean open = row.state() instanceof TaskState.WaitingForReview;
    return new ReviewView(
        review.reviewId(),
        review.role(),
        review.requestedAt().toString(),
        review.decision() == null ? null : review.decision().name(),
        review.reviewer(),
        review.reason(),
        text(review.decidedAt()),
        open ? AvroJson.content(found.payload(Slot.subject(row.task()))) : null);
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
