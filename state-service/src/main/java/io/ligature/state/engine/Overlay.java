package io.ligature.state.engine;

import io.ligature.avro.Payload;
import io.ligature.state.engine.Changes.PayloadChange;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One workflow's rows with the changes of a transition laid over them. */
final class Overlay {

  private final Rows rows;
  private final Plans plans;
  private final String workflowId;

  private final @Nullable WorkflowRow workflowBefore;
  private @Nullable WorkflowRow workflow;
  private boolean workflowChanged;
  private final Map<String, TaskRow> tasksBefore = new LinkedHashMap<>();
  private final Map<String, TaskRow> tasks = new LinkedHashMap<>();
  private final Map<String, TaskRow> changedTasks = new LinkedHashMap<>();
  private final Map<Slot, Optional<Payload>> payloads = new LinkedHashMap<>();
  private @Nullable Plan plan;

  Overlay(Rows rows, Plans plans, String workflowId) {
    this.rows = rows;
    this.plans = plans;
    this.workflowId = workflowId;
    this.workflowBefore = rows.workflow(workflowId);
    this.workflow = workflowBefore;
  }

  String workflowId() {
    return workflowId;
  }

  @Nullable WorkflowRow workflowOrNull() {
    return workflow;
  }

  WorkflowRow workflow() {
    if (workflow == null) {
      throw new IllegalStateException("workflow " + workflowId + " has no header");
    }
    return workflow;
  }

  void put(WorkflowRow row) {
    workflow = row;
    workflowChanged = true;
  }

  Plan plan(DefinitionRef ref) {
    Plan known = plan;
    if (known == null || !known.ref().equals(ref)) {
      known = plans.plan(ref);
      plan = known;
    }
    return known;
  }

  /** A definition that a child is to be started with. */
  Plan otherPlan(DefinitionRef ref) {
    return plans.plan(ref);
  }

  Plan plan() {
    return plan(workflow().definition());
  }

  TaskRow task(String name) {
    TaskRow known = tasks.get(name);
    if (known == null) {
      known = rows.task(workflowId, name);
      if (known == null) {
        known = TaskRow.pending(workflowId, name);
      }
      tasks.put(name, known);
      tasksBefore.put(name, known);
    }
    return known;
  }

  void put(TaskRow row) {
    task(row.task());
    tasks.put(row.task(), row);
    changedTasks.put(row.task(), row);
  }

  @Nullable Payload payload(Slot slot) {
    Optional<Payload> changed = payloads.get(slot);
    return changed != null ? changed.orElse(null) : rows.payload(workflowId, slot);
  }

  void put(Slot slot, @Nullable Payload payload) {
    if (payload == null && rows.payload(workflowId, slot) == null) {
      payloads.remove(slot);
      return;
    }
    payloads.put(slot, Optional.ofNullable(payload));
  }

  /** Timers as the rows before and after them say; nothing else sets or clears one. */
  List<Effect> timerEffects() {
    List<Effect> effects = new ArrayList<>();
    Timer deadlineBefore = workflowBefore == null ? null : workflowBefore.timer();
    add(effects, deadlineBefore, workflow == null ? null : workflow.timer());
    for (TaskRow after : changedTasks.values()) {
      TaskRow before = tasksBefore.get(after.task());
      add(effects, before == null ? null : before.timer(), after.timer());
    }
    return effects;
  }

  private static void add(List<Effect> effects, @Nullable Timer before, @Nullable Timer after) {
    if (after != null) {
      if (!after.equals(before)) {
        effects.add(new Effect.SetTimer(after, before == null ? null : before.due()));
      }
    } else if (before != null) {
      effects.add(new Effect.ClearTimer(before));
    }
  }

  /** Brings the count of waiting tasks up to date; once, when all is folded. */
  void countWaiting() {
    int more = 0;
    for (TaskRow after : changedTasks.values()) {
      TaskRow before = tasksBefore.get(after.task());
      boolean was = before != null && before.state().isWaiting();
      more += (after.state().isWaiting() ? 1 : 0) - (was ? 1 : 0);
    }
    if (more != 0) {
      put(workflow().waiting(workflow().waiting() + more));
    }
  }

  Changes changes() {
    List<PayloadChange> payloadChanges = new ArrayList<>();
    payloads.forEach(
        (slot, payload) ->
            payloadChanges.add(new PayloadChange(workflowId, slot, payload.orElse(null))));
    return new Changes(
        workflowChanged ? List.of(workflow()) : List.of(),
        List.copyOf(changedTasks.values()),
        payloadChanges);
  }
}
