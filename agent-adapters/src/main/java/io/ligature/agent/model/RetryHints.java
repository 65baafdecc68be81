package io.ligature.agent.model;

import io.ligature.agent.RetryAfter;
import java.net.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * When a provider may be called again, from the ways they have to say it: {@code retry-after-ms},
 * {@code Retry-After}, the error's own word, and the reset of each limit that is used up ({@code
 * x-ratelimit-reset-requests: 6m0s}, {@code anthropic-ratelimit-tokens-reset:
 * 2026-01-01T00:00:00Z}).
 */
final class RetryHints {

  private static final Pattern SPAN =
      Pattern.compile(
          "(?:(\\d+)h)?(?:(\\d+)m(?!s))?(?:(\\d+(?:\\.\\d+)?)s)?(?:(\\d+(?:\\.\\d+)?)ms)?");
  private static final double MILLIS = 1_000;

  /** Name of what is left, and of when there is more of it. */
  private record Limit(String remaining, String reset) {

    static Limit openAi(String what) {
      return new Limit("x-ratelimit-remaining-" + what, "x-ratelimit-reset-" + what);
    }

    static Limit anthropic(String what) {
      return new Limit(
          "anthropic-ratelimit-" + what + "-remaining", "anthropic-ratelimit-" + what + "-reset");
    }
  }

  private static final List<Limit> LIMITS =
      List.of(
          Limit.openAi("requests"),
          Limit.openAi("tokens"),
          Limit.anthropic("requests"),
          Limit.anthropic("tokens"),
          Limit.anthropic("input-tokens"),
          Limit.anthropic("output-tokens"));

  private RetryHints() {}

  static @Nullable Duration retryAfter(HttpHeaders headers, ProviderError error, Instant now) {
    return millis(headers)
        .or(() -> headers.firstValue("retry-after").flatMap(text -> RetryAfter.parse(text, now)))
        .or(() -> Optional.ofNullable(error.retryAfter()))
        .or(() -> resets(headers, now))
        .orElse(null);
  }

  private static Optional<Duration> millis(HttpHeaders headers) {
    return headers
        .firstValue("retry-after-ms")
        .filter(text -> text.matches("\\d{1,12}"))
        .map(text -> RetryAfter.bounded(Duration.ofMillis(Long.parseLong(text))));
  }

  /** The latest of those that are used up. */
  private static Optional<Duration> resets(HttpHeaders headers, Instant now) {
    return LIMITS.stream()
        .filter(limit -> headers.firstValue(limit.remaining()).orElse("").strip().equals("0"))
        .flatMap(limit -> headers.firstValue(limit.reset()).stream())
        .flatMap(text -> reset(text.strip(), now).stream())
        .max(Duration::compareTo);
  }

  private static Optional<Duration> reset(String text, Instant now) {
    Matcher span = SPAN.matcher(text);
    if (!text.isEmpty() && span.matches()) {
      double seconds =
          3600 * part(span, 1) + 60 * part(span, 2) + part(span, 3) + part(span, 4) / MILLIS;
      return Optional.of(RetryAfter.bounded(Duration.ofMillis((long) (seconds * MILLIS))));
    }
    try {
      return Optional.of(
          RetryAfter.bounded(Duration.between(now, OffsetDateTime.parse(text).toInstant())));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static double part(Matcher span, int group) {
    String digits = span.group(group);
    return digits == null ? 0 : Double.parseDouble(digits);
  }
}
