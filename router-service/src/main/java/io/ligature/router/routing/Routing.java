package io.ligature.router.routing;

import io.ligature.avro.Candidate;
import io.ligature.router.routing.Decision.Assigned;
import io.ligature.router.routing.Decision.Unplaced;
import io.ligature.router.routing.Fleet.Member;
import io.ligature.schemas.Money;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the agent with the lowest expected cost of an accepted result among those that can do a
 * task now.
 *
 * <p>A call costs c and is accepted with probability p; calls until one is accepted are
 * geometrically distributed with mean 1/p, so an accepted result costs c/p. The answer is a
 * function of the request, the fleet and the instant alone: equal scores are decided by latency,
 * equal latencies by the agent's id.
 */
public final class Routing {

  private static final int REASONS_TOLD = 3;
  private static final double LEAST_ACCEPTANCE = 0.01;

  private final RoutingSettings settings;

  public Routing(RoutingSettings settings) {
    this.settings = settings;
  }

  public RoutingSettings settings() {
    return settings;
  }

  public Decision choose(RoutingRequest request, Fleet fleet, Instant now) {
    List<Member> offering = fleet.offering(request.capability());
    List<Looked> looked = new ArrayList<>(offering.size());
    Looked best = null;
    for (Member member : offering) {
      Looked each = look(request, member, now.toEpochMilli());
      looked.add(each);
      if (each.droppedBy == null && (best == null || BEST_FIRST.compare(each, best) < 0)) {
        best = each;
      }
    }
    if (best != null) {
      return new Assigned(best.member.agent(), listed(request, looked, best.id(), now));
    }
    return unplaced(request, looked, now);
  }

  /**
   * The agents that could ever take the task as they are registered now, whatever they are doing.
   * Tasks with the same set are placed by the same events.
   */
  public Set<String> eligible(RoutingRequest request, Fleet fleet) {
    Set<String> eligible = new TreeSet<>();
    for (Member member : fleet.offering(request.capability())) {
      Agent agent = member.agent();
      if (registered(request, agent) == null && priced(request, agent) == null) {
        eligible.add(agent.id());
      }
    }
    return eligible;
  }

  private Looked look(RoutingRequest request, Member member, long now) {
    Agent agent = member.agent();
    Filter filter = registered(request, agent);
    if (filter == null) {
      filter = available(member, now);
    }
    if (filter == null) {
      filter = priced(request, agent);
    }
    return new Looked(member, filter, filter == null ? score(request, member) : 0);
  }

  private static @Nullable Filter registered(RoutingRequest request, Agent agent) {
    if (!agent.serves(request.tenant())) {
      return Filter.ACCESS;
    }
    if (request.inputTokens() > agent.contextWindow()) {
      return Filter.CONTEXT_WINDOW;
    }
    return agent.registration().getDraining() ? Filter.DRAINING : null;
  }

  private @Nullable Filter available(Member member, long now) {
    long aliveSince = now - settings.executorTimeout().toMillis();
    if (!member.alive(aliveSince)) {
      return Filter.HEALTH;
    }
    if (member.cooldownMillis() > now) {
      return Filter.COOLDOWN;
    }
    int concurrency = member.agent().concurrency();
    return concurrency != Integer.MAX_VALUE && member.load(aliveSince) >= concurrency
        ? Filter.CONCURRENCY
        : null;
  }

  private @Nullable Filter priced(RoutingRequest request, Agent agent) {
    if (!agent.priceKnown()) {
      if (!agent.registration().getAllowUnknownPrice()) {
        return Filter.UNKNOWN_PRICE;
      }
    } else {
      double estimate = estimate(request, agent);
      Money maxCost = request.maxCost();
      Money remaining = request.remaining();
      if (maxCost != null && estimate > maxCost.micros()) {
        return Filter.MAX_COST;
      }
      // What an attempt may cost is held already and no longer among what remains.
      if (maxCost == null && remaining != null && estimate > remaining.micros()) {
        return Filter.BUDGET;
      }
    }
    return request.excludedAgents().contains(agent.id()) ? Filter.EXCLUDED : null;
  }

  /** An unknown price is taken as all that the attempt may cost; without a limit it comes last. */
  private double score(RoutingRequest request, Member member) {
    double price;
    if (member.agent().priceKnown()) {
      price = estimate(request, member.agent());
    } else {
      Money maxCost = request.maxCost();
      price = maxCost == null ? Double.POSITIVE_INFINITY : maxCost.micros();
    }
    return price / Math.max(LEAST_ACCEPTANCE, member.acceptance(settings));
  }

  private double estimate(RoutingRequest request, Agent agent) {
    return agent.estimate(request.inputTokens(), settings.expectedOutputTokens());
  }

