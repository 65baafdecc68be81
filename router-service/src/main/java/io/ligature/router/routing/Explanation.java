package io.ligature.router.routing;

import io.ligature.avro.Candidate;
import io.ligature.schemas.Money;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells a decision for people: the first of the candidates, each with its score or its reason. */
final class Explanation {

  private static final int REASONS_TOLD = 3;

  private final RoutingSettings settings;
  private final Filters filters;

  Explanation(RoutingSettings settings, Filters filters) {
    this.settings = settings;
    this.filters = filters;
  }

  List<Candidate> candidates(
      RoutingRequest request, Contest contest, Strategy strategy, Instant now) {
    int[] first = first(contest, strategy.chosen());
    List<Candidate> candidates = new ArrayList<>(first.length);
    for (int index : first) {
      candidates.add(candidate(request, contest, index, strategy, now));
    }
    return candidates;
  }

  /** Why no agent can take it, in one sentence. */
  static String summary(RoutingRequest request, int count, List<Candidate> candidates) {
    StringBuilder text = new StringBuilder();
    text.append(count == 1 ? "the one agent" : "none of the " + count + " agents");
    text.append(" for '").append(request.capability());
    text.append(count == 1 ? "' cannot take it now: " : "' can take it now: ");
    int told = Math.min(REASONS_TOLD, candidates.size());
    for (int i = 0; i < told; i++) {
      Candidate candidate = candidates.get(i);
      text.append(i == 0 ? "" : "; ").append(candidate.getAgent()).append(": ");
      text.append(candidate.getReason());
    }
    if (count > told) {
      text.append("; and ").append(count - told).append(" more");
    }
    return text.toString();
  }

  /** By insertion: a full sort of a thousand would cost most of the time. */
  private int[] first(Contest contest, int chosen) {
    int limit = Math.min(settings.maxCandidates(), contest.size());
    int[] kept = new int[limit];
    int count = 0;
    for (int i = 0; i < contest.size(); i++) {
      if (count == limit && !before(contest, chosen, i, kept[count - 1])) {
        continue;
      }
      int at = count == limit ? count - 1 : count++;
      while (at > 0 && before(contest, chosen, i, kept[at - 1])) {
        kept[at] = kept[at - 1];
        at--;
      }
      kept[at] = i;
    }
    return kept;
  }

  /** The chosen one, then by rank and score, then the dropped ones that came furthest. */
  private static boolean before(Contest contest, int chosen, int one, int other) {
    if (one == chosen || other == chosen) {
      return one == chosen;
    }
    Filter oneDropped = contest.droppedBy(one);
    Filter otherDropped = contest.droppedBy(other);
    if (oneDropped != null || otherDropped != null) {
      if (oneDropped == null || otherDropped == null) {
        return oneDropped == null;
      }
      return oneDropped.compareTo(otherDropped) > 0;
    }
    int byRank = Long.compare(contest.rank(one), contest.rank(other));
    return byRank != 0 ? byRank < 0 : contest.score(one) < contest.score(other);
  }

  private Candidate candidate(
      RoutingRequest request, Contest contest, int index, Strategy strategy, Instant now) {
    Offer offer = contest.offer(index);
    String id = offer.agent().id();
    Filter filter = contest.droppedBy(index);
    if (filter != null) {
      return new Candidate(id, null, filter.wireName(), filters.why(filter, request, offer, now));
    }
    double score = contest.score(index);
    boolean chosen = index == strategy.chosen();
    if (Double.isInfinite(score)) {
      return new Candidate(
          id, null, null, "price unknown and no maxCost: after all agents of known price");
    }
    return new Candidate(
        id,
        BigDecimal.valueOf(score / 1_000_000).setScale(Money.SCALE, RoundingMode.HALF_UP),
        null,
        chosen ? why(request, contest, strategy) : note(request, offer));
  }

  private String why(RoutingRequest request, Contest contest, Strategy strategy) {
    Offer offer = contest.offer(strategy.chosen());
    return switch (strategy.because()) {
      case NONE, LOWEST_COST -> "lowest expected cost of an accepted result";
      case FASTEST ->
          "fastest of those within "
              + percent(settings.tie())
              + " of the lowest expected cost of an accepted result";
      case PINNED -> "named by the task";
      case PREFERRED -> "preferred by the task";
      case AVOIDED -> "avoided by the task, but no other can take it now";
      case FALLBACK ->
          "tier " + offer.agent().tier() + ": no agent of a lower tier can take it now";
      case SHARE -> "its share of the group '" + offer.agent().registration().getGroup() + "'";
      case STICKY ->
          "sticky: what '"
              + request.workflow()
              + "' needs of this capability goes to it while it can";
      case EXPLORED ->
          "explored, for little is known of it; '"
              + contest.offer(strategy.lowest()).agent().id()
              + "' was expected to cost least";
    };
  }

  private static @Nullable String note(RoutingRequest request, Offer offer) {
    if (request.hints().avoid().contains(offer.agent().id())) {
      return "avoided by the task";
    }
    int tier = offer.agent().tier();
    return tier > 0 ? "tier " + tier : null;
  }

  private static String percent(double share) {
    return BigDecimal.valueOf(share * 100)
            .setScale(2, RoundingMode.HALF_UP)
            .stripTrailingZeros()
            .toPlainString()
        + " %";
  }
}
