package io.ligature.approval.inbox;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * An instant as the page shows it.
 *
 * @param iso for machines
 * @param exact date and time in UTC
 * @param relative seen from now, such as "in 3 h" or "5 min ago"
 * @param urgency {@code over}, {@code soon} (within an hour) or {@code calm}
 */
public record Moment(String iso, String exact, String relative, String urgency) {

  private static final DateTimeFormatter EXACT =
      DateTimeFormatter.ofPattern("d MMM yyyy, HH:mm 'UTC'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);
  private static final Duration SOON = Duration.ofHours(1);

  static Moment of(Instant at, Instant now) {
    Duration until = Duration.between(now, at);
    boolean past = until.isNegative();
    String size = size(until.abs());
    String relative = size.isEmpty() ? "just now" : past ? size + " ago" : "in " + size;
    String urgency = past ? "over" : until.compareTo(SOON) <= 0 ? "soon" : "calm";
    return new Moment(at.toString(), exact(at), relative, urgency);
  }

  static String exact(Instant at) {
    return EXACT.format(at);
  }

  static String size(Duration length) {
    if (length.toDays() >= 2) {
      return length.toDays() + " days";
    }
    if (length.toHours() >= 1) {
      return length.toHours() + " h";
    }
    return length.toMinutes() >= 1 ? length.toMinutes() + " min" : "";
  }
}
