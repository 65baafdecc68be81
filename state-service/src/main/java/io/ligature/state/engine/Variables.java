package io.ligature.state.engine;

import com.fasterxml.jackson.databind.JsonNode;
import io.ligature.avro.Payload;
import io.ligature.avro.VariableSet;
import io.ligature.schemas.definition.ExpressionException;
import io.ligature.schemas.definition.Template;
import io.ligature.schemas.wire.Payloads;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** What tasks of a workflow write for later ones. The last write in the order of the log counts. */
final class Variables {

  private Variables() {}

  /** Gives all their first values; a fault of one ends the workflow. */
  static void begin(Transition t) {
    t.plan()
        .definition()
        .variables()
        .forEach(
            (name, first) -> {
              Payload value;
              try {
                value =
                    Envelopes.render(
                        t, first, TransitionScope.inside(t, Paths.ROOT), "the variable " + name);
              } catch (ExpressionException e) {
                if (t.goesOn()) {
                  Ending.fail(t, null, Scheduling.invalid(e));
                }
                return;
              }
              if (t.goesOn()) {
                t.emit(new Event.VariableSet(new VariableSet(null, name, value)));
              }
            });
  }

  /**
   * Writes what a task that succeeded is to write.
   *
   * @throws ExpressionException when one cannot be evaluated; none is written then
   */
  static void set(Transition t, String task) {
    Map<String, Template> templates = t.definitionOf(task).set();
    if (templates.isEmpty() || !(t.task(task).state() instanceof TaskState.Succeeded)) {
      return;
    }
    JsonNode output = t.json(Slot.output(task));
    TransitionScope scope = TransitionScope.of(t, task).with(Map.of("output", output));
    Map<String, Payload> values = new LinkedHashMap<>();
    templates.forEach(
        (name, template) ->
            values.put(name, Envelopes.render(t, template, scope, "the variable " + name)));
    values.forEach(
        (name, value) -> {
          t.emit(new Event.VariableSet(new VariableSet(task, name, value)));
          t.forget(Slot.variable(name));
        });
  }

  /** All of them as JSON text, for an agent. */
  static Map<String, String> texts(Transition t) {
    Map<String, String> texts = new LinkedHashMap<>();
    for (String name : t.plan().definition().variables().keySet()) {
      Payload value = t.state().payload(Slot.variable(name));
      if (value != null) {
        texts.put(name, new String(Payloads.bytes(value), StandardCharsets.UTF_8));
      }
    }
    return texts;
  }
}
