package io.ligature.state.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.ligature.schemas.definition.TaskDefinition.Needs;
import io.ligature.schemas.definition.TaskDefinition.Needs.Join;
import io.ligature.state.engine.Joins.Verdict;
import io.ligature.state.engine.TaskRow.JoinCount;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The truth table of docs/engine.md, row by row; a join has three predecessors here. */
class JoinsTest {

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "J2 all: nothing has ended, ALL,      0, 0, 0, 0, WAIT",
    "J2 all: some succeeded, ALL,      0, 2, 0, 0, WAIT",
    "J2 all: some were skipped, ALL,      0, 0, 0, 2, WAIT",
    "J3 all: all succeeded, ALL,      0, 3, 0, 0, RUN",
    "J3 all: some succeeded and some were skipped, ALL,      0, 1, 0, 2, RUN",
    "J4 all: all were skipped, ALL,      0, 0, 0, 3, SKIP",
    "J5 all: one failed and others still run, ALL,      0, 0, 1, 0, FAIL",
    "J5 all: one failed and the others succeeded, ALL,      0, 2, 1, 0, FAIL",
    "J7 any: nothing has ended, ANY,      0, 0, 0, 0, WAIT",
    "J6 any: the first succeeded, ANY,      0, 1, 0, 0, RUN",
    "J7 any: two failed and one still runs, ANY,      0, 0, 2, 0, WAIT",
    "J7 any: two were skipped and one still runs, ANY,      0, 0, 0, 2, WAIT",
    "J6 any: one succeeded and two failed, ANY,      0, 1, 2, 0, RUN",
    "J8 any: all were skipped, ANY,      0, 0, 0, 3, SKIP",
    "J9 any: some failed and some were skipped, ANY,      0, 0, 1, 2, FAIL",
    "J9 any: all failed, ANY,      0, 0, 3, 0, FAIL",
    "J7 atLeast 2: one succeeded, AT_LEAST, 2, 1, 0, 0, WAIT",
    "J6 atLeast 2: two succeeded, AT_LEAST, 2, 2, 0, 0, RUN",
    "J6 atLeast 2: two succeeded and one failed, AT_LEAST, 2, 2, 1, 0, RUN",
    "J7 atLeast 2: one failed and others still run, AT_LEAST, 2, 0, 1, 0, WAIT",
    "J7 atLeast 2: one succeeded and one failed, AT_LEAST, 2, 1, 1, 0, WAIT",
    "J8 atLeast 2: two were skipped, AT_LEAST, 2, 0, 0, 2, SKIP",
    "J9 atLeast 2: one failed and one was skipped, AT_LEAST, 2, 0, 1, 1, FAIL",
    "J9 atLeast 2: two failed, AT_LEAST, 2, 0, 2, 0, FAIL",
    "J9 atLeast 2: one succeeded and two failed, AT_LEAST, 2, 1, 2, 0, FAIL",
    "J8 atLeast 2: one succeeded and two skipped, AT_LEAST, 2, 1, 0, 2, SKIP",
    "J10 ended: one still runs, ENDED, 0, 1, 1, 0, WAIT",
    "J11 ended: all failed, ENDED, 0, 0, 3, 0, RUN",
    "J11 ended: all were skipped, ENDED, 0, 0, 0, 3, RUN",
    "J11 ended: one each way, ENDED, 0, 1, 1, 1, RUN",
  })
  void follows(
      String row, Join join, int n, int succeeded, int failed, int skipped, Verdict verdict) {
    Needs needs = new Needs(join, n, List.of("a", "b", "c"));

    assertThat(Joins.verdict(needs, new JoinCount(succeeded, failed, skipped))).isEqualTo(verdict);
  }

  @ParameterizedTest
  @CsvSource("RUN")
  void j1RunsAtOnceWithoutNeeds(Verdict verdict) {
    assertThat(Joins.verdict(Needs.NONE, JoinCount.NONE)).isEqualTo(verdict);
  }

  @Test
  void j12ACancelledPredecessorIsStillOpenToItsJoin() {
    assertThat(JoinCount.NONE.ended(new TaskState.Cancelled("the workflow ended"), 1))
        .isEqualTo(JoinCount.NONE);
  }
}
