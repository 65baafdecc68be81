package io.ligature.router.routing;

import io.ligature.avro.Candidate;
import io.ligature.router.routing.Decision.Assigned;
import io.ligature.router.routing.Decision.Retry;
import io.ligature.router.routing.Decision.Unplaced;
import io.ligature.router.routing.RoutingRequest.Hints;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Chooses the agent with the lowest expected cost of an accepted result among those that can do a
 * task now: {@link Filters} drop, {@link Strategy} chooses, {@link Explanation} tells.
 *
 * <p>The answer is a function of the request, the fleet and the instant alone. For one thread: the
 * arrays it computes in are used again.
 */
public final class Routing {

  private final RoutingSettings settings;
  private final Filters filters;
  private final Strategy strategy;
  private final Explanation explanation;
  private final Contest contest = new Contest();

  public Routing(RoutingSettings settings) {
    this.settings = settings;
    this.filters = new Filters(settings);
    this.strategy = new Strategy(settings);
    this.explanation = new Explanation(settings, filters);
  }

  public RoutingSettings settings() {
    return settings;
  }

  public Decision choose(RoutingRequest request, Fleet fleet, Instant now) {
    long millis = now.toEpochMilli();
    Offers offers = fleet.offering(request.capability());
    if (offers.size() == 0) {
      return nobody(request);
    }
    contest.begin(offers);
    for (int i = 0; i < offers.size(); i++) {
      Offer offer = offers.get(i);
      offer.refresh(settings);
      double estimate = offer.estimate(request);
      boolean priceKnown = offer.agent().price().knownAt(millis);
      Filter filter = filters.of(request, offer, estimate, priceKnown, millis);
      if (filter != null) {
        contest.drop(i, filter);
      } else {
        contest.score(i, strategy.score(request, offer, estimate, priceKnown));
      }
      contest.rank(i, Strategy.rank(request.hints(), offer));
    }
    strategy.choose(request, contest, millis);
    if (strategy.chosen() >= 0 && lowerTierComesSoon(request, millis)) {
      strategy.choose(request, contest, millis);
    }
    List<Candidate> candidates = explanation.candidates(request, contest, strategy, now);
    return strategy.chosen() < 0
        ? unplaced(request, candidates, millis)
        : assigned(request, candidates, millis);
  }

  /**
   * The agents that could ever take the task as they are registered now, whatever they are doing.
   * Tasks with the same set are placed by the same events.
   */
  public Set<String> eligible(RoutingRequest request, Fleet fleet) {
    Set<String> eligible = new TreeSet<>();
    Offers offers = fleet.offering(request.capability());
    for (int i = 0; i < offers.size(); i++) {
      Offer offer = offers.get(i);
      offer.refresh(settings);
      if (filters.everTakes(request, offer)) {
        eligible.add(offer.agent().id());
      }
    }
    return eligible;
  }

  /** The agents that get a copy of the task, by id. */
  public List<Agent> shadows(RoutingRequest request, Fleet fleet, Instant now) {
    List<Agent> shadows = new ArrayList<>();
    Offers offers = fleet.offering(request.capability());
    for (int i = 0; i < offers.size(); i++) {
      Offer offer = offers.get(i);
      Double share = offer.agent().registration().getShadowShare();
      if (share != null
          && Hashes.unit(Hashes.both(Hashes.of(request.attempt()), offer.agent().hash())) < share) {
        offer.refresh(settings);
        if (filters.ofCopy(request, offer, now.toEpochMilli()) == null) {
          shadows.add(offer.agent());
        }
      }
    }
    return shadows;
  }

  /** Input and output tokens that a call of the agent is expected to take. */
  public long expectedTokens(RoutingRequest request, Fleet fleet, String agent) {
    Offer offer = fleet.offering(request.capability()).of(agent);
    if (offer == null) {
      return request.inputTokens() + settings.expectedOutputTokens();
    }
    offer.refresh(settings);
    return offer.tokens(request);
  }

  /**
   * A higher tier does not take what a lower one can take in a moment. Returns true when it dropped
   * someone.
   */
  private boolean lowerTierComesSoon(RoutingRequest request, long now) {
    Hints hints = request.hints();
    long rank = contest.rank(strategy.chosen());
    long soon = now + settings.fallbackPatience().toMillis();
    boolean comes = false;
    for (int i = 0; i < contest.size() && !comes; i++) {
      Filter filter = contest.droppedBy(i);
      comes =
          filter != null
              && contest.rank(i) < rank
              && !hints.prefer().contains(contest.offer(i).agent().id())
              && Filters.passesAt(filter, request, contest.offer(i), now) <= soon
              && filters.everTakes(request, contest.offer(i));
    }
    for (int i = 0; comes && i < contest.size(); i++) {
      if (contest.scored(i)) {
        contest.drop(i, Filter.FALLBACK_TIER);
      }
    }
    return comes;
  }

  private Assigned assigned(RoutingRequest request, List<Candidate> candidates, long now) {
    Offer offer = contest.offer(strategy.chosen());
    double cost = offer.agent().price().knownAt(now) ? offer.estimate(request) : 0;
    return new Assigned(offer.agent(), candidates, (long) Math.ceil(cost), offer.tokens(request));
  }

  private static Unplaced nobody(RoutingRequest request) {
    return new Unplaced(
        null,
        "no agent offers the capability '"
            + request.capability()
            + "'; register one that does, or correct the task",
        List.of(),
        null,
        false);
  }

  private Unplaced unplaced(RoutingRequest request, List<Candidate> candidates, long now) {
    long retryAt = Quota.UNKNOWN;
    String first = null;
    Filter closest = Filter.ACCESS;
    boolean onlyTime = true;
    for (int i = 0; i < contest.size(); i++) {
      Filter filter = contest.droppedBy(i);
      if (filter == null) {
        continue;
      }
      if (filter.compareTo(closest) > 0) {
        closest = filter;
      }
      if (filters.everTakes(request, contest.offer(i)) && filter != Filter.FALLBACK_TIER) {
        long passesAt = Filters.passesAt(filter, request, contest.offer(i), now);
        if (passesAt < retryAt) {
          retryAt = passesAt;
          first = contest.offer(i).agent().id();
        }
        onlyTime &= passesAt != Quota.UNKNOWN;
      }
    }
    return new Unplaced(
        closest,
        Explanation.summary(request, contest.size(), candidates),
        candidates,
        first == null ? null : new Retry(Instant.ofEpochMilli(retryAt), first),
        first != null && onlyTime);
  }
}
