package io.ligature.schemas.definition;

import com.fasterxml.jackson.databind.JsonNode;
import io.ligature.schemas.definition.TaskDefinition.AgentWork;
import io.ligature.schemas.definition.TaskDefinition.AwaitSignal;
import io.ligature.schemas.definition.TaskDefinition.Block;
import io.ligature.schemas.definition.TaskDefinition.ChildWorkflow;
import io.ligature.schemas.definition.TaskDefinition.Choose;
import io.ligature.schemas.definition.TaskDefinition.ForEach;
import io.ligature.schemas.definition.TaskDefinition.Repeat;
import io.ligature.schemas.definition.TaskDefinition.ReviewGate;
import io.ligature.schemas.definition.TaskDefinition.Wait;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Goes through a whole definition, from the outer tasks to the inner ones, and checks its sense.
 */
final class DefinitionChecks {

  private final Definition definition;
  private final SchemaCheck schemas;
  private final Findings findings;
  private final BlockChecks blocks;
  private final ReadChecks reads;
  private final ReachChecks reaches;

  DefinitionChecks(LocatedDocument document, Definition definition, SchemaCheck schemas) {
    this.definition = definition;
    this.schemas = schemas;
    this.findings = new Findings(document, new ArrayList<>());
    this.blocks = new BlockChecks(findings);
    this.reaches = new ReachChecks(findings);
    this.reads = new ReadChecks(findings, definition);
  }

  List<Problem> problems() {
    checkSchema(definition.inputSchema(), "the input", "/input/schema");
    definition.variables().values().forEach(reads::checkFirst);
    reads.check(definition.output(), block(definition.tasks(), "", null));
    Definition.BudgetRule budget = definition.budget();
    new BudgetChecks(findings, budget == null ? null : budget.onExceeded()).check(definition);
    return findings.problems();
  }

  /**
   * @param place of the task that is a block; empty: of the workflow
   * @return what the block's output may read
   */
  private Sight block(Map<String, TaskDefinition> tasks, String place, @Nullable Sight around) {
    Order order = blocks.check(tasks, place + "/tasks", around);
    reaches.checkBlock(tasks, place + "/tasks");
    Sight sight = Sight.atEnd(tasks, order, around);
    tasks.forEach(
        (name, task) -> task(task, LocatedDocument.child(place + "/tasks", name), sight.of(name)));
    return sight;
  }

  private void task(TaskDefinition task, String place, Sight sight) {
    blocks.checkGate(task, place);
    reads.check(task, place, sight);
    reaches.check(task, place);
    switch (task.action()) {
      case ForEach each -> task(each.body(), place + "/forEach/do", sight);
      case Repeat repeat -> task(repeat.body(), place + "/repeat/do", sight);
      case Choose choose -> {
        for (int i = 0; i < choose.branches().size(); i++) {
          task(choose.branches().get(i).body(), place + "/choose/" + i + "/do", sight);
        }
      }
      case Block block -> reads.check(block.output(), block(block.tasks(), place, sight));
      case AwaitSignal signal ->
          checkSchema(
              signal.schema(), "the signal '" + signal.signal() + "'", place + "/signal/schema");
      case AgentWork _, ReviewGate _, ChildWorkflow _, Wait _ -> {}
    }
  }

  private void checkSchema(@Nullable JsonNode schema, String of, String place) {
    if (schema != null) {
      schemas.check(schema, of, place, findings);
    }
  }
}
