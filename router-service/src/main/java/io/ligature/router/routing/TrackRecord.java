package io.ligature.router.routing;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How an agent has done at one capability. Counts decay with time, so they are no whole numbers.
 *
 * @param accepted results that were used
 * @param repaired of these, the ones that had to be repaired first
 * @param rejected results that a validator, a reviewer or the quality threshold turned down
 * @param failed calls that gave no result, through the agent's own fault
 * @param reviewed results that people had to look at
 * @param medianLatency null: none measured
 * @param meanCost micros a call; negative: none known
 * @param meanOutputTokens a call; negative: none known
 */
public record TrackRecord(
    double accepted,
    double repaired,
    double rejected,
    double failed,
    double reviewed,
    @Nullable Duration medianLatency,
    double meanCost,
    double meanOutputTokens) {

  public static final TrackRecord NONE = new TrackRecord(0, 0, 0, 0, 0, null, -1, -1);

  /** Calls that ended one way or another. */
  public double calls() {
    return accepted + rejected + failed;
  }
}
