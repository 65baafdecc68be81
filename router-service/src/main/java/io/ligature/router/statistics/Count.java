package io.ligature.router.statistics;

import java.util.Locale;

/** What is counted or summed of an agent's calls. */
public enum Count {
  /** Results that were used. */
  ACCEPTED,
  /** Of these, the ones that had to be repaired first. */
  REPAIRED,
  /** Results that were used after a reviewer had changed them. */
  EDITED,
  /** Results that a critic found wrong. */
  REJECTED_BY_VALIDATOR,
  /** Results that a reviewer rejected or wanted changed. */
  REJECTED_BY_REVIEWER,
  /** Results less sure than the task asked for. */
  REJECTED_BY_THRESHOLD,
  /** Results that people had to look at because of the agent. */
  REVIEWED,
  /** Sum of what calls cost, in micros, and how many of them told. */
  COST,
  COST_CALLS,
  /** Sums of tokens, and how many calls told any. */
  INPUT_TOKENS,
  CACHED_INPUT_TOKENS,
  OUTPUT_TOKENS,
  TOKEN_CALLS,
  /** Results as a shadow that were like the real one, that were not, and calls that failed. */
  SHADOW_AGREED,
  SHADOW_DIFFERED,
  SHADOW_FAILED;

  private final String wireName = name().toLowerCase(Locale.ROOT);

  public String wireName() {
    return wireName;
  }
}
