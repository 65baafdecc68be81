package io.ligature.schemas.definition;

import com.fasterxml.jackson.databind.JsonNode;
import io.ligature.schemas.definition.CelExpressions.CelExpression;
import io.ligature.schemas.definition.JsonTemplate.Value;
import io.ligature.schemas.definition.TaskDefinition.AgentWork;
import io.ligature.schemas.definition.TaskDefinition.AwaitSignal;
import io.ligature.schemas.definition.TaskDefinition.Block;
import io.ligature.schemas.definition.TaskDefinition.ChildWorkflow;
import io.ligature.schemas.definition.TaskDefinition.Choose;
import io.ligature.schemas.definition.TaskDefinition.Compensation;
import io.ligature.schemas.definition.TaskDefinition.ForEach;
import io.ligature.schemas.definition.TaskDefinition.Repeat;
import io.ligature.schemas.definition.TaskDefinition.ReviewGate;
import io.ligature.schemas.definition.TaskDefinition.Wait;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Checks what expressions read and write: tasks by their place, variables by their declaration. */
final class ReadChecks {

  private static final String DECLARE = "declare it under 'variables'";

  private final Findings findings;
  private final Set<String> variables;
  private final @Nullable JsonNode inputSchema;

  ReadChecks(Findings findings, Definition definition) {
    this.findings = findings;
    this.variables = definition.variables().keySet();
    this.inputSchema = definition.inputSchema();
  }

  /** All of a task itself; not of the tasks inside of it, nor the output of a block. */
  void check(TaskDefinition task, String place, Sight sight) {
    check(task.when(), place + "/when", sight);
    switch (task.action()) {
      case AgentWork work -> {
        check(work.input(), sight);
        TaskDefinition.Validation validation = work.validation();
        if (validation != null) {
          check(validation.critic().input(), sight);
        }
      }
      case ReviewGate gate -> {
        check(gate.subject(), sight);
        for (int i = 0; i < gate.risks().size(); i++) {
          check(gate.risks().get(i).when(), place + "/review/risk/" + i + "/when", sight);
        }
      }
      case ChildWorkflow child -> check(child.input(), sight);
      case Wait wait -> {
        check(wait.duration(), sight);
        check(wait.until(), sight);
      }
      case AwaitSignal signal -> check(signal.correlation(), sight);
      case ForEach each -> check(each.list(), sight);
      case Repeat repeat -> check(repeat.until(), place + "/repeat/until", sight);
      case Choose choose -> {
        for (int i = 0; i < choose.branches().size(); i++) {
          check(choose.branches().get(i).when(), place + "/choose/" + i + "/when", sight);
        }
      }
      case Block _ -> {}
    }
    Compensation compensation = task.compensation();
    if (compensation != null) {
      check(compensation.work().input(), sight);
    }
    task.set()
        .forEach(
            (name, template) -> {
              checkVariable(name, LocatedDocument.child(place + "/set", name));
              check(template, sight);
            });
  }

  void check(@Nullable Template template, Sight sight) {
    if (template instanceof JsonTemplate json) {
      for (Value value : json.values()) {
        check(value.expression(), value.place(), sight);
      }
    }
  }

  private void check(@Nullable Expression expression, String place, Sight sight) {
    if (expression == null) {
      return;
    }
    for (String read : new TreeSet<>(expression.tasks())) {
      Sight.Fault fault = sight.fault(read);
      if (fault != null) {
        findings.add(place, fault.message(), fault.remedy());
      }
    }
    new TreeSet<>(expression.variables()).forEach(name -> checkVariable(name, place));
    checkTypes(expression, place);
  }

  private void checkTypes(Expression expression, String place) {
    if (inputSchema != null && expression instanceof CelExpression cel && cel.readsInput()) {
      new TypeChecks(
              inputSchema,
              (message, remedy) -> findings.add(place, "${" + cel.text() + "}: " + message, remedy))
          .check(cel.tree());
    }
  }

  private void checkVariable(String name, String place) {
    if (!variables.contains(name)) {
      findings.add(
          place, "there is no variable '" + name + "'" + Similar.hint(name, variables), DECLARE);
    }
  }

  /** Variables have their first values before any task runs, and before one another. */
  void checkFirst(@Nullable Template value) {
    if (!(value instanceof JsonTemplate json)) {
      return;
    }
    for (Value part : json.values()) {
      checkTypes(part.expression(), part.place());
      if (!part.expression().tasks().isEmpty() || !part.expression().variables().isEmpty()) {
        findings.add(
            part.place(),
            "a variable's first value reads more than the input",
            "give it a value that is known at the start, and 'set' it in a task");
      }
    }
  }
}
