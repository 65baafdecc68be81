package io.ligature.approval.review;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Who did something, when, and from where.
 *
 * @param commandId that it came with
 * @param role in which they did; empty where none was needed
 * @param client address and program; empty when unknown
 * @param seen SHA-256 of the review as it was shown to them; null: unknown
 */
public record By(
    String commandId, String who, String role, Instant at, String client, @Nullable String seen) {

  /** The name under which the rules themselves act. */
  public static final String POLICY = "policy";

  /** What the passing of time did. */
  static By policy(String commandId, Instant at) {
    return new By(commandId, POLICY, POLICY, at, "", null);
  }
}
