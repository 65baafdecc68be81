package io.ligature.router.stream;

import io.ligature.avro.Candidate;
import io.ligature.avro.Price;
import io.ligature.router.routing.Decision;
import io.ligature.router.routing.RoutingRequest;
import io.ligature.router.routing.TrackRecord;
import io.ligature.schemas.Money;
import java.math.BigDecimal;
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
   * @param price that a call is expected to cost by the registration; null: unknown
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
      var member = dispatcher.fleet().member(candidate.getAgent());
      if (member != null) {
        AgentPage.Entry entry = AgentPage.Entry.of(member, dispatcher.routing().settings(), now);
        TrackRecord track = dispatcher.fleet().trackOf(candidate.getAgent(), request.capability());
        long output = dispatcher.routing().settings().expectedOutputTokens();
        parts.put(
            candidate.getAgent(), parts(entry, track, price(entry, request.inputTokens(), output)));
      }
    }
    return new Explained(decision, parts);
  }

  private static Parts parts(AgentPage.Entry entry, TrackRecord track, @Nullable Money price) {
    double calls = track.calls();
    return new Parts(
        price,
        entry.acceptance(),
        calls > 0 ? Math.min(1, track.reviewed() / calls) : null,
        track.meanCost() < 0 ? null : new Money(Math.round(track.meanCost())),
        entry.latency(),
        calls);
  }

  private static @Nullable Money price(AgentPage.Entry entry, long input, long output) {
    Price price = entry.registration().getPrice();
    if (price.getPerCall() == null
        && price.getPerMillionInputTokens() == null
        && price.getPerMillionCachedInputTokens() == null
        && price.getPerMillionOutputTokens() == null) {
      return null;
    }
    double micros =
        amount(price.getPerCall()) * 1_000_000
            + amount(price.getPerMillionInputTokens()) * input
            + amount(price.getPerMillionOutputTokens()) * output;
    return new Money((long) Math.ceil(micros));
  }

  private static double amount(@Nullable BigDecimal amount) {
    return amount == null ? 0 : amount.doubleValue();
  }
}
