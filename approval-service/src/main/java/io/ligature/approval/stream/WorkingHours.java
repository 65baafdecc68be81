package io.ligature.approval.stream;

import io.ligature.avro.WorkingTime;
import java.time.DateTimeException;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads working hours as a setting has them: {@code mon,tue,fri 09:00-17:00 Europe/Berlin}. */
final class WorkingHours {

  private static final List<String> DAYS = List.of("mon", "tue", "wed", "thu", "fri", "sat", "sun");
  private static final Pattern FORM =
      Pattern.compile("([a-z]{3}(?:,[a-z]{3})*) (\\d\\d:\\d\\d)-(\\d\\d:\\d\\d) (\\S+)");

  private WorkingHours() {}

  /**
   * @throws IllegalArgumentException that names the key
   */
  static WorkingTime read(String text) {
    Matcher matcher = FORM.matcher(text.strip());
    if (!matcher.matches()) {
      throw invalid(text);
    }
    try {
      List<Integer> days =
          Stream.of(matcher.group(1).split(","))
              .map(day -> DAYS.indexOf(day) + 1)
              .sorted()
              .toList();
      int from = minute(matcher.group(2));
      int to = minute(matcher.group(3));
      if (days.contains(0) || to <= from) {
        throw invalid(text);
      }
      return new WorkingTime(ZoneId.of(matcher.group(4)).getId(), days, from, to);
    } catch (DateTimeException e) {
      throw invalid(text);
    }
  }

  private static int minute(String time) {
    return LocalTime.parse(time).toSecondOfDay() / 60;
  }

  private static IllegalArgumentException invalid(String text) {
    return new IllegalArgumentException(
        "ligature.approval.default-business-hours: '"
            + text
            + "' is not as 'mon,tue,wed,thu,fri 09:00-17:00 Europe/Berlin'");
  }
}
