package io.ligature.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ligature.benchmarks.ScaleReport.Row;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScaleReportTest {

  private static final Row SMALL = new Row(100, 100, Duration.ofSeconds(10), Map.of());

  @Test
  void tellsTasksASecondBesideThoseOfTheSmallestSize() {
    ScaleReport report =
        new ScaleReport(
            ScaleShape.FANOUT,
            List.of(SMALL, new Row(1_000, 10, Duration.ofSeconds(20), Map.of())));

    assertThat(report.table())
        .startsWith(
            """
            shape        size  workflows seconds each    tasks/s     ratio
            fanout        100        100        0.100     1000.0      1.00
            fanout       1000         10        2.000      500.0      0.50
            The ratio is to the smallest size: not flat within 25 %.
            """);
  }

  @Test
  void saysNothingOfFlatnessForOneSize() {
    assertThat(new ScaleReport(ScaleShape.DAG, List.of(SMALL)).table()).doesNotContain("flat");
  }

  @ParameterizedTest
  @CsvSource({"10, true", "13, true", "13.4, false", "5, true", "1000, false"})
  void isFlatUpToAQuarterLess(double seconds, boolean flat) {
    Row large = new Row(10_000, 1, Duration.ofNanos((long) (seconds * 1e9)), Map.of());

    assertThat(new ScaleReport(ScaleShape.FANOUT, List.of(SMALL, large)).flat()).isEqualTo(flat);
  }

  @Test
  void givesMachinesTheSameFigures() {
    ScaleReport report =
        new ScaleReport(
            ScaleShape.FANOUT,
            List.of(SMALL, new Row(1_000, 10, Duration.ofSeconds(20), Map.of())));

    assertThat(report.json().at("/sizes/1").toString())
        .isEqualTo(
            "{\"size\":1000,\"workflows\":10,\"secondsEach\":2.0,\"tasksPerSecond\":500.0,"
                + "\"ratioToSmallest\":0.5,\"processes\":{}}");
    assertThat(report.json().path("flat").booleanValue()).isFalse();
  }

  @Test
  void refusesAReportOfNothing() {
    assertThatThrownBy(() -> new ScaleReport(ScaleShape.DAG, List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a report has at least one row");
  }

  @ParameterizedTest
  @CsvSource({"1, 10000", "100, 100", "1000, 10", "5000, 2", "10000, 2"})
  void runsSmallWorkflowsMoreOften(int size, int workflows) {
    assertThat(ScaleBench.workflows(size)).isEqualTo(workflows);
  }
}
