package io.ligature.router.stream;

import io.ligature.avro.Candidate;
import io.ligature.router.routing.Decision;
import io.ligature.router.routing.RoutingRequest;
import io.ligature.router.routing.TrackRecord;
import io.ligature.router.routing.Worth;
import io.ligature.schemas.Money;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A decision together with what it rests on.
 *
 * @param parts by agent, of the candidates that the decision lists
 */
public record Explained(Decision decision, Map<String, Parts> parts) {

  /**
   * What is known of one candidate.
   *
   * @param price that a call is expected to cost; null: unknown
   * @param acceptance probability that a result is accepted
   * @param reviewShare of its calls that people had to look at; null: no call was counted
   * @param meanCost of its calls as counted; null: none known
   * @param latency null: unknown
   * @param calls decayed number that the events tell of
   */
  public record Parts(
      @Nullable Money price,
      double acceptance,
      @Nullable Double reviewShare,
      @Nullable Money meanCost,
      @Nullable Duration latency,
      double calls) {}

  static Explained of(Dispatcher dispatcher, RoutingRequest request, Instant now) {
    Decision decision = dispatcher.explain(request, now);
    Map<String, Parts> parts = new HashMap<>();
    for (Candidate candidate : decision.candidates()) {
      String agent = candidate.getAgent();
      Worth worth = dispatcher.fleet().worth(agent, request, now);
      if (worth != null) {
        parts.put(agent, parts(worth, dispatcher.fleet().trackOf(agent, request.capability())));
      }
    }
    return new Explained(decision, parts);
  }

  private static Parts parts(Worth worth, TrackRecord track) {
    double calls = track.calls();
    return new Parts(
        worth.price(),
        worth.acceptance(),
        calls > 0 ? Math.min(1, track.reviewed() / calls) : null,
        track.meanCost() < 0 ? null : new Money(Math.round(track.meanCost())),
        worth.latency(),
        calls);
  }
}
