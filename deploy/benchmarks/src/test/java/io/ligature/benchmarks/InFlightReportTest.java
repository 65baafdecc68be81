package io.ligature.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class InFlightReportTest {

  private final InFlightReport report =
      new InFlightReport(
          2,
          Duration.ofMillis(500),
          Map.of("a", 1, "b", 2, "c", 1),
          Map.of("success", 3, "timeout", 1),
          2,
          Duration.ofSeconds(1),
          List.of(
              new InFlightReport.Executor(
                  300L << 20,
                  new ProcessUsage(Duration.ofSeconds(2), OptionalLong.of(400L << 20)))));

  @Test
  void tellsWhatWasCalledTwiceAndHowFarTheFloorIs() {
    assertThat(report.repeated()).isEqualTo(1);
    assertThat(report.callsPerSecond()).isEqualTo(3.0);
    assertThat(report.floorPerSecond()).isEqualTo(4.0);
    assertThat(report.table())
        .contains("results                           4  {success=3, timeout=1}")
        .contains("attempts called twice             1")
        .contains("(75 % of the floor, 4.0)")
        .contains("heap 300 MiB of -Xmx512m, resident 400 MiB");
    assertThat(report.json().get("calledTwice").asInt()).isEqualTo(1);
  }
}
