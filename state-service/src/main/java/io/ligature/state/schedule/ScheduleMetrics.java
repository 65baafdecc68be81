package io.ligature.state.schedule;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** Counts what schedules lead to. */
public final class ScheduleMetrics {

  private final Counter started;
  private final Counter skipped;
  private final Counter failed;

  public ScheduleMetrics(MeterRegistry registry) {
    this.started = registry.counter("ligature.schedule.started");
    this.skipped = registry.counter("ligature.schedule.skipped");
    this.failed = registry.counter("ligature.schedule.failed");
  }

  void started() {
    started.increment();
  }

  void skipped() {
    skipped.increment();
  }

  void failed() {
    failed.increment();
  }
}
