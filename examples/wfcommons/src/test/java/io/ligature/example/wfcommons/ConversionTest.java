package io.ligature.example.wfcommons;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ligature.example.wfcommons.WfInstance.Task;
import io.ligature.schemas.definition.Definition;
import io.ligature.schemas.definition.DefinitionLimits;
import io.ligature.schemas.definition.DefinitionParser;
import io.ligature.schemas.definition.ParsedDefinition;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConversionTest {

  private static final Conversion USUAL = new Conversion("x", new BigDecimal("0.001"), false, true);

  @Test
  void writesALineForEachTaskAndNoDefault() throws Exception {
    assertThat(USUAL.write(WfInstanceReader.read(Instances.SEARCH)))
        .isEqualTo(
            """
            {"name":"x","tasks":{
            "split_ID01":{"capability":"simulate.work","input":{"seconds":0.001}},
            "search_ID02":{"capability":"simulate.work","needs":["split_ID01"],"input":{"seconds":0.06}},
            "search_ID03":{"capability":"simulate.work","needs":["split_ID01"],"input":{"seconds":0.042}},
            "gather_ID04":{"capability":"simulate.work","needs":["search_ID02","search_ID03"],"input":{"seconds":0}}}}
            """);
  }

  @Test
  void namesATaskByItsNumberWhenItsIdCannotBeAName() throws Exception {
    String id = "NFCORE:ALIGN.SORT (sample \"1\")";

    assertThat(
            USUAL.write(instance(new Task(id, List.of(), null), new Task("b", List.of(id), null))))
        .isEqualTo(
            """
            {"name":"x","tasks":{
            "t1":{"description":"NFCORE:ALIGN.SORT (sample \\"1\\")","capability":"simulate.work","input":{"seconds":0}},
            "b":{"capability":"simulate.work","needs":["t1"],"input":{"seconds":0}}}}
            """);
  }

  @Test
  void namesATaskAfterNoOtherOne() throws Exception {
    assertThat(
            TaskNames.of(
                List.of(
                    task("0"),
                    task("t1"),
                    task("t1_"),
                    task("a".repeat(64)),
                    task("a".repeat(65)),
                    task("é")),
                false))
        .containsEntry("0", "t1__")
        .containsEntry("t1", "t1")
        .containsEntry("t1_", "t1_")
        .containsEntry("a".repeat(64), "a".repeat(64))
        .containsEntry("a".repeat(65), "t5")
        .containsEntry("é", "t6");
  }

  @Test
  void keepsNoIdWhenNamesAreToBeShort() throws Exception {
    Conversion shortest = new Conversion("x", BigDecimal.ONE, true, false);

    assertThat(shortest.write(instance(task("t2"), new Task("b", List.of("t2"), BigDecimal.TEN))))
        .isEqualTo(
            """
            {"name":"x","tasks":{
            "t1":{"capability":"simulate.work","input":{"seconds":0}},
            "t2":{"capability":"simulate.work","needs":["t1"],"input":{"seconds":10}}}}
            """);
  }

  @Test
  void tellsTheIdOfATaskThatHasAShortName() throws Exception {
    Conversion named = new Conversion("x", BigDecimal.ONE, true, true);

    assertThat(named.write(instance(task("split")))).contains("\"t1\":{\"description\":\"split\",");
  }

  @ParameterizedTest
  @CsvSource({
    "240, 1, 240",
    "1000, 0.001, 1",
    "0.4, 0.001, 0",
    "0.5, 0.001, 0.001",
    "3600, 0, 0",
    "1E+3, 0.1, 100",
  })
  void scalesToMilliseconds(BigDecimal recorded, BigDecimal scale, String seconds)
      throws Exception {
    String text =
        new Conversion("x", scale, false, true).write(instance(new Task("a", List.of(), recorded)));

    assertThat(text).contains("\"input\":{\"seconds\":" + seconds + "}}");
  }

  @Test
  void refusesATaskThatWouldTakeLongerThanTheAgentAllows() {
    Conversion slow = new Conversion("x", BigDecimal.ONE, false, true);

    assertThatThrownBy(
            () -> slow.write(instance(new Task("a", List.of(), new BigDecimal("240.001")))))
        .isInstanceOf(InvalidInstanceException.class)
        .hasMessage("task 'a' would take 240.001 s, more than 240; use a smaller time scale");
  }

  @Test
  void allowsWhatTheRegistrationOfTheAgentAllows() throws Exception {
    assertThat(Files.readString(Path.of("agents/simulate-work.yaml")))
        .contains("- name: " + Conversion.CAPABILITY + "\n")
        .contains(
            "seconds: { type: number, minimum: 0, maximum: " + Conversion.MOST_SECONDS + " }");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "1st", "a b", "a/b", "é"})
  void refusesANameThatNoDefinitionMayHave(String name) {
    assertThatThrownBy(() -> new Conversion(name, BigDecimal.ONE, false, true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'" + name + "' cannot be a definition's name");
  }

  @Test
  void refusesToRunTimeBackwards() {
    assertThatThrownBy(() -> new Conversion("x", new BigDecimal("-1"), false, true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the time scale -1 is negative");
  }

  @ParameterizedTest
  @CsvSource({
    "montage-2mass, montage-2mass",
    "1000genome, wf-1000genome",
    "chain-5.json, chain-5.json",
    "'a b/ c', a-b-c",
    "'', wf-",
    "_x, wf-_x",
  })
  void makesADefinitionsNameOfTheInstances(String name, String definition) {
    assertThat(TaskNames.definition(name)).isEqualTo(definition);
  }

  @Test
  void cutsALongNameOfAnInstance() {
    assertThat(TaskNames.definition("1".repeat(200))).isEqualTo("wf-" + "1".repeat(97));
  }

  @Test
  void writesWhatTheParserTakesForFiveThousandTasks() throws Exception {
    WfInstance instance = WfInstanceReader.read(new RandomInstance(5_000, 11).write());

    String text = new Conversion("x", new BigDecimal("0.001"), true, false).write(instance);

    assertThat(text.getBytes(StandardCharsets.UTF_8).length)
        .isLessThan(DefinitionLimits.DEFAULT.textBytes());
    Definition definition = parsed(text);
    assertThat(definition.tasks()).hasSize(5_000);
    IntStream.range(0, 5_000)
        .forEach(
            i ->
                assertThat(definition.tasks().get("t" + (i + 1)).needs().tasks())
                    .as("seed 11, task %d", i)
                    .hasSameSizeAs(instance.tasks().get(i).parents()));
  }

  @Test
  void writesWhatTheParserTakesForIdsOfAnyKind() throws Exception {
    String odd = "line\nbreak \\ \"quoted\" ${input.x} é \u0001";

    parsed(USUAL.write(instance(task(odd), new Task("x".repeat(5_000), List.of(odd), null))));
  }

  private static Definition parsed(String text) {
    return switch (new DefinitionParser(DefinitionLimits.DEFAULT).parse(text)) {
      case ParsedDefinition.Sound sound -> sound.definition();
      case ParsedDefinition.Refused refused -> throw new AssertionError(refused.problems());
    };
  }

  private static Task task(String id) {
    return new Task(id, List.of(), null);
  }

  private static WfInstance instance(Task... tasks) {
    return new WfInstance("x", List.of(tasks));
  }
}
