package io.ligature.example;

import static org.assertj.core.api.Assertions.assertThat;

import io.ligature.schemas.definition.Definition;
import io.ligature.schemas.definition.DefinitionLimits;
import io.ligature.schemas.definition.DefinitionParser;
import io.ligature.schemas.definition.ParsedDefinition;
import io.ligature.schemas.definition.TaskDefinition.AgentWork;
import io.ligature.schemas.definition.TaskDefinition.ReviewGate;
import java.nio.file.Files;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The workflow of the demo is sound, and the agents of the demo can run it. */
class WorkflowTest {

  @Test
  void asksForNothingThatNoAgentDoes() throws Exception {
    Set<String> capabilities = new TreeSet<>();
    for (Agent agent : Agents.all(ExampleDocuments.load())) {
      capabilities.add(agent.capability());
    }
    // That agent belongs to another example.
    capabilities.remove("simulate.work");
    Set<String> needed = new TreeSet<>();
    for (var task : definition().tasks().values()) {
      if (task.action() instanceof AgentWork work) {
        needed.add(work.capability());
      }
    }

    assertThat(needed).isEqualTo(capabilities);
  }

  @Test
  void waitsForAnEditorWhoMayEdit() throws Exception {
    assertThat(definition().tasks().get("editorial-review").action())
        .isInstanceOfSatisfying(
            ReviewGate.class,
            gate -> {
              assertThat(gate.rule().role()).isEqualTo("editor");
              assertThat(gate.rule().edit()).isTrue();
            });
  }

  private static Definition definition() throws Exception {
    String text = Files.readString(ExampleDocuments.EXAMPLE.resolve("workflow.yaml"));
    ParsedDefinition parsed = new DefinitionParser(DefinitionLimits.DEFAULT).parse(text);
    assertThat(parsed).as(parsed.toString()).isInstanceOf(ParsedDefinition.Sound.class);
    return ((ParsedDefinition.Sound) parsed).definition();
  }
}
