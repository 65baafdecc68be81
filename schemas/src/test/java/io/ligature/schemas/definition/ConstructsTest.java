package io.ligature.schemas.definition;

import static org.assertj.core.api.Assertions.assertThat;

import io.ligature.schemas.Money;
import io.ligature.schemas.definition.Definition.CatchUp;
import io.ligature.schemas.definition.Definition.OnExceeded;
import io.ligature.schemas.definition.Definition.Overlap;
import io.ligature.schemas.definition.ParsedDefinition.Refused;
import io.ligature.schemas.definition.ParsedDefinition.Sound;
import io.ligature.schemas.definition.TaskDefinition.AgentWork;
import io.ligature.schemas.definition.TaskDefinition.AwaitSignal;
import io.ligature.schemas.definition.TaskDefinition.Block;
import io.ligature.schemas.definition.TaskDefinition.ChildWorkflow;
import io.ligature.schemas.definition.TaskDefinition.Choose;
import io.ligature.schemas.definition.TaskDefinition.ForEach;
import io.ligature.schemas.definition.TaskDefinition.Needs;
import io.ligature.schemas.definition.TaskDefinition.OnParentEnd;
import io.ligature.schemas.definition.TaskDefinition.Repeat;
import io.ligature.schemas.definition.TaskDefinition.Share;
import io.ligature.schemas.definition.TaskDefinition.Wait;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each construct of the language, as the engine gets it. */
class ConstructsTest {

  private static final DefinitionParser PARSER = new DefinitionParser(DefinitionLimits.DEFAULT);

  @Test
  void variablesHaveFirstValuesAndAreSetByTasks() {
    Definition definition =
        sound(
            """
            name: a
            variables: { drafts: 0, notes: "${input.notes}" }
            tasks:
              t:
                capability: c
                input: "${variables.notes}"
                set: { drafts: "${variables.drafts + 1}", notes: "${output}" }
            """);

    assertThat(definition.variables()).containsOnlyKeys("drafts", "notes");
    assertThat(definition.variables().get("notes").readsInput()).isTrue();
    TaskDefinition task = definition.tasks().get("t");
    assertThat(work(task).input().variables()).containsExactly("notes");
    assertThat(task.set().get("drafts").variables()).containsExactly("drafts");
    assertThat(task.set().get("notes").copies()).isEqualTo(new Template.Copy.OfLocal("output"));
  }

  @Test
  void aCriticHasItsWorkAndItsScore() {
    TaskDefinition task =
        sound(
                """
                name: a
                tasks:
                  t:
                    capability: c
                    validate: { capability: d, minScore: 0.5, maxCost: 0.10, criteria: "${output.x}" }
                """)
            .tasks()
            .get("t");

    TaskDefinition.Validation validation = work(task).validation();
    assertThat(validation.minScore()).isEqualTo(0.5);
    assertThat(validation.ownInput()).isFalse();
    assertThat(validation.critic().capability()).isEqualTo("d");
    assertThat(validation.critic().limits().maxCost()).isEqualTo(Money.of("0.10"));
    assertThat(validation.critic().limits().timeout()).isEqualTo(Duration.ofMinutes(5));
    assertThat(validation.critic().validation()).isNull();
  }

  @Test
  void workSaysWhoDoesItAndWhatItMayShare() {
    Definition definition =
        sound(
            """
            name: a
            tasks:
              t:
                capability: c
                route: { prefer: [x, y], avoid: [z], sticky: true }
                cache: { maxAge: PT1H }
                shareIdenticalCalls: true
              u: { capability: c }
            """);

    assertThat(work(definition.tasks().get("t")).handling())
        .isEqualTo(
            new TaskDefinition.Handling(
                new TaskDefinition.Routing(List.of("x", "y"), List.of("z"), null, true),
                Duration.ofHours(1),
                true));
    assertThat(work(definition.tasks().get("u")).handling())
        .isEqualTo(TaskDefinition.Handling.USUAL);
    assertThat(work(definition.tasks().get("u")).validation()).isNull();
  }

  @Test
  void aScheduleHasItsDefaults() {
    Definition.Schedule schedule =
        sound("name: a\nschedule: { cron: '0 9 * * *' }\ntasks: { t: { capability: c } }")
            .schedule();

    assertThat(schedule.timeZone()).isEqualTo(ZoneId.of("UTC"));
    assertThat(schedule.overlap()).isEqualTo(Overlap.SKIP);
    assertThat(schedule.catchUp()).isEqualTo(CatchUp.NONE);
    assertThat(schedule.input()).hasToString("{}");
  }

