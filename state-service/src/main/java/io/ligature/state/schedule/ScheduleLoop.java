package io.ligature.state.schedule;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jboss.logging.Logger;

/** Looks at the clock again and again, in a thread of its own. */
public final class ScheduleLoop implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(ScheduleLoop.class);
  private static final Duration CLOSE_WAIT = Duration.ofSeconds(3);

  private final Scheduler scheduler;
  private final StartsTopic starts;
  private final InstantSource clock;
  private final Duration interval;
  private final BooleanSupplier ready;
  private final Thread thread;

  /**
   * @param ready true while definitions and runs can be looked at
   */
  public ScheduleLoop(
      Scheduler scheduler,
      StartsTopic starts,
      InstantSource clock,
      Duration interval,
      BooleanSupplier ready) {
    this.scheduler = scheduler;
    this.starts = starts;
    this.clock = clock;
    this.interval = interval;
    this.ready = ready;
    this.thread = Thread.ofPlatform().daemon().name("schedule").unstarted(this::run);
  }

  public void start() {
    thread.start();
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join(CLOSE_WAIT);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    starts.close();
  }

  private void run() {
    while (!Thread.currentThread().isInterrupted()) {
      try {
        if (ready.getAsBoolean()) {
          scheduler.look(clock.instant());
        }
      } catch (RuntimeException e) {
        LOG.errorf(e, "the schedules could not be looked at; again in %s", interval);
      }
      try {
        TimeUnit.NANOSECONDS.sleep(interval.toNanos());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
