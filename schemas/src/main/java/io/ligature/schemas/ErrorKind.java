package io.ligature.schemas;

import java.util.Locale;
import java.util.Optional;

/** Why an attempt did not give an acceptable result; each kind has its own ladder of remedies. */
public enum ErrorKind {
  /** The provider refuses more calls for now; often says until when. */
  RATE_LIMITED,
  /** The model answered with an error of its own. */
  MODEL_ERROR,
  /** The agent cannot be reached. */
  UPSTREAM_UNAVAILABLE,
  /** No result within the attempt's time. */
  TIMEOUT,
  /** The output is not what the agent's schema says. */
  SCHEMA_MISMATCH,
  /** A critic found the output wrong. */
  REJECTED_BY_VALIDATOR,
  /** A person rejected it. */
  REJECTED_BY_REVIEWER,
  /** The input is larger than the model's window. */
  CONTEXT_OVERFLOW,
  /** The agent is less sure than the task asks for. */
  LOW_CONFIDENCE,
  /** The budget cannot cover the attempt. */
  BUDGET_EXCEEDED,
  /** No agent can take the attempt. */
  NO_AGENT,
  /** The input is not what the agent's schema says, or an expression cannot be evaluated. */
  INVALID_INPUT,
  /** The agent does not accept our credentials. */
  AUTH,
  /** A safety policy of the provider blocked the call. */
  POLICY_BLOCK,
  /** Nobody waits for the result any more. */
  CANCELLED,
  /** The agent's process died. */
  AGENT_CRASH,
  /** More items, iterations, levels or waits than a setting or the definition allows. */
  LIMIT_EXCEEDED;

  private final String wireName = name().toLowerCase(Locale.ROOT);

  /** The name on the wire and in definitions, for example {@code rate_limited}. */
  public String wireName() {
    return wireName;
  }

  public static Optional<ErrorKind> ofWireName(String name) {
    for (ErrorKind kind : values()) {
      if (kind.wireName.equals(name)) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }
}
