package io.ligature.state.schedule;

import io.ligature.avro.WorkflowDefinition;
import io.ligature.avro.WorkflowStart;
import io.ligature.schemas.definition.Definition;
import io.ligature.schemas.definition.Definition.Overlap;
import io.ligature.schemas.definition.Definition.Schedule;
import io.ligature.schemas.wire.Payloads;
import io.ligature.state.Unavailable;
import io.ligature.state.schedule.Runs.Standing;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Starts what is due at each look at the clock.
 *
 * <p>It keeps nothing: a run's workflow id is made of the definition's name and the due time, and a
 * start with a known id changes nothing. So any number of instances may do this at once, and one
 * that ended between two starts goes on where its runs say that it was. What it has in memory only
 * spares it looking twice.
 */
public final class Scheduler {

  static final String REQUESTER = "schedule";

  private static final Logger LOG = Logger.getLogger(Scheduler.class);
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private final Supplier<List<WorkflowDefinition>> newest;
  private final Function<WorkflowDefinition, Definition> parser;
  private final Runs runs;
  private final Starts starts;
  private final DueTimes.Bounds bounds;
  private final ScheduleMetrics metrics;
  private final Map<String, Memory> memories = new HashMap<>();

  /** Puts a start where users put theirs; returns when the broker has it. */
  @FunctionalInterface
  public interface Starts {
    /**
     * @throws Unavailable when the broker did not say that it has it
     */
    void put(WorkflowStart start);
  }

  /**
   * What is known of one schedule.
   *
   * @param looked up to this instant its runs were looked at
   * @param last the last run that was started; null: not known
   */
  private record Memory(int version, Instant looked, @Nullable Run last) {}

  /**
   * @param at when it was started from here, so that it may not be seen yet
   */
  private record Run(String id, Instant at) {}

  /**
   * @param newest the newest version of each definition
   */
  public Scheduler(
      Supplier<List<WorkflowDefinition>> newest,
      Function<WorkflowDefinition, Definition> parser,
      Runs runs,
      Starts starts,
      DueTimes.Bounds bounds,
      ScheduleMetrics metrics) {
    this.newest = newest;
    this.parser = parser;
    this.runs = runs;
    this.starts = starts;
    this.bounds = bounds;
    this.metrics = metrics;
  }

  /** Starts what is due by now. One definition's fault does not hold up the others. */
  public void look(Instant now) {
    for (WorkflowDefinition text : newest.get()) {
      try {
        Schedule schedule = parser.apply(text).schedule();
        if (schedule == null) {
          memories.remove(text.getName());
        } else {
          look(text, schedule, now);
        }
      } catch (Unavailable e) {
        LOG.infof("a schedule waits definition=%s reason=%s", text.getName(), e.getMessage());
      } catch (RuntimeException e) {
        metrics.failed();
        LOG.errorf(e, "a schedule cannot be followed definition=%s", text.getName());
      }
    }
  }

  private void look(WorkflowDefinition text, Schedule schedule, Instant now) {
    Memory memory = memories.get(text.getName());
    if (memory == null || memory.version != text.getVersion()) {
      memory = remembered(text, schedule, memory, now);
    }
    for (Instant due : DueTimes.between(schedule, memory.looked, now, bounds)) {
      memory = run(text, schedule, due, memory, now);
      memories.put(text.getName(), memory);
    }
    memories.put(text.getName(), new Memory(memory.version, now, memory.last));
  }

  /** Where the runs that there are say that the schedule stands. */
  private Memory remembered(
      WorkflowDefinition text, Schedule schedule, @Nullable Memory older, Instant now) {
    Instant looked = text.getCreatedAt();
    if (older != null && older.looked.isAfter(looked)) {
      looked = older.looked;
    }
    Run last = older == null ? null : older.last;
    Schedule everyRun =
        new Schedule(
            schedule.cron(),
            schedule.timeZone(),
            schedule.overlap(),
            Definition.CatchUp.ALL,
            schedule.input());
    if (older == null) {
      for (Instant run : DueTimes.between(everyRun, Instant.EPOCH, now, bounds).reversed()) {
        if (runs.of(id(text, run)) != Standing.UNKNOWN_ID) {
          last = new Run(id(text, run), Instant.EPOCH);
          looked = run.isAfter(looked) ? run : looked;
          break;
        }
      }
    }
    return new Memory(text.getVersion(), looked, last);
  }

  private Memory run(
      WorkflowDefinition text, Schedule schedule, Instant due, Memory memory, Instant now) {
    String id = id(text, due);
    Run last = memory.last;
    if (schedule.overlap() == Overlap.SKIP && last != null && isOpen(last, now)) {
      metrics.skipped();
      LOG.infof("a run is skipped, the one before is open run=%s before=%s", id, last.id);
      return new Memory(memory.version, due, last);
    }
    starts.put(start(text, schedule, id));
    metrics.started();
    LOG.infof("a run is started by its schedule workflowId=%s due=%s", id, due);
    return new Memory(memory.version, due, new Run(id, now));
  }

  /**
   * A start that nobody can see yet counts as open, but not for ever: it may have been put aside.
   */
  private boolean isOpen(Run run, Instant now) {
    return switch (runs.of(run.id)) {
      case OPEN -> true;
      case ENDED -> false;
      case UNKNOWN_ID -> now.isBefore(run.at.plus(bounds.late()));
    };
  }

  private static WorkflowStart start(WorkflowDefinition text, Schedule schedule, String id) {
    return WorkflowStart.newBuilder()
        .setWorkflowId(id)
        .setDefinition(text.getName())
        .setVersion(text.getVersion())
        .setInput(Payloads.json(schedule.input()))
        .setRequester(REQUESTER)
        .build();
  }

  static String id(WorkflowDefinition text, Instant due) {
    return text.getName() + "-" + TIME.format(due);
  }
}
