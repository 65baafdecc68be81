package io.ligature.state.engine;

import io.ligature.schemas.wire.PayloadLimit;
import java.time.Duration;

/**
 * The engine's limits.
 *
 * @param queueSlack added to the call's timeout while no executor has claimed the attempt
 * @param reportSlack added to the call's timeout after the claim, for the result's way back
 * @param silentOffers how often an attempt nobody claimed is offered again before it times out
 * @param firstOffer wait before a parked attempt is offered again; doubles each time
 * @param longestOffer longest such wait
 * @param maxAttempts of one task, whatever its ladders say
 * @param payloadLimit largest rendered input or output
 */
public record Tuning(
    Duration queueSlack,
    Duration reportSlack,
    int silentOffers,
    Duration firstOffer,
    Duration longestOffer,
    int maxAttempts,
    PayloadLimit payloadLimit) {

  public static final Tuning DEFAULT =
      new Tuning(
          Duration.ofSeconds(60),
          Duration.ofSeconds(15),
          2,
          Duration.ofSeconds(5),
          Duration.ofSeconds(60),
          64,
          new PayloadLimit(PayloadLimit.DEFAULT_MAX_BYTES));

  Duration offerWait(int offers) {
    Duration wait = firstOffer;
    for (int i = 0; i < offers && wait.compareTo(longestOffer) < 0; i++) {
      wait = wait.multipliedBy(2);
    }
    return wait.compareTo(longestOffer) < 0 ? wait : longestOffer;
  }
}
