package io.ligature.executor.execution;

import io.ligature.agent.AgentOutcome;
import io.ligature.avro.Payload;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one attempt came to.
 *
 * @param outcome its metadata holds the cost
 * @param output set for success and needs_review, unless a person must make it, and for a
 *     schema_mismatch when it is JSON
 * @param reached the agent was called for this attempt
 * @param repairs what was mended in the answer, in words; empty when nothing was
 * @param calibratedConfidence the claimed one as verdicts have corrected it; null when nothing
 *     corrects it
 * @param outputSchema what an output must be, when a person may have to mend this one
 * @param served from the call of another attempt; null when this one has its own
 */
public record Made(
    AgentOutcome outcome,
    @Nullable Payload output,
    Duration duration,
    boolean reached,
    List<String> repairs,
    @Nullable Double calibratedConfidence,
    @Nullable String outputSchema,
    @Nullable Served served) {

  /** How a result came to be without a call. */
  public enum Source {
    /** It was stored. */
    CACHE,
    /** An identical call was in flight. */
    SHARED_CALL
  }

  /**
   * Whose call gave the result.
   *
   * @param attempt the one that paid
   */
  public record Served(String attempt, Source source) {}

  static Made of(AgentOutcome outcome, Duration duration, boolean reached) {
    return new Made(outcome, null, duration, reached, List.of(), null, null, null);
  }
}