  @Test
  void aScheduleSaysWhatHappensWithOtherRuns() {
    Definition.Schedule schedule =
        sound(
                """
                name: a
                schedule: { cron: "0 9 * * MON-FRI", timeZone: Europe/Berlin, overlap: allow, catchUp: last, input: { x: 1 } }
                tasks: { t: { capability: c } }
                """)
            .schedule();

    assertThat(schedule.cron()).isEqualTo("0 9 * * MON-FRI");
    assertThat(schedule.timeZone()).isEqualTo(ZoneId.of("Europe/Berlin"));
    assertThat(schedule.overlap()).isEqualTo(Overlap.ALLOW);
    assertThat(schedule.catchUp()).isEqualTo(CatchUp.LAST);
    assertThat(schedule.input()).hasToString("{\"x\":1}");
  }

  @Test
  void aWaitIsForATimeOrUntilAnInstant() {
    assertThat(((Wait) task("{ wait: PT1H }").action()).duration().render(null))
        .hasToString("\"PT1H\"");
    Wait paused = (Wait) task("{ wait: { for: \"${input.pause}\" } }").action();
    assertThat(paused.duration().readsInput()).isTrue();
    assertThat(paused.until()).isNull();
    Wait until = (Wait) task("{ wait: { until: \"2030-01-31T09:00:00+01:00\" } }").action();
    assertThat(until.duration()).isNull();
    assertThat(until.until().render(null)).hasToString("\"2030-01-31T09:00:00+01:00\"");
  }

  @Test
  void aSignalHasANameACorrelationAndASchema() {
    AwaitSignal signal =
        (AwaitSignal)
            task("{ signal: { name: paid, correlation: \"${input.order}\", schema: { type: object } } }")
                .action();

    assertThat(signal.signal()).isEqualTo("paid");
    assertThat(signal.correlation().readsInput()).isTrue();
    assertThat(signal.schema()).hasToString("{\"type\":\"object\"}");
  }

  @Test
  void aChildGetsTheInputUnlessItIsTold() {
    ChildWorkflow child = (ChildWorkflow) task("{ workflow: { name: research } }").action();

    assertThat(child.definition()).isEqualTo("research");
    assertThat(child.version()).isNull();
    assertThat(child.input().copies()).isEqualTo(new Template.Copy.OfInput());
    assertThat(child.onParentEnd()).isEqualTo(OnParentEnd.CANCEL);
  }

  @Test
  void anItemGoesByItsNameOrByItem() {
    ForEach plain = (ForEach) task("{ forEach: { in: [1], do: { capability: c } } }").action();
    assertThat(plain.item()).isEqualTo("item");
    assertThat(plain.concurrency()).isNull();
    assertThat(plain.collect()).isFalse();
    assertThat(plain.aggregate()).isTrue();
    assertThat(plain.body().name()).isEmpty();

    ForEach named =
        (ForEach)
            task("{ forEach: { in: \"${input.list}\", as: language, concurrency: 3, mode: collect,"
                    + " aggregate: none, do: { capability: c, input: \"${language}\" } } }")
                .action();
    assertThat(named.concurrency()).isEqualTo(3);
    assertThat(named.collect()).isTrue();
    assertThat(named.aggregate()).isFalse();
    assertThat(work(named.body()).input().locals()).containsExactly("language");
    assertThat(work(named.body()).input().copies())
        .isEqualTo(new Template.Copy.OfLocal("language"));
  }

  @Test
  void aLoopKnowsItsIterationAndItsLastOutput() {
    Repeat repeat =
        (Repeat)
            task("{ repeat: { until: \"${last.ok && iteration > 1}\", max: 5, onMax: accept,"
                    + " do: { capability: c, input: { n: \"${iteration}\", l: \"${last}\" } } } }")
                .action();

    assertThat(repeat.max()).isEqualTo(5);
    assertThat(repeat.accept()).isTrue();
    assertThat(repeat.until().locals()).containsExactlyInAnyOrder("last", "iteration");
    assertThat(work(repeat.body()).input().locals()).containsExactlyInAnyOrder("last", "iteration");
  }

