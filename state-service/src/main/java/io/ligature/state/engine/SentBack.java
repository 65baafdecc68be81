package io.ligature.state.engine;

import io.ligature.avro.TaskReopened;
import io.ligature.schemas.definition.TaskDefinition;
import io.ligature.schemas.definition.TaskDefinition.AgentWork;
import io.ligature.schemas.definition.TaskDefinition.ReviewGate;
import io.ligature.schemas.definition.Template;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sends what a gate is about back to the task that made it: that one runs again with the reviewer's
 * wishes in its context, and the gate opens anew with what comes of it.
 *
 * <p>Only while nothing else has followed from the first output, and nothing would have to be
 * undone.
 */
final class SentBack {

  private SentBack() {}

  /** The task whose output a gate is about and that can run again; null: there is none. */
  static @Nullable String makerFor(Transition t, String gate) {
    String maker =
        t.definitionOf(gate).action() instanceof ReviewGate action
            ? subjectOf(t, gate, action)
            : null;
    if (maker == null) {
      return null;
    }
    TaskDefinition definition = t.definitionOf(maker);
    boolean again =
        definition.action() instanceof AgentWork
            && definition.compensation() == null
            && t.task(maker).state() instanceof TaskState.Succeeded
            && t.task(maker).attempt() > 0
            && t.task(maker).attempt() < t.tuning().maxAttempts();
    return again && nothingElseFollowed(t, gate, maker) ? maker : null;
  }

  private static @Nullable String subjectOf(Transition t, String gate, ReviewGate action) {
    List<String> needs = t.plan().needs(gate);
    Template subject = action.subject();
    if (subject == null) {
      return needs.size() == 1 ? needs.getFirst() : null;
    }
    if (!(subject.copies() instanceof Template.Copy.OfOutput(String name))) {
      return null;
    }
    String task = t.plan().resolve(t.plan().blockAround(gate), name);
    return needs.contains(task) ? task : null;
  }

  private static boolean nothingElseFollowed(Transition t, String gate, String maker) {
    for (String dependent : t.plan().dependents(maker)) {
      if (!dependent.equals(gate) && !(t.task(dependent).state() instanceof TaskState.Pending)) {
        return false;
      }
    }
    return true;
  }

  static void send(Transition t, String gate, String maker, String who, String wish) {
    String reason = "sent back by " + who + " at " + gate;
    t.emit(new Event.TaskReopened(new TaskReopened(gate, reason, null, null)));
    t.emit(new Event.TaskReopened(new TaskReopened(maker, reason, null, wish)));
    Scheduling.startAnyway(t, maker);
  }
}
