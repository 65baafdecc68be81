package io.ligature.state.engine;

import io.ligature.schemas.wire.PayloadLimit;
import java.time.Duration;

/**
 * The engine's limits, and what else a deployment says.
 *
 * @param queueSlack added to the call's timeout while no executor has claimed the attempt
 * @param reportSlack added to the call's timeout after the claim, for the result's way back
 * @param silentOffers how often an attempt nobody claimed is offered again before it times out
 * @param firstOffer wait before a parked attempt is offered again; doubles each time
 * @param longestOffer longest such wait
 * @param maxAttempts of one task, whatever its ladders say
 * @param payloadLimit largest rendered input or output
 * @param nesting limits of tasks inside of others
 * @param longestWait that a wait may take
 * @param maxCritique characters of a critic's text that are kept
 * @param limitedWait most of a rate-limited agent's wait that its task waits as well
 * @param maxConsequences tasks that a review lists for either decision
 * @param reviewPolicy what the deployment says of all gates
 */
public record Tuning(
    Duration queueSlack,
    Duration reportSlack,
    int silentOffers,
    Duration firstOffer,
    Duration longestOffer,
    int maxAttempts,
    PayloadLimit payloadLimit,
    Nesting nesting,
    Duration longestWait,
    int maxCritique,
    Duration limitedWait,
    int maxConsequences,
    ReviewPolicy reviewPolicy) {

  /**
   * Limits of tasks inside of others.
   *
   * @param maxItems of one fan-out
   * @param itemsAtOnce that run side by side unless the definition says otherwise
   * @param maxItemsAtOnce whatever the definition says
   * @param maxDepth levels of child workflows below the root
   * @param maxSignals tasks of one workflow that wait for signals, and signals it keeps
   */
  public record Nesting(
      int maxItems, int itemsAtOnce, int maxItemsAtOnce, int maxDepth, int maxSignals) {
    public static final Nesting DEFAULT = new Nesting(10_000, 100, 1_000, 8, 256);
  }

  int maxItems() {
    return nesting.maxItems;
  }

  int itemsAtOnce() {
    return nesting.itemsAtOnce;
  }

  int maxItemsAtOnce() {
    return nesting.maxItemsAtOnce;
  }

  int maxDepth() {
    return nesting.maxDepth;
  }

  int maxSignals() {
    return nesting.maxSignals;
  }

  public static final Tuning DEFAULT =
      new Tuning(
          Duration.ofSeconds(60),
          Duration.ofSeconds(15),
          2,
          Duration.ofSeconds(5),
          Duration.ofSeconds(60),
          64,
          new PayloadLimit(PayloadLimit.DEFAULT_MAX_BYTES),
          Nesting.DEFAULT,
          Duration.ofDays(3650),
          4_000,
          Duration.ofSeconds(1),
          50,
          ReviewPolicy.NONE);

  Duration offerWait(int offers) {
    Duration wait = firstOffer;
    for (int i = 0; i < offers && wait.compareTo(longestOffer) < 0; i++) {
      wait = wait.multipliedBy(2);
    }
    return wait.compareTo(longestOffer) < 0 ? wait : longestOffer;
  }
}
