package io.ligature.schemas.definition;

import com.cronutils.model.Cron;
import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** Checks that a schedule's cron expression can be read, and that its time ever comes. */
final class CronCheck {

  private static final String FORM =
      "write minute, hour, day of month, month and day of week, as in 0 9 * * MON-FRI";

  /** Any instant does: a day that never comes is missing in every calendar. */
  private static final ZonedDateTime SOME_TIME =
      ZonedDateTime.of(2024, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC);

  private static final List<String> FIELDS =
      List.of("minute", "hour", "day of month", "month", "day of week");

  private CronCheck() {}

  static void check(String text, String place, Values values) {
    List<String> fields = List.of(text.strip().split("\\s+"));
    if (fields.size() != FIELDS.size() || text.contains("|")) {
      values.problem(place, "'" + text + "' is no cron expression of five fields", FORM);
      return;
    }
    boolean sound = true;
    for (int i = 0; i < FIELDS.size(); i++) {
      List<String> alone = new ArrayList<>(Collections.nCopies(FIELDS.size(), "*"));
      alone.set(i, fields.get(i));
      try {
        parse(alone);
      } catch (IllegalArgumentException e) {
        sound = false;
        values.problem(
            place, "the " + FIELDS.get(i) + " cannot be '" + fields.get(i) + "'" + reason(e), FORM);
      }
    }
    if (sound && ExecutionTime.forCron(parse(fields)).nextExecution(SOME_TIME).isEmpty()) {
      values.problem(
          place, "'" + text + "' names a day that never comes", "correct its day or its month");
    }
  }

  private static Cron parse(List<String> fields) {
    return new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX))
        .parse(String.join(" ", fields));
  }

  /** What the innermost exception says, where it says more than that it is wrong. */
  private static String reason(IllegalArgumentException refusal) {
    Throwable inner = refusal;
    while (inner.getCause() instanceof IllegalArgumentException cause) {
      inner = cause;
    }
    String message = String.valueOf(inner.getMessage());
    return message.contains("range [") ? ": " + message.toLowerCase(Locale.ROOT) : "";
  }
}
