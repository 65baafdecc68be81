package io.ligature.state.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.ligature.avro.Payload;
import io.ligature.schemas.AttemptId;
import io.ligature.schemas.definition.ExpressionException;
import io.ligature.schemas.definition.TaskDefinition;
import io.ligature.schemas.wire.Payloads;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One decision in the making: each event is folded at once, so that what is decided next sees it,
 * and the reaction to it is noted down.
 */
final class Transition {

  private final Overlay state;
  private final Tuning tuning;
  private final Cause cause;
  private final List<EventEntry> events = new ArrayList<>();
  private final List<Effect> effects = new ArrayList<>();
  private final Deque<String> endedTasks = new ArrayDeque<>();
  private final Map<Slot, JsonNode> parsed = new HashMap<>();

  Transition(Overlay state, Tuning tuning, Cause cause) {
    this.state = state;
    this.tuning = tuning;
    this.cause = cause;
  }

  Overlay state() {
    return state;
  }

  Tuning tuning() {
    return tuning;
  }

  Cause cause() {
    return cause;
  }

  Instant now() {
    return cause.at();
  }

  WorkflowRow workflow() {
    return state.workflow();
  }

  boolean isRunning() {
    return workflow().isRunning();
  }

  Plan plan() {
    return state.plan();
  }

  TaskRow task(String name) {
    return state.task(name);
  }

  TaskDefinition definitionOf(String task) {
    return plan().task(task);
  }

  AttemptId attemptId(String task, int number) {
    return new AttemptId(state.workflowId(), task, number);
  }

  void emit(Event event) {
    WorkflowRow row = state.workflowOrNull();
    String task = Reactions.taskOf(event);
    TaskRow before = task == null ? null : state.task(task);
    EventEntry entry =
        new EventEntry(
            state.workflowId(),
            row == null ? state.workflowId() : row.rootWorkflowId(),
            row == null ? 1 : row.sequence() + 1,
            cause.at(),
            cause.actor(),
            cause.input(),
            cause.inputId(),
            event);
    Evolution.fold(state, entry);
    events.add(entry);
    Reactions.to(this, before, event, effects);
    if (task != null && before != null && !before.hasEnded() && state.task(task).hasEnded()) {
      endedTasks.add(task);
    }
  }

  /** The next task whose end its dependents have not looked at; null: none. */
  @Nullable String nextEnded() {
    return endedTasks.poll();
  }

  /** JSON null where there is no payload. */
  JsonNode json(Slot slot) {
    JsonNode known = parsed.get(slot);
    if (known == null) {
      known = parse(slot);
      parsed.put(slot, known);
    }
    return known;
  }

  private JsonNode parse(Slot slot) {
    Payload payload = state.payload(slot);
    if (payload == null) {
      return NullNode.getInstance();
    }
    try {
      return Payloads.parse(payload);
    } catch (IllegalArgumentException e) {
      String whose =
          slot.task().isEmpty() ? "the workflow's input" : "the output of " + slot.task();
      throw new ExpressionException("an expression reads " + whose + ", but " + e.getMessage(), e);
    }
  }

  Outcome outcome() {
    List<Effect> all = new ArrayList<>(effects);
    all.addAll(state.timerEffects());
    return new Outcome(List.copyOf(events), state.changes(), List.copyOf(all), null, false);
  }
}
