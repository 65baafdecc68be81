package io.ligature.example.wfcommons;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.ligature.example.wfcommons.WfInstance.Task;
import java.math.BigDecimal;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WfInstanceReaderTest {

  @Test
  void readsTasksParentsAndRuntimesAndPassesOverTheRest() throws Exception {
    assertThat(WfInstanceReader.read(Instances.SEARCH))
        .isEqualTo(
            new WfInstance(
                "search-small",
                List.of(
                    new Task("split_ID01", List.of(), new BigDecimal("1.25")),
                    new Task("search_ID02", List.of("split_ID01"), new BigDecimal("60.0496")),
                    new Task("search_ID03", List.of("split_ID01"), new BigDecimal("42")),
                    new Task(
                        "gather_ID04",
                        List.of("search_ID02", "search_ID03"),
                        new BigDecimal("0.0004")))));
  }

  @Test
  void takesAnEdgeThatOnlyTheParentNames() throws Exception {
    assertThat(tasks(Instances.of("{'id':'b'},{'id':'a','children':['b']}")))
        .containsExactly(new Task("b", List.of("a"), null), new Task("a", List.of(), null));
  }

  @Test
  void takesAnEdgeThatOnlyTheChildNames() throws Exception {
    assertThat(tasks(Instances.of("{'id':'a','children':[]},{'id':'b','parents':['a']}")))
        .containsExactly(new Task("a", List.of(), null), new Task("b", List.of("a"), null));
  }

  @Test
  void countsAnEdgeOnceHoweverOftenItIsNamed() throws Exception {
    assertThat(
            tasks(
                Instances.of(
                    "{'id':'a','children':['b','b']},{'id':'b','parents':['a','a'],'children':null}")))
        .contains(new Task("b", List.of("a"), null));
  }

  @Test
  void passesOverAnEmptyParentWhichTheFormatAllows() throws Exception {
    assertThat(tasks(Instances.of("{'id':'a','parents':['']}")))
        .containsExactly(new Task("a", List.of(), null));
  }

  @Test
  void knowsNoRuntimeWhereNoneIsRecorded() throws Exception {
    assertThat(
            tasks(
                Instances.of(
                    "{'id':'a'},{'id':'b'},{'id':'c'}",
                    "{'id':'a'},{'id':'b','runtimeInSeconds':null}")))
        .extracting(Task::seconds)
        .containsOnlyNulls();
  }

  @Test
  void passesOverTheExecutionOfATaskThatIsNotSpecified() throws Exception {
    assertThat(tasks(Instances.of("{'id':'a'}", "{'id':'stage_in','runtimeInSeconds':3}")))
        .containsExactly(new Task("a", List.of(), null));
  }

  @Test
  void readsAChainThatIsFarDeeperThanAnyStack() throws Exception {
    String chain =
        IntStream.range(0, 50_000)
            .mapToObj(
                i ->
                    "{'id':'n%d','children':[%s]}"
                        .formatted(i, i == 49_999 ? "" : "'n" + (i + 1) + "'"))
            .collect(Collectors.joining(","));

    assertThat(tasks(Instances.of(chain))).hasSize(50_000);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{ | not JSON: line 1: Unexpected end-of-input",
        "[] | 'workflow' is missing: this is no WfFormat instance",
        "{'name':'x','tasks':{}} | 'workflow' is missing",
        "{'workflow':{}} | 'workflow.specification.tasks' must be a list of at least one task",
        "{'workflow':{'specification':{'tasks':[]}}} | must be a list of at least one task",
        "{'workflow':{'specification':{'tasks':{'id':'a'}}}} | must be a list of at least one task",
        "{'schemaVersion':'1.4','workflow':{'tasks':[{'id':'a'}]}} | of WfFormat 1.4; migrate it to 1.5",
        "{'workflow':{'jobs':[]}} | of WfFormat 1.4 or older; migrate it to 1.5",
      })
  void refusesWhatIsNoInstance(String text, String message) {
    assertThatThrownBy(() -> WfInstanceReader.read(text.replace('\'', '"')))
        .isInstanceOf(InvalidInstanceException.class)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{} | workflow.specification.tasks[0]: 'id' is missing or no text",
        "{'id':7} | workflow.specification.tasks[0]: 'id' is missing or no text",
        "{'id':' '} | workflow.specification.tasks[0]: 'id' is missing or no text",
        "{'id':'a'},{'id':'b'},{'id':'a'} | workflow.specification.tasks[2]: id 'a' is that of tasks[0] already",
        "{'id':'a','parents':['b']} | workflow.specification.tasks[0]: parent 'b' is no task of this instance",
        "{'id':'a','children':['b']} | workflow.specification.tasks[0]: child 'b' is no task of this instance",
        "{'id':'a','parents':'b'} | workflow.specification.tasks[0]: 'parents' must be a list of ids",
        "{'id':'a','children':[3]} | workflow.specification.tasks[0]: 'children' holds 3, which is no id",
        "{'id':'a','parents':['a']} | the tasks form a cycle: a -> a",
        "{'id':'a','children':['b']},{'id':'b','children':['a']} | the tasks form a cycle: a -> b -> a",
        "{'id':'z'},{'id':'a','parents':['z','c']},{'id':'b','parents':['a']},{'id':'c','parents':['b']},{'id':'d','parents':['c']} | the tasks form a cycle: a -> b -> c -> a",
      })
  void refusesAGraphThatIsNone(String tasks, String message) {
    assertThatThrownBy(() -> WfInstanceReader.read(Instances.of(tasks)))
        .isInstanceOf(InvalidInstanceException.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{} | workflow.execution.tasks[0]: 'id' is missing or no text",
        "{'id':'a','runtimeInSeconds':-1} | workflow.execution.tasks[0]: 'runtimeInSeconds' is -1; it must be a number from 0 on",
        "{'id':'a','runtimeInSeconds':'3'} | workflow.execution.tasks[0]: 'runtimeInSeconds' is \"3\"; it must be a number from 0 on",
        "{'id':'a','runtimeInSeconds':1},{'id':'a','runtimeInSeconds':2} | workflow.execution.tasks[1]: task 'a' is recorded twice",
      })
  void refusesExecutionsThatCannotBe(String executions, String message) {
    assertThatThrownBy(() -> WfInstanceReader.read(Instances.of("{'id':'a'}", executions)))
        .isInstanceOf(InvalidInstanceException.class)
        .hasMessage(message);
  }

  @Test
  void refusesAnExecutionThatIsNoList() {
    String text = Instances.of("{'id':'a'}", "").replace("[]", "\"none\"");

    assertThatThrownBy(() -> WfInstanceReader.read(text))
        .isInstanceOf(InvalidInstanceException.class)
        .hasMessage("'workflow.execution.tasks' must be a list");
  }

  @Test
  void tellsAllProblemsButNoMoreThanCanBeRead() {
    String tasks =
        IntStream.range(0, 100)
            .mapToObj(i -> "{'id':'n%d','parents':['nobody']}".formatted(i))
            .collect(Collectors.joining(","));

    Throwable refused = catchThrowable(() -> WfInstanceReader.read(Instances.of(tasks)));

    assertThat(refused).isInstanceOf(InvalidInstanceException.class);
    assertThat(refused.getMessage().lines())
        .hasSize(InvalidInstanceException.MOST_TOLD + 1)
        .contains("workflow.specification.tasks[19]: parent 'nobody' is no task of this instance")
        .endsWith("and 80 more");
  }

  private static List<Task> tasks(String text) throws InvalidInstanceException {
    return WfInstanceReader.read(text).tasks();
  }
}
