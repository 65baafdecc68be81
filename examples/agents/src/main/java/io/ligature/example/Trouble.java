package io.ligature.example;

import com.fasterxml.jackson.databind.JsonNode;
import io.ligature.example.Protocol.Reply;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Makes an agent slow or failing on purpose, told in the query of its address.
 *
 * @param delay {@code delay=PT2S}: how much longer a call takes; a minute at most
 * @param fail {@code fail=503}: the HTTP status to fail with; 0: do not fail
 * @param attempts {@code attempts=2}: only the task's attempts up to this one fail
 * @param retryAfter {@code retryAfter=PT3S}: sent with a failure
 */
record Trouble(Duration delay, int fail, int attempts, @Nullable Duration retryAfter) {

  static final Duration LONGEST = Duration.ofMinutes(1);

  static final Trouble NONE = new Trouble(Duration.ZERO, 0, Integer.MAX_VALUE, null);

  /**
   * @throws IllegalArgumentException when a value is not what it should be, or a name is unknown
   */
  static Trouble parse(@Nullable String query) {
    if (query == null || query.isEmpty()) {
      return NONE;
    }
    Map<String, String> values = new TreeMap<>();
    for (String part : query.split("&", -1)) {
      String[] pair = part.split("=", 2);
      values.put(
          pair[0], pair.length == 1 ? "" : URLDecoder.decode(pair[1], StandardCharsets.UTF_8));
    }
    String retryAfter = values.remove("retryAfter");
    Trouble trouble =
        new Trouble(
            duration("delay", values.remove("delay")),
            number("fail", values.remove("fail"), 0, 400, 599),
            number("attempts", values.remove("attempts"), Integer.MAX_VALUE, 1, 1000),
            retryAfter == null ? null : duration("retryAfter", retryAfter));
    if (!values.isEmpty()) {
      throw new IllegalArgumentException(
          "unknown " + values.keySet() + "; known are delay, fail, attempts, retryAfter");
    }
    return trouble;
  }

  Optional<Reply> failureFor(byte[] request) {
    if (fail == 0 || attempt(request) > attempts) {
      return Optional.empty();
    }
    String kind =
        switch (fail) {
          case 429 -> "rate_limited";
          case 401, 403 -> "auth";
          case 408, 504 -> "timeout";
          case 413 -> "context_overflow";
          case 400, 422 -> "invalid_input";
          default -> "upstream_unavailable";
        };
    return Optional.of(Protocol.failure(fail, kind, "failing on purpose"));
  }

  Optional<Duration> retryAfter(int status) {
    return status == fail ? Optional.ofNullable(retryAfter) : Optional.empty();
  }

  private static int attempt(byte[] request) {
    try {
      JsonNode node = Json.MAPPER.readTree(request);
      return node.path("context").path("attempt").asInt(1);
    } catch (IOException e) {
      return 1;
    }
  }

  private static Duration duration(String name, @Nullable String value) {
    if (value == null) {
      return Duration.ZERO;
    }
    try {
      Duration duration = Duration.parse(value);
      if (!duration.isNegative() && duration.compareTo(LONGEST) <= 0) {
        return duration;
      }
    } catch (DateTimeParseException e) {
      // Told below, with the range.
    }
    throw new IllegalArgumentException(
        "'%s' must be a duration such as PT2S, at most %s".formatted(name, LONGEST));
  }

  private static int number(
      String name, @Nullable String value, int otherwise, int least, int most) {
    if (value == null) {
      return otherwise;
    }
    try {
      int number = Integer.parseInt(value);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Told below, with the range.
    }
    throw new IllegalArgumentException(
        "'%s' must be a number from %d to %d".formatted(name, least, most));
  }
}
