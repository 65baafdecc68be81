package io.ligature.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class ReviewsReportTest {

  @Test
  void tellsPagesDecisionsAndWhatItCost() {
    ReviewsReport report = report(Duration.ofSeconds(9));

    assertThat(report.decisionsPerSecond()).isEqualTo(0.5);
    assertThat(report.table())
        .contains("1,000 open reviews, instances: 1")
        .contains("opened 500 reviews a second")
        .containsPattern("first page, of all +5\\.\\d\\d +5\\.\\d\\d +5\\.\\d\\d")
        .contains("decisions by 2 clients: 0.5 a second")
        .contains("a lost store was back after 9.0 s")
        .contains("heap 200 MiB at most, resident 300 MiB, CPU 3.0 s");
    assertThat(report.json().at("/pages/first page, of all/p50").asDouble()).isBetween(4.9, 5.1);
    assertThat(report.json().at("/restoreSeconds").asDouble()).isEqualTo(9.0);
  }

  @Test
  void tellsNothingOfARestoreThatWasNotMeasured() {
    assertThat(report(Duration.ZERO).table()).doesNotContain("store");
    assertThat(report(Duration.ZERO).json().has("restoreSeconds")).isFalse();
  }

  private static ReviewsReport report(Duration restored) {
    Latencies five = new Latencies();
    five.record(5_000_000);
    return new ReviewsReport(
        new ReviewsBench.Size(1_000, 10, 10, 2, 1),
        Duration.ofSeconds(2),
        Map.of("first page, of all", five),
        five,
        Duration.ofSeconds(2),
        restored,
        List.of(
            new ReviewsReport.Instance(
                200L << 20, new ProcessUsage(Duration.ofSeconds(3), OptionalLong.of(300L << 20)))));
  }
}
