package io.ligature.state.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.ligature.avro.CommandRejected;
import io.ligature.avro.Grade;
import io.ligature.avro.Payload;
import io.ligature.avro.SignalAwaited;
import io.ligature.avro.SignalReceived;
import io.ligature.avro.SignalTaken;
import io.ligature.schemas.definition.PayloadSchema;
import io.ligature.schemas.definition.TaskDefinition.AwaitSignal;
import io.ligature.schemas.definition.Template;
import io.ligature.schemas.wire.Payloads;
import io.ligature.state.engine.WorkflowRow.Signals;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Tasks that wait for outside events. A signal goes to the task that has waited longest of those it
 * is for; one that comes too early is kept for the first that will.
 */
final class Signalling {

  private Signalling() {}

  static void begin(Transition t, String task, AwaitSignal wait) {
    if (t.workflow().signals().waits().size() >= t.tuning().maxSignals()) {
      Remedies.withoutRetry(
          t,
          task,
          Composites.limit(
              t.tuning().maxSignals()
                  + " tasks wait for signals already, the most that may"
                  + " (ligature.state.engine.max-signals)"));
      return;
    }
    String correlation = correlation(t, task, wait.correlation());
    t.emit(new Event.SignalAwaited(new SignalAwaited(task, wait.signal(), correlation)));
    for (Signals.Kept kept : t.workflow().signals().kept()) {
      Payload payload = t.state().payload(Slot.signal(kept.commandId()));
      if (matches(kept.name(), kept.correlation(), wait.signal(), correlation)
          && violations(t, wait, payload).isEmpty()) {
        t.emit(new Event.SignalTaken(new SignalTaken(kept.commandId(), task)));
        Composites.succeed(t, task, 0, payload, Grade.clean);
        return;
      }
    }
  }

  private static @Nullable String correlation(
      Transition t, String task, @Nullable Template template) {
    if (template == null) {
      return null;
    }
    JsonNode value = template.render(TransitionScope.of(t, task));
    return value.isTextual() ? value.textValue() : value.toString();
  }

  private static boolean matches(
      String name,
      @Nullable String correlation,
      String wanted,
      @Nullable String wantedCorrelation) {
    return name.equals(wanted)
        && (correlation == null
            || wantedCorrelation == null
            || correlation.equals(wantedCorrelation));
  }

  static void receive(Transition t, Command.Signal signal) {
    if (!t.goesOn()) {
      reject(t, signal, "the workflow is " + t.workflow().status().wireName());
      return;
    }
    List<String> faults = new ArrayList<>();
    for (Signals.Wait wait : t.workflow().signals().waits()) {
      if (matches(signal.name(), signal.correlation(), wait.name(), wait.correlation())) {
        AwaitSignal definition = (AwaitSignal) t.definitionOf(wait.task()).action();
        List<String> violations = violations(t, definition, signal.payload());
        if (violations.isEmpty()) {
          received(t, signal, wait.task());
          Composites.succeed(t, wait.task(), 0, signal.payload(), Grade.clean);
          return;
        }
        faults.addAll(violations);
      }
    }
    if (faults.isEmpty()) {
      keep(t, signal);
    } else {
      reject(
          t,
          signal,
          "its payload is not what the waiting task takes: " + String.join("; ", faults));
    }
  }

  private static void keep(Transition t, Command.Signal signal) {
    List<AwaitSignal> later = t.plan().waitsFor(signal.name());
    if (later.isEmpty()) {
      reject(
          t,
          signal,
          "no task of "
              + t.workflow().definition().name()
              + " waits for a signal named '"
              + signal.name()
              + "'");
      return;
    }
    if (later.stream().noneMatch(wait -> violations(t, wait, signal.payload()).isEmpty())) {
      reject(
          t,
          signal,
          "its payload is not what any task takes: "
              + String.join("; ", violations(t, later.getFirst(), signal.payload())));
      return;
    }
    if (t.workflow().signals().kept().size() >= t.tuning().maxSignals()) {
      reject(
          t,
          signal,
          t.tuning().maxSignals()
              + " signals are kept already, the most that may be (ligature.state.engine.max-signals);"
              + " send it again when a task waits for it");
      return;
    }
    received(t, signal, null);
  }

  private static void received(Transition t, Command.Signal signal, @Nullable String task) {
    t.emit(
        new Event.SignalReceived(
            new SignalReceived(
                signal.cause().inputId(),
                signal.name(),
                signal.correlation(),
                signal.payload(),
                task)));
  }

  private static void reject(Transition t, Command.Signal signal, String why) {
    t.emit(new Event.CommandRejected(new CommandRejected(signal.cause().input(), why)));
  }

  private static List<String> violations(
      Transition t, AwaitSignal wait, @Nullable Payload payload) {
    PayloadSchema schema = t.plan().schema(wait);
    if (schema == null) {
      return List.of();
    }
    try {
      return schema.violations(payload == null ? NullNode.getInstance() : Payloads.parse(payload));
    } catch (IllegalArgumentException e) {
      return List.of(String.valueOf(e.getMessage()));
    }
  }
}
