package io.ligature.schemas.definition;

import static org.assertj.core.api.Assertions.assertThat;

import io.ligature.schemas.definition.ChildDefinitions.Call;
import io.ligature.schemas.definition.TaskDefinition.Action;
import io.ligature.schemas.definition.TaskDefinition.AgentWork;
import io.ligature.schemas.definition.TaskDefinition.Block;
import io.ligature.schemas.definition.TaskDefinition.Branch;
import io.ligature.schemas.definition.TaskDefinition.ChildWorkflow;
import io.ligature.schemas.definition.TaskDefinition.Choose;
import io.ligature.schemas.definition.TaskDefinition.ForEach;
import io.ligature.schemas.definition.TaskDefinition.Needs;
import io.ligature.schemas.definition.TaskDefinition.OnParentEnd;
import io.ligature.schemas.definition.TaskDefinition.Repeat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ChildDefinitionsTest {

  private static final TaskDefinition PLAIN =
      ((ParsedDefinition.Sound)
              new DefinitionParser(DefinitionLimits.DEFAULT)
                  .parse("name: x\ntasks:\n  a: { capability: a.b, when: '${true}' }\n"))
          .definition()
          .tasks()
          .values()
          .iterator()
          .next();
  private static final Template ANY = ((AgentWork) PLAIN.action()).input();
  private static final Expression TRUE = Objects.requireNonNull(PLAIN.when());

  @Test
  void findsNoneWhereThereIsNone() {
    assertThat(ChildDefinitions.of(definition(PLAIN.action()))).isEmpty();
  }

  @Test
  void findsThemInTheOrderOfTheText() {
    assertThat(ChildDefinitions.of(definition(call("b", 2), call("a", null))))
        .containsExactly(new Call("b", 2), new Call("a", null));
  }

  @Test
  void tellsACallOfTheNewestFromOneOfAVersionAndNamesEachOnce() {
    assertThat(ChildDefinitions.of(definition(call("a", 1), call("a", null), call("a", 1))))
        .containsExactly(new Call("a", 1), new Call("a", null));
  }

  @Test
  void looksIntoBlocksLoopsFansAndEveryBranch() {
    Action block = new Block(Map.of("inner", task("inner", call("block", null))), null);
    Action fan = new ForEach(ANY, "item", null, false, true, task("", call("fan", null)));
    Action loop = new Repeat(TRUE, 3, false, task("", call("loop", null)));
    Action choose =
        new Choose(
            List.of(
                new Branch(TRUE, task("", call("first", null))),
                new Branch(null, task("", call("second", null)))));

    assertThat(ChildDefinitions.of(definition(block, fan, loop, choose)))
        .extracting(Call::definition)
        .containsExactly("block", "fan", "loop", "first", "second");
  }

  @Test
  void looksIntoNestsOfThem() {
    Action loop = new Repeat(TRUE, 3, false, task("", call("deep", 7)));
    Action block = new Block(Map.of("inner", task("inner", loop)), null);
    Action fan = new ForEach(ANY, "item", null, false, true, task("", block));

    assertThat(ChildDefinitions.of(definition(fan))).containsExactly(new Call("deep", 7));
  }

  private static Action call(String definition, @Nullable Integer version) {
    return new ChildWorkflow(definition, version, ANY, OnParentEnd.CANCEL);
  }

  private static TaskDefinition task(String name, Action action) {
    return new TaskDefinition(
        name, action, Needs.NONE, null, Map.of(), null, null, null, null, Map.of());
  }

  private static Definition definition(Action... actions) {
    Map<String, TaskDefinition> tasks = new LinkedHashMap<>();
    for (Action action : actions) {
      String name = "t" + tasks.size();
      tasks.put(name, task(name, action));
    }
    return new Definition("x", null, null, null, 5, tasks, null, Map.of(), null);
  }
}
