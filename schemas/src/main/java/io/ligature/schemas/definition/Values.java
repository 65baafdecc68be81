package io.ligature.schemas.definition;

import com.fasterxml.jackson.databind.JsonNode;
import io.ligature.schemas.Money;
import java.math.BigDecimal;
import java.time.Duration;
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
    String pointer = place + "/" + field;
    try {
      Duration duration = Duration.parse(value.textValue());
      if (duration.toMillis() == 0) {
        problem(
            pointer,
            "'" + value.textValue() + "' is no time at all",
            "give at least a millisecond");
      } else if (duration.compareTo(LONGEST) > 0) {
        problem(
            pointer,
            "'" + value.textValue() + "' is too long",
            "give at most " + LONGEST.toDays() + " days");
      }
      return duration;
    } catch (DateTimeParseException | ArithmeticException e) {
      problem(pointer, "'" + value.textValue() + "' is not a duration", WRITE_DURATION);
      return null;
    }
  }

  void problem(String pointer, String message, String remedy) {
    problems.add(document.problemAt(pointer, message, remedy));
  }
}
