package io.ligature.schemas.definition;

import com.fasterxml.jackson.databind.JsonNode;
import io.ligature.schemas.Money;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads durations and amounts; what makes no sense is told as a problem. */
final class Values {

  static final String WRITE_DURATION = "write it as ISO 8601, for example PT2M or P1DT12H";

  /** Longer than any workflow lives, and short enough to count with. */
  private static final Duration LONGEST = Duration.ofDays(3650);

  private final LocatedDocument document;
  private final List<Problem> problems;

  Values(LocatedDocument document, List<Problem> problems) {
    this.document = document;
    this.problems = problems;
  }

  Money money(JsonNode amount, String place) {
    BigDecimal value = new BigDecimal(amount.asText());
    if (value.stripTrailingZeros().scale() > Money.SCALE) {
      problem(
          place,
          "'" + amount.asText() + "' has more than six digits behind the point",
          "round it to a millionth");
    }
    return Money.of(value);
  }

  @Nullable Duration duration(JsonNode parent, String field, String place) {
    JsonNode value = parent.get(field);
    if (value == null) {
      return null;
    }
    return duration(value.textValue(), place + "/" + field);
  }

  /** Null when it is none. */
  @Nullable Duration duration(String text, String pointer) {
    try {
      Duration duration = Duration.parse(text);
      if (duration.toMillis() <= 0) {
        problem(pointer, "'" + text + "' is no time at all", "give at least a millisecond");
      } else if (duration.compareTo(LONGEST) > 0) {
        problem(
            pointer, "'" + text + "' is too long", "give at most " + LONGEST.toDays() + " days");
      }
      return duration;
    } catch (DateTimeParseException | ArithmeticException e) {
      problem(pointer, "'" + text + "' is not a duration", WRITE_DURATION);
      return null;
    }
  }

  void checkInstant(String text, String pointer) {
    try {
      OffsetDateTime.parse(text);
    } catch (DateTimeException e) {
      problem(
          pointer,
          "'" + text + "' is not an instant",
          "write it as ISO 8601 with its offset, for example 2030-01-31T09:00:00Z");
    }
  }

  void problem(String pointer, String message, String remedy) {
    problems.add(document.problemAt(pointer, message, remedy));
  }
}