  private Unplaced unplaced(RoutingRequest request, List<Looked> looked, Instant now) {
    if (looked.isEmpty()) {
      return new Unplaced(
          null,
          "no agent offers the capability '"
              + request.capability()
              + "'; register one that does, or correct the task",
          List.of(),
          null);
    }
    Instant retryAt = null;
    Filter closest = Filter.ACCESS;
    for (Looked each : looked) {
      Filter filter = each.dropped();
      if (filter.compareTo(closest) > 0) {
        closest = filter;
      }
      Instant cooldown = filter == Filter.COOLDOWN ? each.member.cooldownUntil() : null;
      if (cooldown != null && (retryAt == null || cooldown.isBefore(retryAt))) {
        retryAt = cooldown;
      }
    }
    List<Candidate> candidates = listed(request, looked, null, now);
    return new Unplaced(closest, summary(request, looked.size(), candidates), candidates, retryAt);
  }

  private static String summary(RoutingRequest request, int count, List<Candidate> candidates) {
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

  private List<Candidate> listed(
      RoutingRequest request, List<Looked> looked, @Nullable String chosen, Instant now) {
    List<Looked> first = best(looked, settings.maxCandidates());
    List<Candidate> candidates = new ArrayList<>(first.size());
    for (Looked each : first) {
      candidates.add(candidate(request, each, each.id().equals(chosen), now));
    }
    return candidates;
  }

  /** The first of the order by insertion: a full sort of a thousand would cost most of the time. */
  private static List<Looked> best(List<Looked> looked, int limit) {
    List<Looked> kept = new ArrayList<>(Math.min(limit, looked.size()) + 1);
    for (Looked each : looked) {
      if (kept.size() == limit && LISTED.compare(each, kept.getLast()) >= 0) {
        continue;
      }
      int at = kept.size();
      while (at > 0 && LISTED.compare(each, kept.get(at - 1)) < 0) {
        at--;
      }
      kept.add(at, each);
      if (kept.size() > limit) {
        kept.removeLast();
      }
    }
    return kept;
  }

  private Candidate candidate(RoutingRequest request, Looked looked, boolean chosen, Instant now) {
    Member member = looked.member;
    String id = member.agent().id();
    Filter filter = looked.droppedBy;
    if (filter != null) {
      return new Candidate(id, null, filter.wireName(), why(filter, request, member, now));
    }
    if (Double.isInfinite(looked.score)) {
      return new Candidate(
          id, null, null, "price unknown and no maxCost: after all agents of known price");
    }
    return new Candidate(
        id,
        BigDecimal.valueOf(looked.score / 1_000_000).setScale(Money.SCALE, RoundingMode.HALF_UP),
        null,
        chosen ? "lowest expected cost of an accepted result" : null);
  }

  private String why(Filter filter, RoutingRequest request, Member member, Instant now) {
    Agent agent = member.agent();
    return switch (filter) {
      case ACCESS -> "does not serve the tenant '" + request.tenant() + "'";
      case CONTEXT_WINDOW ->
          "about "
              + request.inputTokens()
              + " input tokens do not fit into a context window of "
              + agent.contextWindow();
      case DRAINING -> "draining";
      case HEALTH -> "no executor of pool '" + agent.pool() + "' is alive" + since(member, now);
      case COOLDOWN -> "cooling down until " + member.cooldownUntil();
      case CONCURRENCY ->
          "takes "
              + agent.concurrency()
              + " at once and has "
              + Math.max(member.outstanding(), member.inFlight(now, settings));
      case UNKNOWN_PRICE -> "price unknown; tell one, or set allowUnknownPrice";
      case MAX_COST ->
          "expected to cost " + cost(request, agent) + ", more than maxCost " + request.maxCost();
      case BUDGET ->
          "expected to cost "
              + cost(request, agent)
              + ", more than the remaining "
              + request.remaining();
      case EXCLUDED -> "excluded by the task";
    };
  }

  private Money cost(RoutingRequest request, Agent agent) {
    return new Money((long) Math.ceil(estimate(request, agent)));
  }

  private static String since(Member member, Instant now) {
    Instant heartbeat = member.heartbeat();
    return heartbeat == null
        ? ": none was ever heard of"
        : ": the last heartbeat is "
            + Math.max(0, Duration.between(heartbeat, now).toSeconds())
            + " s old";
  }

  private static final Comparator<Looked> BEST_FIRST =
      (a, b) -> {
        int byScore = Double.compare(a.score, b.score);
        if (byScore != 0) {
          return byScore;
        }
        int byLatency = Long.compare(a.member.latencyMillis(), b.member.latencyMillis());
        return byLatency != 0 ? byLatency : a.id().compareTo(b.id());
      };

  private static final Comparator<Looked> LISTED =
      (a, b) -> {
        if (a.droppedBy == null && b.droppedBy == null) {
          return BEST_FIRST.compare(a, b);
        }
        if (a.droppedBy == null || b.droppedBy == null) {
          return a.droppedBy == null ? -1 : 1;
        }
        int byFilter = b.droppedBy.compareTo(a.droppedBy);
        return byFilter != 0 ? byFilter : a.id().compareTo(b.id());
      };

  private record Looked(Member member, @Nullable Filter droppedBy, double score) {
    String id() {
      return member.agent().id();
    }

    Filter dropped() {
      if (droppedBy == null) {
        throw new IllegalStateException(id() + " was scored, not dropped");
      }
      return droppedBy;
    }
  }
}
