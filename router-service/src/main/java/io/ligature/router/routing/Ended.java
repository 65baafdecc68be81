package io.ligature.router.routing;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What routing needs of a result.
 *
 * @param executor that reports
 * @param at when, by the executor's clock
 * @param called false when the result came from a cache or from another attempt's call
 * @param model that served, as the provider names it; null: unknown
 * @param tokens input and output; negative: unknown
 * @param cachedShare of the input tokens; negative: unknown
 * @param kind what went wrong; null: nothing
 * @param retryAfter milliseconds that the provider asks for; 0: none
 */
public record Ended(
    String attempt,
    String executor,
    Instant at,
    boolean called,
    @Nullable String model,
    long tokens,
    double cachedShare,
    @Nullable String kind,
    long retryAfter) {

  /** Kinds of failure that say something about the agent, and not about the task. */
  static final Set<String> AGENTS_FAULT =
      Set.of(
          "rate_limited",
          "model_error",
          "upstream_unavailable",
          "timeout",
          "schema_mismatch",
          "agent_crash",
          "auth");
}
