package io.ligature.state.schedule;

import com.cronutils.model.Cron;
import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.zone.ZoneOffsetTransition;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The instants that a Unix cron expression means in a time zone.
 *
 * <p>When clocks change, an expression whose hour begins with {@code *} goes by the time that
 * passes: every quarter of an hour stays every quarter of an hour. Any other names times of the
 * day: one that is left out comes right after the gap, one that comes twice counts the first time.
 */
final class Clockwork {

  /** No clock changes by more. */
  private static final Duration LONGEST_CHANGE = Duration.ofHours(25);

  private final ExecutionTime times;
  private final ZoneId zone;
  private final boolean byPassingTime;

  /**
   * @throws IllegalArgumentException when it is not a cron expression of five fields
   */
  Clockwork(String cron, ZoneId zone) {
    Cron parsed =
        new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX)).parse(cron);
    this.times = ExecutionTime.forCron(parsed.validate());
    this.zone = zone;
    this.byPassingTime = cron.strip().split("\\s+", -1)[1].startsWith("*");
  }

  /** The first after an instant; empty when there is none for years. */
  Optional<Instant> after(Instant instant) {
    return byPassingTime ? passing(instant) : ofTheDay(instant);
  }

  private Optional<Instant> passing(Instant instant) {
    Instant from = instant;
    while (true) {
      ZoneOffset offset = zone.getRules().getOffset(from);
      ZoneOffsetTransition change = zone.getRules().nextTransition(from);
      LocalDateTime next = local(LocalDateTime.ofInstant(from, offset));
      Instant found = next == null ? null : next.toInstant(offset);
      if (change == null || (found != null && found.isBefore(change.getInstant()))) {
        return Optional.ofNullable(found);
      }
      if (found == null) {
        return Optional.empty();
      }
      LocalDateTime first = change.getDateTimeAfter();
      if (first.equals(local(first.minusNanos(1)))) {
        return Optional.of(change.getInstant());
      }
      from = change.getInstant();
    }
  }

  private Optional<Instant> ofTheDay(Instant instant) {
    LocalDateTime from = LocalDateTime.ofInstant(instant, zone).minus(LONGEST_CHANGE);
    for (LocalDateTime next = local(from); next != null; next = local(next)) {
      Instant found = ZonedDateTime.ofLocal(next, zone, null).toInstant();
      if (found.isAfter(instant)) {
        return Optional.of(found);
      }
    }
    return Optional.empty();
  }

  /** The next time by a clock that never changes; null: none. */
  private @Nullable LocalDateTime local(LocalDateTime after) {
    return times
        .nextExecution(after.atZone(ZoneOffset.UTC))
        .map(ZonedDateTime::toLocalDateTime)
        .orElse(null);
  }
}
