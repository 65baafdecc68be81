package io.ligature.router.routing;

import io.ligature.router.routing.RoutingRequest.Hints;
import io.ligature.schemas.Money;

/**
 * Chooses among the agents that can do a task now.
 *
 * <p>First by what the task and the registrations say: an avoided agent only when there is no
 * other, then the preferred ones in their order, then by tier. Among equals the lowest expected
 * cost of an accepted result wins. A call costs c and is accepted with probability p; calls until
 * one is accepted are geometrically distributed with mean 1/p, so an accepted result costs c/p.
 *
 * <p>Scores that are nearly equal are decided by latency. A group competes with the weighted mean
 * of its members, and shares what it wins among them by weight. Where chance is wanted, for shares,
 * sticky tasks and exploration, a hash of the attempt or of the workflow stands for it.
 */
final class Strategy {

  /** Why the chosen one was chosen. */
  enum Because {
    NONE,
    LOWEST_COST,
    FASTEST,
    PINNED,
    PREFERRED,
    AVOIDED,
    FALLBACK,
    SHARE,
    STICKY,
    EXPLORED
  }

  private final RoutingSettings settings;
  private double[] weights = {};
  private double[] means = {};
  private double[] latencies = {};
  private int chosen;
  private int lowest;
  private Because because = Because.NONE;

  Strategy(RoutingSettings settings) {
    this.settings = settings;
  }

  /** Index of the chosen one; negative: none. */
  int chosen() {
    return chosen;
  }

  /** Index of the one that would have been chosen without exploration. */
  int lowest() {
    return lowest;
  }

  Because because() {
    return because;
  }

  /** An unknown price is taken as all that the attempt may cost; without a limit it comes last. */
  double score(RoutingRequest request, Offer offer, double estimate, boolean priceKnown) {
    double price;
    if (priceKnown) {
      price = estimate;
    } else {
      Money maxCost = request.maxCost();
      price = maxCost == null ? Double.POSITIVE_INFINITY : maxCost.micros();
    }
    return (price + settings.reviewCost() * offer.reviewed()) / offer.acceptance();
  }

  /** Lower comes first, whatever the scores. */
  static long rank(Hints hints, Offer offer) {
    Agent agent = offer.agent();
    long tier = (long) agent.tier() - Integer.MIN_VALUE;
    if (hints.plain()) {
      return tier;
    }
    if (hints.avoid().contains(agent.id())) {
      return (1L << 62) + tier;
    }
    int preferred = hints.prefer().indexOf(agent.id());
    return preferred >= 0 ? preferred - (1L << 40) : tier;
  }

  void choose(RoutingRequest request, Contest contest, long now) {
    chosen = -1;
    because = Because.NONE;
    long rank = lowestRank(contest);
    if (rank == Long.MAX_VALUE) {
      return;
    }
    mean(contest, rank);
    if (request.hints().sticky()) {
      sticky(request, contest, rank);
    } else {
      cheapest(request, contest, rank);
      lowest = chosen;
      explore(request, contest, rank, now);
    }
  }

  private static long lowestRank(Contest contest) {
    long lowest = Long.MAX_VALUE;
    for (int i = 0; i < contest.size(); i++) {
      if (contest.scored(i)) {
        lowest = Math.min(lowest, contest.rank(i));
      }
    }
    return lowest;
  }

  private static boolean competes(Contest contest, int index, long rank) {
    return contest.scored(index) && contest.rank(index) == rank;
  }

  /** The score and the latency that each group competes with. */
  private void mean(Contest contest, long rank) {
    int groups = contest.groups();
    if (groups == 0) {
      return;
    }
    weights = new double[groups];
    means = new double[groups];
    latencies = new double[groups];
    for (int i = 0; i < contest.size(); i++) {
      int group = contest.offer(i).group();
      if (group >= 0 && competes(contest, i, rank)) {
        double weight = weight(contest.offer(i));
        weights[group] += weight;
        means[group] += weight * contest.score(i);
        latencies[group] += weight * contest.offer(i).latency();
      }
    }
    for (int group = 0; group < groups; group++) {
      means[group] /= weights[group];
      latencies[group] /= weights[group];
    }
  }

  /** One without a weight is here only when the task names it. */
  private static double weight(Offer offer) {
    double weight = offer.agent().weight();
    return weight > 0 ? weight : 1;
  }

  private double score(Contest contest, int index) {
    int group = contest.offer(index).group();
    return group < 0 ? contest.score(index) : means[group];
  }

