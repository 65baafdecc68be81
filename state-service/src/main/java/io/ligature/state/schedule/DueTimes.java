package io.ligature.state.schedule;

import io.ligature.schemas.definition.Definition.CatchUp;
import io.ligature.schemas.definition.Definition.Schedule;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** Which runs of a schedule are due. A function of what it is given; it knows no clock. */
public final class DueTimes {

  private DueTimes() {}

  /**
   * How far it looks back.
   *
   * @param window a run that is missed for longer is never started
   * @param most runs at once; of more the newest count
   * @param late a run that is late by no more is on time
   */
  public record Bounds(Duration window, int most, Duration late) {}

  /**
   * @param looked the instant up to which runs were started before
   * @return in their order, after {@code looked} and not after {@code now}
   * @throws IllegalArgumentException when the schedule's cron expression is none
   */
  static List<Instant> between(Schedule schedule, Instant looked, Instant now, Bounds bounds) {
    Clockwork clockwork = new Clockwork(schedule.cron(), schedule.timeZone());
    Instant first = now.minus(bounds.window);
    Instant from = looked.isAfter(first) ? looked : first;
    Deque<Instant> due = new ArrayDeque<>();
    Optional<Instant> next = clockwork.after(from);
    while (next.isPresent() && !next.get().isAfter(now)) {
      due.add(next.get());
      if (due.size() > bounds.most) {
        due.remove();
      }
      next = clockwork.after(next.get());
    }
    return chosen(schedule.catchUp(), List.copyOf(due), now.minus(bounds.late));
  }

  private static List<Instant> chosen(CatchUp policy, List<Instant> due, Instant onTimeFrom) {
    if (policy == CatchUp.ALL || due.isEmpty()) {
      return due;
    }
    List<Instant> onTime = due.stream().filter(run -> !run.isBefore(onTimeFrom)).toList();
    return policy == CatchUp.LAST && onTime.isEmpty() ? List.of(due.getLast()) : onTime;
  }
}
