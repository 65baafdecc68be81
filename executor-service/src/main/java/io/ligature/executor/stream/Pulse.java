package io.ligature.executor.stream;

import io.ligature.executor.execution.FinishedAttempts;
import io.ligature.executor.execution.ResultCache;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** What happens by the clock: claims and progress of calls, heartbeats, statuses, forgetting. */
final class Pulse {

  /** How late a claim may be. */
  private static final Duration LOOK = Duration.ofMillis(50);

  private static final Duration EXPIRE = Duration.ofSeconds(1);

  private final ScheduledThreadPoolExecutor timer =
      new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().daemon().name("pulse").factory());
  private final ExecutorSettings settings;
  private final Map<String, InFlight> inFlight;
  private final Caller caller;
  private final Statuses statuses;
  private final FinishedAttempts finished;
  private final ResultCache cache;
  private final Shadows shadows;
  private final Clock clock;
  private final Consumer<RuntimeException> fatal;

  Pulse(
      ExecutorSettings settings,
      Map<String, InFlight> inFlight,
      Caller caller,
      Statuses statuses,
      FinishedAttempts finished,
      ResultCache cache,
      Shadows shadows,
      Clock clock,
      Consumer<RuntimeException> fatal) {
    this.settings = settings;
    this.inFlight = inFlight;
    this.caller = caller;
    this.statuses = statuses;
    this.finished = finished;
    this.cache = cache;
    this.shadows = shadows;
    this.clock = clock;
    this.fatal = fatal;
  }

  void start() {
    every(settings.heartbeatInterval(), () -> statuses.heartbeat(now()));
    every(settings.statusInterval(), () -> statuses.tellChanges(now()));
    every(LOOK, this::lookAfterCalls);
    every(
        EXPIRE,
        () -> {
          finished.expire(System.nanoTime());
          cache.expire(now());
        });
  }

  void stop() throws InterruptedException {
    timer.shutdownNow();
    timer.awaitTermination(5, TimeUnit.SECONDS);
  }

  private void lookAfterCalls() {
    long claimBefore = System.nanoTime() - settings.claimAfter().toNanos();
    for (InFlight call : inFlight.values()) {
      if (call.startedNanos - claimBefore <= 0) {
        caller.claim(call);
        caller.watch(call);
      }
      CallReports reports = call.reports;
      if (reports != null) {
        reports.tellWhenDue();
      }
    }
    shadows.running().forEach(caller::watch);
  }

  private void every(Duration interval, Runnable action) {
    var _ =
        timer.scheduleWithFixedDelay(
            () -> {
              try {
                action.run();
              } catch (RuntimeException e) {
                fatal.accept(e);
              }
            },
            0,
            interval.toNanos(),
            TimeUnit.NANOSECONDS);
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}
