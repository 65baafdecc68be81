package io.ligature.schemas;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Set;

/**
 * When people work: the same hours on some days of the week.
 *
 * @param to the first minute after work, later than {@code from} on the same day
 */
public record BusinessHours(ZoneId zone, Set<DayOfWeek> days, LocalTime from, LocalTime to) {

  public BusinessHours {
    days = Set.copyOf(days);
    if (days.isEmpty()) {
      throw new IllegalArgumentException("business hours need at least one day");
    }
    if (!from.isBefore(to)) {
      throw new IllegalArgumentException("business hours end before they begin");
    }
  }

  /**
   * The moment by which so much working time has passed since {@code start}. A day on which the
   * clock is put forward or back counts as long as it really is.
   */
  public Instant after(Instant start, Duration time) {
    Duration left = time;
    LocalDate day = start.atZone(zone).toLocalDate();
    Instant now = start;
    while (true) {
      if (days.contains(day.getDayOfWeek())) {
        Instant opens = day.atTime(from).atZone(zone).toInstant();
        Instant closes = day.atTime(to).atZone(zone).toInstant();
        Instant begins = now.isAfter(opens) ? now : opens;
        if (begins.isBefore(closes)) {
          Duration today = Duration.between(begins, closes);
          if (left.compareTo(today) <= 0) {
            return begins.plus(left);
          }
          left = left.minus(today);
        }
      }
      day = day.plusDays(1);
    }
  }
}
