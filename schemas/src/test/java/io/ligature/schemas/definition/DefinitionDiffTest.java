package io.ligature.schemas.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ligature.schemas.definition.DefinitionDiff.ChangedTask;
import java.util.List;
import org.junit.jupiter.api.Test;

class DefinitionDiffTest {

  private static final String OLD =
      """
      name: a
      budget: { maxCost: 1.00 }
      tasks:
        draft: { capability: write, constraints: { maxCost: 0.40, timeout: PT1M } }
        check: { needs: [draft], capability: check }
      """;

  @Test
  void saysNothingOfAnotherSpelling() {
    String json =
        """
        {"tasks": {"check": {"capability": "check", "needs": ["draft"]},
                   "draft": {"constraints": {"timeout": "PT1M", "maxCost": 0.4}, "capability": "write"}},
         "budget": {"maxCost": 1}, "name": "a"}
        """;

    assertThat(DefinitionDiff.between(OLD, json).isEmpty()).isTrue();
  }

  @Test
  void tellsTasksAddedRemovedAndChangedAndFieldsOfTheWhole() {
    String text =
        """
        name: a
        budget: { maxCost: 2.00 }
        deadline: PT1H
        tasks:
          draft: { capability: write, constraints: { maxCost: 0.50 }, retry: { max: 2 } }
          publish: { needs: [draft], capability: publish }
        """;

    assertThat(DefinitionDiff.between(OLD, text))
        .isEqualTo(
            new DefinitionDiff(
                List.of("publish"),
                List.of("check"),
                List.of(
                    new ChangedTask(
                        "draft",
                        List.of("constraints.maxCost", "constraints.timeout", "retry.max"))),
                List.of("budget.maxCost", "deadline")));
  }

  @Test
  void goesIntoEveryKindOfTaskThatEnclosesOthers() {
    String before =
        """
        name: a
        tasks:
          block: { tasks: { one: { capability: c }, two: { capability: c } }, output: 1 }
          fan: { forEach: { in: "${input.l}", do: { tasks: { one: { capability: c } } } } }
          loop: { repeat: { until: "${last.ok}", max: 3, do: { capability: c } } }
          route: { choose: [ { when: "${input.x}", do: { capability: c } }, { do: { capability: d } } ] }
        """;
    String after =
        """
        name: a
        tasks:
          block: { tasks: { one: { capability: other }, three: { capability: c } }, output: 1 }
          fan: { forEach: { in: "${input.l}", do: { tasks: { one: { capability: other } } } } }
          loop: { repeat: { until: "${last.ok}", max: 4, do: { capability: other } } }
          route: { choose: [ { when: "${input.x}", do: { capability: c } }, { do: { capability: e } } ] }
        """;

    assertThat(DefinitionDiff.between(before, after))
        .isEqualTo(
            new DefinitionDiff(
                List.of("block.three"),
                List.of("block.two"),
                List.of(
                    new ChangedTask("block.one", List.of("capability")),
                    new ChangedTask("fan.forEach.do.one", List.of("capability")),
                    new ChangedTask("loop", List.of("repeat.do.capability", "repeat.max")),
                    new ChangedTask("route", List.of("choose[1].do.capability"))),
                List.of()));
  }

  @Test
  void aTaskThatDoesSomethingElseHasChanged() {
    String before = "name: a\ntasks: { t: { capability: c } }";
    String after = "name: a\ntasks: { t: { tasks: { u: { capability: c } } } }";

    assertThat(DefinitionDiff.between(before, after))
        .isEqualTo(
            new DefinitionDiff(
                List.of("t.u"),
                List.of(),
                List.of(new ChangedTask("t", List.of("capability", "tasks"))),
                List.of()));
  }

  @Test
  void refusesWhatCannotBeRead() {
    assertThatThrownBy(() -> DefinitionDiff.between(OLD, "name: ["))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("not a definition: text:");
  }
}
