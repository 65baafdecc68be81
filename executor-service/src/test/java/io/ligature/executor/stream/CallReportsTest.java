package io.ligature.executor.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.ligature.avro.TaskEnvelope;
import io.ligature.executor.Samples;
import io.ligature.schemas.topics.Topics;
import io.ligature.schemas.wire.FakeSchemaIds;
import io.ligature.schemas.wire.RecordCodec;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CallReportsTest {

  private static final long SECOND = 1_000_000_000;

  private final List<String> told = new ArrayList<>();
  private long now;
  private final CallReports reports =
      new CallReports(
          Duration.ofSeconds(1), () -> now, (share, message) -> told.add(message), stream());

  private static Partials.Stream stream() {
    TaskEnvelope envelope = Samples.envelope("wf-1/a#1", Samples.json("1"), Duration.ofMinutes(1));
    Clients nowhere =
        new Clients(
            "localhost:1",
            new Topics("t"),
            new RecordCodec(new FakeSchemaIds()),
            true,
            "default",
            Optional.empty());
    return new Partials(
            "e",
            nowhere,
            Duration.ofSeconds(1),
            1,
            new ExecutorMetrics(new SimpleMeterRegistry()),
            Clock.systemUTC())
        .open(new byte[0], envelope);
  }

  @Test
  void tellsTheFirstAtOnceAndTheLatestWhenTheIntervalIsOver() {
    for (int i = 0; i < 5_000; i++) {
      reports.progress(null, "step " + i);
    }
    assertThat(told).containsExactly("step 0");

    now = SECOND - 1;
    reports.tellWhenDue();
    assertThat(told).containsExactly("step 0");

    now = SECOND;
    reports.tellWhenDue();
    assertThat(told).containsExactly("step 0", "step 4999");
  }

  @Test
  void saysNothingTwice() {
    reports.progress(0.5, "half");
    now = 5 * SECOND;
    reports.tellWhenDue();

    assertThat(told).containsExactly("half");
  }

  @Test
  void tellsRareProgressAtOnce() {
    reports.progress(null, "one");
    now = SECOND;
    reports.progress(null, "two");

    assertThat(told).containsExactly("one", "two");
  }

  @Test
  void tellsNothingAfterTheCall() {
    reports.progress(null, "one");
    reports.progress(null, "two");
    reports.close();
    now = 5 * SECOND;

    reports.tellWhenDue();
    reports.progress(null, "three");

    assertThat(told).containsExactly("one");
  }
}
