package io.ligature.state.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.ligature.avro.Failure;
import io.ligature.avro.Grade;
import io.ligature.avro.KeptResult;
import io.ligature.avro.Payload;
import io.ligature.schemas.definition.Definition;
import io.ligature.schemas.definition.DefinitionLimits;
import io.ligature.schemas.definition.DefinitionParser;
import io.ligature.schemas.definition.ParsedDefinition;
import io.ligature.schemas.wire.Payloads;
import io.ligature.state.engine.TaskState;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KeptResultsTest {

  /** a → b → d, a → c → d, and e alone. */
  private static final Definition DEFINITION =
      ((ParsedDefinition.Sound)
              new DefinitionParser(DefinitionLimits.DEFAULT)
                  .parse(
                      """
                      name: diamond
                      tasks:
                        a: { capability: x.y }
                        b: { needs: [a], capability: x.y }
                        c: { needs: [a], capability: x.y }
                        d: { needs: { any: [b, c] }, capability: x.y }
                        e: { capability: x.y }
                      """))
          .definition();

  private static final TaskState SUCCEEDED = new TaskState.Succeeded(Grade.repaired);
  private static final TaskState FAILED =
      new TaskState.Failed(new Failure("model_error", "no", null, false));

  private final Map<String, TaskState> states = new HashMap<>();

  @Test
  void keepsWhatNeitherIsTheTaskNorComesAfterIt() {
    allSucceeded();

    assertThat(without("b"))
        .containsExactly(
            new KeptResult("a", Grade.repaired, output("a")),
            new KeptResult("c", Grade.repaired, output("c")),
            new KeptResult("e", Grade.repaired, output("e")));
  }

  @Test
  void runsAgainWhatComesAfterThroughOthers() {
    allSucceeded();

    assertThat(without("a")).extracting(KeptResult::getTask).containsExactly("e");
  }

  @Test
  void keepsSkippedTasksAsSkipped() {
    allSucceeded();
    states.put("e", new TaskState.Skipped("not wanted"));

    assertThat(without("a")).containsExactly(new KeptResult("e", null, null));
  }

  @Test
  void keepsNothingOfTasksThatFailedOrWereCancelledOrNeverBegan() {
    states.put("a", FAILED);
    states.put("b", new TaskState.Cancelled("stopped"));
    states.put("c", new TaskState.Pending());

    assertThat(without("e")).isEmpty();
  }

  @Test
  void keepsAnOutputThatIsNone() {
    states.put("e", SUCCEEDED);

    assertThat(new KeptResults(DEFINITION, 0).without("a", states, _ -> null))
        .containsExactly(new KeptResult("e", Grade.repaired, null));
  }

  @Test
  void refusesATaskThatIsNotTheDefinitionsOwn() {
    ApiProblem problem = catchThrowableOfType(ApiProblem.class, () -> without("a.inner"));

    assertThat(problem.violations().getFirst())
        .isEqualTo(
            "fromTask: 'a.inner' is not one of the definition's own tasks; there are [a, b, c, d, e]");
  }

  @Test
  void stopsReadingOutputsWhenTheyAreTooLarge() {
    allSucceeded();
    int three = 3 * "'a'".length();
    int two = three - 1;

    assertThat(new KeptResults(DEFINITION, three).without("b", states, this::output)).hasSize(3);
    ApiProblem problem =
        catchThrowableOfType(
            ApiProblem.class,
            () -> new KeptResults(DEFINITION, two).without("b", states, this::output));
    assertThat(problem.violations().getFirst())
        .startsWith("fromTask: the results that would be kept have more than " + two + " bytes");
  }

  private void allSucceeded() {
    DEFINITION.tasks().keySet().forEach(task -> states.put(task, SUCCEEDED));
  }

  private List<KeptResult> without(String fromTask) {
    return new KeptResults(DEFINITION, 1_000).without(fromTask, states, this::output);
  }

  private Payload output(String task) {
    return Payloads.json(Payloads.JSON.getNodeFactory().textNode(task));
  }
}
