package io.ligature.router.routing;

import io.ligature.avro.Candidate;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What routing says about one task, with the candidates it looked at. */
public sealed interface Decision {

  /**
   * The chosen one first, then the others by score, then the dropped ones, those that came furthest
   * first; at most as many as the settings say.
   */
  List<Candidate> candidates();

  /**
   * This agent shall do it.
   *
   * @param expectedCost micros; 0 when the price is unknown
   * @param expectedTokens input and output
   */
  record Assigned(Agent agent, List<Candidate> candidates, long expectedCost, long expectedTokens)
      implements Decision {}

  /**
   * No agent can do it now.
   *
   * @param closest the last filter that dropped a candidate; null when no agent has the capability
   * @param reason for people
   * @param retry when time may change the answer; null: only an event can
   * @param onlyTime true: every agent that could ever take it pauses, the first until the retry
   */
  record Unplaced(
      @Nullable Filter closest,
      String reason,
      List<Candidate> candidates,
      @Nullable Retry retry,
      boolean onlyTime)
      implements Decision {

    /** When the first pause ends; null: that is not known. */
    public @Nullable Instant retryAt() {
      return retry == null ? null : retry.at();
    }

    /** Label of the reason in metrics. */
    public String label() {
      return closest == null ? "no_agent" : closest.wireName();
    }
  }

  /** An agent whose pause ends. */
  record Retry(Instant at, String agent) {}
}