  private double latency(Contest contest, int index) {
    int group = contest.offer(index).group();
    return group < 0 ? contest.offer(index).latency() : latencies[group];
  }

  private double lowestScore(Contest contest, long rank) {
    double lowest = Double.POSITIVE_INFINITY;
    for (int i = 0; i < contest.size(); i++) {
      if (competes(contest, i, rank)) {
        lowest = Math.min(lowest, score(contest, i));
      }
    }
    return lowest;
  }

  private void cheapest(RoutingRequest request, Contest contest, long rank) {
    double lowestScore = lowestScore(contest, rank);
    double near = lowestScore * (1 + settings.tie());
    int best = -1;
    for (int i = 0; i < contest.size(); i++) {
      if (competes(contest, i, rank)
          && score(contest, i) <= near
          && (best < 0 || before(contest, i, best))) {
        best = i;
      }
    }
    because = score(contest, best) > lowestScore ? Because.FASTEST : Because.LOWEST_COST;
    int group = contest.offer(best).group();
    if (group >= 0) {
      best = member(contest, rank, group, Hashes.of(request.attempt()));
      because = Because.SHARE;
    }
    chosen = best;
    because = told(request, contest.offer(best), because);
  }

  /** By latency, then by score; ids are in order already. */
  private boolean before(Contest contest, int one, int other) {
    int byLatency = Double.compare(latency(contest, one), latency(contest, other));
    return byLatency < 0 || (byLatency == 0 && score(contest, one) < score(contest, other));
  }

  private int member(Contest contest, long rank, int group, long key) {
    int best = -1;
    double highest = -1;
    for (int i = 0; i < contest.size(); i++) {
      if (contest.offer(i).group() == group && competes(contest, i, rank)) {
        double bid = Hashes.bid(key, contest.offer(i).agent().hash(), weight(contest.offer(i)));
        if (bid > highest) {
          highest = bid;
          best = i;
        }
      }
    }
    return best;
  }

  /** Whoever bids most for the workflow among those that are not much dearer than the cheapest. */
  private void sticky(RoutingRequest request, Contest contest, long rank) {
    double near = lowestScore(contest, rank) * (1 + settings.stickySpread());
    long key = Hashes.of(request.workflow(), request.capability());
    int best = -1;
    double highest = -1;
    for (int i = 0; i < contest.size(); i++) {
      if (competes(contest, i, rank) && score(contest, i) <= near) {
        Offer offer = contest.offer(i);
        String group = offer.agent().registration().getGroup();
        long candidate = group == null ? offer.agent().hash() : Hashes.of(group);
        double bid = Hashes.bid(key, candidate, 1);
        if (bid > highest) {
          highest = bid;
          best = i;
        }
      }
    }
    int group = contest.offer(best).group();
    chosen = group < 0 ? best : member(contest, rank, group, key);
    lowest = chosen;
    because = told(request, contest.offer(chosen), Because.STICKY);
  }

  private static Because told(RoutingRequest request, Offer offer, Because otherwise) {
    Hints hints = request.hints();
    String id = offer.agent().id();
    if (id.equals(hints.pin())) {
      return Because.PINNED;
    }
    if (hints.avoid().contains(id)) {
      return Because.AVOIDED;
    }
    if (hints.prefer().contains(id)) {
      return Because.PREFERRED;
    }
    return offer.agent().tier() > 0 ? Because.FALLBACK : otherwise;
  }

  private void explore(RoutingRequest request, Contest contest, long rank, long now) {
    Hints hints = request.hints();
    if (settings.exploration() <= 0
        || request.attempt().isEmpty()
        || hints.pin() != null
        || !hints.prefer().isEmpty()) {
      return;
    }
    long key = Hashes.of(request.attempt(), "explore");
    if (Hashes.unit(key) >= settings.exploration()) {
      return;
    }
    double most = contest.score(chosen) * settings.explorationFactor();
    int best = -1;
    double highest = -1;
    for (int i = 0; i < contest.size(); i++) {
      Offer offer = contest.offer(i);
      if (i == chosen
          || !competes(contest, i, rank)
          || contest.score(i) > most
          || !offer.agent().price().knownAt(now)) {
        continue;
      }
      double bid = Hashes.bid(key, offer.agent().hash(), 1);
      double fewer = best < 0 ? -1 : offer.observations() - contest.offer(best).observations();
      if (fewer < 0 || (fewer == 0 && bid > highest)) {
        highest = bid;
        best = i;
      }
    }
    if (best >= 0) {
      chosen = best;
      because = Because.EXPLORED;
    }
  }
}
