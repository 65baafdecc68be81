package io.ligature.state.stream;

import io.ligature.schemas.ChildId;
import io.ligature.state.engine.Command;
import io.ligature.state.engine.Event;
import io.ligature.state.engine.EventEntry;
import io.ligature.state.engine.Outcome;
import io.ligature.state.engine.WorkflowRow;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Counts what the fold does. They count attempts of the fold: an aborted transaction is counted
 * once more when it is done again.
 */
public final class TransitionMetrics {

  private final MeterRegistry registry;
  private final Map<String, Counter> transitions = new ConcurrentHashMap<>();
  private final Map<String, Counter> ignored = new ConcurrentHashMap<>();
  private final Map<String, Counter> ended = new ConcurrentHashMap<>();
  private final Map<Sink, Counter> effects = new EnumMap<>(Sink.class);
  private final Counter started;
  private final Counter children;
  private final Counter paused;
  private final Counter compensations;
  private final Counter stuck;
  private final AtomicLong open = new AtomicLong();
  private final Counter quarantined;
  private final Counter deadLetters;
  private final Counter timers;
  private final Timer lateness;

  public TransitionMetrics(MeterRegistry registry) {
    this.registry = registry;
    for (Sink sink : Sink.values()) {
      effects.put(sink, registry.counter("ligature.effects", "to", sink.node()));
    }
    this.started = registry.counter("ligature.workflows.started");
    this.children = registry.counter("ligature.workflows.children.started");
    this.paused = registry.counter("ligature.workflows.paused");
    this.compensations = registry.counter("ligature.workflows.compensations");
    this.stuck = registry.counter("ligature.workflows.stuck");
    Gauge.builder("ligature.workflows.open", open, AtomicLong::get)
        .description("Workflows of this instance that have not ended")
        .register(registry);
    this.quarantined = registry.counter("ligature.workflows.quarantined");
    this.deadLetters = registry.counter("ligature.dead.letters", "service", "state-service");
    this.timers = registry.counter("ligature.timers.fired");
    this.lateness =
        Timer.builder("ligature.timers.lateness")
            .description("How long after its due time a timer fired")
            .register(registry);
  }

  void transition(Command command, Outcome outcome, @Nullable WorkflowRow before) {
    String kind = command.cause().input();
    if (outcome.ignored() != null) {
      counter(ignored, "ligature.inputs.ignored", "input", kind).increment();
      return;
    }
    counter(transitions, "ligature.transitions", "input", kind).increment();
    for (WorkflowRow row : outcome.changes().workflows()) {
      boolean was = before != null && before.isOpen();
      if (before == null && row.isOpen()) {
        started.increment();
        if (ChildId.parse(row.workflowId()).isPresent()) {
          children.increment();
        }
      }
      if (!row.isOpen() && (was || before == null)) {
        counter(ended, "ligature.workflows.ended", "status", row.status().wireName()).increment();
      }
    }
    for (EventEntry entry : outcome.events()) {
      if (entry.event() instanceof Event.WorkflowPaused) {
        paused.increment();
      } else if (entry.event() instanceof Event.CompensationStarted) {
        compensations.increment();
      }
    }
  }

  /** So many more workflows are open here; fewer when below zero. */
  void opened(long more) {
    open.addAndGet(more);
  }

  void stuck() {
    stuck.increment();
  }

  void effect(Sink sink) {
    Counter counter = effects.get(sink);
    if (counter != null) {
      counter.increment();
    }
  }

  void timerFired(long lateMillis) {
    timers.increment();
    lateness.record(Duration.ofMillis(Math.max(0, lateMillis)));
  }

  void quarantined() {
    quarantined.increment();
  }

  void deadLetter() {
    deadLetters.increment();
  }

  private Counter counter(Map<String, Counter> known, String name, String tag, String value) {
    return known.computeIfAbsent(value, any -> registry.counter(name, tag, value));
  }
}
