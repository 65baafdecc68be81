package io.ligature.state.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.ligature.schemas.definition.TaskDefinition.Needs;
import io.ligature.schemas.definition.TaskDefinition.Needs.Join;
import io.ligature.state.engine.Joins.Verdict;
import io.ligature.state.engine.TaskRow.JoinCount;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The truth table of docs/engine.md, row by row; a join has three predecessors here. */
class JoinsTest {

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "all: nothing has ended,                     ALL,      0, 0, 0, 0, WAIT",
    "all: some succeeded,                        ALL,      0, 2, 0, 0, WAIT",
    "all: some were skipped,                     ALL,      0, 0, 0, 2, WAIT",
    "all: all succeeded,                         ALL,      0, 3, 0, 0, RUN",
    "all: some succeeded and some were skipped,  ALL,      0, 1, 0, 2, RUN",
    "all: all were skipped,                      ALL,      0, 0, 0, 3, SKIP",
    "all: one failed and others still run,       ALL,      0, 0, 1, 0, FAIL",
    "all: one failed and the others succeeded,   ALL,      0, 2, 1, 0, FAIL",
    "any: nothing has ended,                     ANY,      0, 0, 0, 0, WAIT",
    "any: the first succeeded,                   ANY,      0, 1, 0, 0, RUN",
    "any: two failed and one still runs,         ANY,      0, 0, 2, 0, WAIT",
    "any: two were skipped and one still runs,   ANY,      0, 0, 0, 2, WAIT",
    "any: one succeeded and two failed,          ANY,      0, 1, 2, 0, RUN",
    "any: all were skipped,                      ANY,      0, 0, 0, 3, SKIP",
    "any: some failed and some were skipped,     ANY,      0, 0, 1, 2, FAIL",
    "any: all failed,                            ANY,      0, 0, 3, 0, FAIL",
    "atLeast 2: one succeeded,                   AT_LEAST, 2, 1, 0, 0, WAIT",
    "atLeast 2: two succeeded,                   AT_LEAST, 2, 2, 0, 0, RUN",
    "atLeast 2: two succeeded and one failed,    AT_LEAST, 2, 2, 1, 0, RUN",
    "atLeast 2: one failed and others still run, AT_LEAST, 2, 0, 1, 0, WAIT",
    "atLeast 2: one succeeded and one failed,    AT_LEAST, 2, 1, 1, 0, WAIT",
    "atLeast 2: two were skipped,                AT_LEAST, 2, 0, 0, 2, SKIP",
    "atLeast 2: one failed and one was skipped,  AT_LEAST, 2, 0, 1, 1, FAIL",
    "atLeast 2: two failed,                      AT_LEAST, 2, 0, 2, 0, FAIL",
    "atLeast 2: one succeeded and two failed,    AT_LEAST, 2, 1, 2, 0, FAIL",
    "atLeast 2: one succeeded and two skipped,   AT_LEAST, 2, 1, 0, 2, SKIP",
  })
  void follows(
      String row, Join join, int n, int succeeded, int failed, int skipped, Verdict verdict) {
    Needs needs = new Needs(join, n, List.of("a", "b", "c"));

    assertThat(Joins.verdict(needs, new JoinCount(succeeded, failed, skipped))).isEqualTo(verdict);
  }

  @ParameterizedTest
  @CsvSource("RUN")
  void runsAtOnceWithoutNeeds(Verdict verdict) {
    assertThat(Joins.verdict(Needs.NONE, JoinCount.NONE)).isEqualTo(verdict);
  }
}
