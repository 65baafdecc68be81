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

  /** This agent shall do it. */
  record Assigned(Agent agent, List<Candidate> candidates) implements Decision {}

  /**
   * No agent can do it now.
   *
   * @param closest the last filter that dropped a candidate; null when no agent has the capability
   * @param reason for people
   * @param retryAt when a pause ends that may change the answer; null: only an event can
   */
  record Unplaced(
      @Nullable Filter closest,
      String reason,
      List<Candidate> candidates,
      @Nullable Instant retryAt)
      implements Decision {

    /** Label of the reason in metrics. */
    public String label() {
      return closest == null ? "no_agent" : closest.wireName();
    }
  }
}
