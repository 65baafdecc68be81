package io.ligature.router.routing;

import io.ligature.schemas.Money;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What an agent's score for a request is made of.
 *
 * @param price that a call is expected to cost; null: unknown
 * @param acceptance probability that a result is accepted
 * @param latency null: unknown
 */
public record Worth(@Nullable Money price, double acceptance, @Nullable Duration latency) {

  static Worth of(Offer offer, RoutingRequest request, long now) {
    boolean known = offer.agent().price().knownAt(now);
    return new Worth(
        known ? new Money((long) Math.ceil(offer.estimate(request))) : null,
        offer.acceptance(),
        offer.latency() == Long.MAX_VALUE ? null : Duration.ofMillis(offer.latency()));
  }
}
