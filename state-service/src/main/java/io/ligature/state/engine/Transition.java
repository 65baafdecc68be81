package io.ligature.state.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.ligature.avro.ParentLink;
import io.ligature.avro.Payload;
import io.ligature.schemas.AttemptId;
import io.ligature.schemas.ChildId;
import io.ligature.schemas.definition.ExpressionException;
import io.ligature.schemas.definition.TaskDefinition;
import io.ligature.schemas.wire.Payloads;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
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

  /** Whether the workflow has not ended. */
  boolean isOpen() {
    return workflow().isOpen();
  }

  /** Whether its tasks may still begin: now, or when it is resumed. */
  boolean goesOn() {
    WorkflowStatus status = workflow().status();
    return status == WorkflowStatus.RUNNING || status == WorkflowStatus.PAUSED;
  }

  boolean isPaused() {
    return workflow().status() == WorkflowStatus.PAUSED;
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

  void effect(Effect effect) {
    effects.add(effect);
  }

  void emit(Event event) {
    WorkflowRow row = state.workflowOrNull();
    String task = Reactions.taskOf(event);
    TaskRow before = task == null ? null : state.task(task);
    EventEntry entry =
        new EventEntry(
            state.workflowId(),
            row == null ? rootOf(event) : row.rootWorkflowId(),
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

  private String rootOf(Event first) {
    if (first instanceof Event.WorkflowStarted(var started)) {
      ParentLink parent = started.getAccepted().getParent();
      if (parent != null) {
        return parent.getRootWorkflowId();
      }
    }
    return ChildId.rootOf(state.workflowId());
  }

  /** The next task whose end its dependents have not looked at; null: none. */
  @Nullable String nextEnded() {
    return endedTasks.poll();
  }

  /** Whether another task inside of this one has ended that nothing has looked at yet. */
  boolean hasEndedInside(String outer) {
    return endedTasks.stream().anyMatch(ended -> Paths.parent(ended).equals(outer));
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

  /** What was parsed of it is no longer what it is. */
  void forget(Slot slot) {
    parsed.remove(slot);
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
          slot.task().isEmpty()
              ? "the workflow's input"
              : "the " + slot.kind().name().toLowerCase(Locale.ROOT) + " of " + slot.task();
      throw new ExpressionException("an expression reads " + whose + ", but " + e.getMessage(), e);
    }
  }

  Outcome outcome() {
    state.countWaiting();
    List<Effect> all = new ArrayList<>(effects);
    all.addAll(state.timerEffects());
    WorkflowRow row = workflow();
    boolean stuck = isOpen() && !isPaused() && row.waiting() == 0;
    return new Outcome(List.copyOf(events), state.changes(), List.copyOf(all), null, stuck);
  }
}
