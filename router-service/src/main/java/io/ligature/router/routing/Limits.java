package io.ligature.router.routing;

import io.ligature.avro.AgentLimits;

/**
 * How much goes through. {@link Long#MAX_VALUE}: no limit.
 *
 * @param calls at once
 * @param requests in any 60 seconds
 * @param tokens in any 60 seconds
 */
public record Limits(long calls, long requests, long tokens) {

  public static final Limits NONE = new Limits(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE);

  static Limits of(AgentLimits told) {
    Integer calls = told.getConcurrency();
    Integer requests = told.getRequestsPerMinute();
    Long tokens = told.getTokensPerMinute();
    return new Limits(
        calls == null ? Long.MAX_VALUE : calls,
        requests == null ? Long.MAX_VALUE : requests,
        tokens == null ? Long.MAX_VALUE : tokens);
  }

  /** The smaller of each. */
  Limits and(Limits other) {
    return new Limits(
        Math.min(calls, other.calls),
        Math.min(requests, other.requests),
        Math.min(tokens, other.tokens));
  }

  /** This allowance under other limits: none where there was no limit before. */
  Limits within(Limits limits) {
    return new Limits(
        limits.calls == Long.MAX_VALUE ? limits.calls : allowed(calls, limits.calls),
        limits.requests == Long.MAX_VALUE ? limits.requests : allowed(requests, limits.requests),
        limits.tokens == Long.MAX_VALUE ? limits.tokens : allowed(tokens, limits.tokens));
  }

  private static long allowed(long before, long limit) {
    return before == Long.MAX_VALUE ? 0 : Math.min(before, limit);
  }

  /** Nothing of what is limited. */
  Limits none() {
    return NONE.within(this);
  }

  boolean rated() {
    return requests != Long.MAX_VALUE || tokens != Long.MAX_VALUE;
  }

  public long of(Permit permit) {
    return switch (permit) {
      case CALLS -> calls;
      case REQUESTS -> requests;
      case TOKENS -> tokens;
    };
  }
}