  @Test
  void theLastBranchNeedsNoCondition() {
    Choose choose =
        (Choose)
            task("{ choose: [ { when: \"${input.x}\", do: { capability: a } },"
                    + " { do: { capability: b, when: \"${input.y}\" } } ] }")
                .action();

    assertThat(choose.branches().get(0).when()).isNotNull();
    assertThat(choose.branches().get(1).when()).isNull();
    assertThat(choose.branches().get(1).body().when()).isNotNull();
  }

  @Test
  void constructsNestAndSeeTheNamesAroundThem() {
    Definition definition =
        sound(
            """
            name: a
            tasks:
              before: { capability: c }
              fan:
                needs: [before]
                budget: { maxCost: 1.00, onExceeded: degrade }
                timeout: PT1H
                forEach:
                  in: "${input.languages}"
                  as: language
                  do:
                    repeat:
                      until: "${last.score > 0.8}"
                      max: 3
                      do:
                        tasks:
                          write: { capability: c, input: { l: "${language}", n: "${iteration}", b: "${tasks.before.output}" } }
                          check: { needs: [write], capability: c, input: "${tasks.write.output}" }
                        output: "${tasks.check.output}"
            """);

    TaskDefinition fan = definition.tasks().get("fan");
    assertThat(fan.budget()).isEqualTo(new Share(Money.of("1.00"), OnExceeded.DEGRADE));
    assertThat(fan.timeout()).isEqualTo(Duration.ofHours(1));
    Repeat repeat = (Repeat) ((ForEach) fan.action()).body().action();
    Block block = (Block) repeat.body().action();
    assertThat(block.tasks().keySet()).containsExactly("write", "check");
    assertThat(block.output().copies()).isEqualTo(new Template.Copy.OfOutput("check"));
    assertThat(work(block.tasks().get("write")).input().locals())
        .containsExactlyInAnyOrder("language", "iteration");
  }

  @Test
  void compensationWorksOnTheTasksOwnOutput() {
    TaskDefinition task = task("{ capability: c, compensate: { capability: undo } }");

    assertThat(task.compensation().work().capability()).isEqualTo("undo");
    assertThat(task.compensation().work().input().copies())
        .isEqualTo(new Template.Copy.OfLocal("output"));
  }

  @Test
  void aTaskMayWaitForTheEndOfOthersHoweverTheyEnd() {
    Definition definition =
        sound(
            """
            name: a
            tasks:
              try: { capability: c }
              catch: { needs: { ended: [try] }, capability: c, input: "${tasks.try.error.kind}" }
            """);

    assertThat(definition.tasks().get("catch").needs())
        .isEqualTo(new Needs(Needs.Join.ENDED, 1, List.of("try")));
  }

  @Test
  void nestingStopsAtItsLimit() {
    DefinitionLimits two = new DefinitionLimits(10_000, 50, 50, 1000, 20, 1000, 2, 64);
    DefinitionLimits one = new DefinitionLimits(10_000, 50, 50, 1000, 20, 1000, 1, 64);
    String text =
        "name: a\ntasks: { t: { tasks: { u: { choose: [ { do: { capability: c } } ] } } } }";

    assertThat(new DefinitionParser(two).parse(text)).isInstanceOf(Sound.class);
    assertThat(new DefinitionParser(one).parse(text)).isInstanceOf(Refused.class);
  }

  @Test
  void tasksOfAllLevelsCount() {
    String text =
        "name: a\ntasks: { t: { tasks: { u: { choose: [ { do: { capability: c } } ] } } } }";

    assertThat(new DefinitionParser(tasks(3)).parse(text)).isInstanceOf(Sound.class);
    assertThat(new DefinitionParser(tasks(2)).parse(text)).isInstanceOf(Refused.class);
  }

  private static DefinitionLimits tasks(int most) {
    return new DefinitionLimits(10_000, 50, most, 1000, 20, 1000, 8, 64);
  }

  private static AgentWork work(TaskDefinition task) {
    return (AgentWork) task.action();
  }

  private static TaskDefinition task(String task) {
    return sound("name: a\ntasks:\n  t: " + task + "\n").tasks().get("t");
  }

  private static Definition sound(String text) {
    ParsedDefinition parsed = PARSER.parse(text);
    assertThat(parsed).isInstanceOf(Sound.class);
    return ((Sound) parsed).definition();
  }
}
