package io.ligature.router.routing;

import io.ligature.schemas.Money;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What keeps an agent from a task, and how to say so. */
final class Filters {

  private final long executorTimeout;

  Filters(RoutingSettings settings) {
    this.executorTimeout = settings.executorTimeout().toMillis();
  }

  /** The first that drops it; null: none. */
  @Nullable Filter of(
      RoutingRequest request, Offer offer, double estimate, boolean priceKnown, long now) {
    Agent agent = offer.agent();
    Filter filter = registered(request, agent);
    if (filter == null && agent.shadow()) {
      filter = Filter.SHADOW;
    }
    if (filter == null && outOfGroup(request, agent)) {
      filter = Filter.WEIGHT;
    }
    if (filter == null) {
      filter = available(request, offer, now);
    }
    if (filter == null) {
      filter = priced(request, agent, estimate, priceKnown);
    }
    return filter == null ? wanted(request, agent) : filter;
  }

  /** The first that keeps it from a copy for comparison. What that costs is not the task's. */
  @Nullable Filter ofCopy(RoutingRequest request, Offer offer, long now) {
    Filter filter = registered(request, offer.agent());
    return filter == null ? available(request, offer, now) : filter;
  }

  /** True when it could take the task at some time, as it is registered now. */
  boolean everTakes(RoutingRequest request, Offer offer) {
    Agent agent = offer.agent();
    return registered(request, agent) == null
        && !agent.shadow()
        && !outOfGroup(request, agent)
        && priced(request, agent, offer.estimate(request), agent.price().told()) == null
        && wanted(request, agent) == null;
  }

  private static @Nullable Filter registered(RoutingRequest request, Agent agent) {
    if (!agent.serves(request.tenant())) {
      return Filter.ACCESS;
    }
    if (request.inputTokens() > agent.contextWindow()
        || request.largerContextThan() >= agent.contextWindow()
        || (request.largerContextThan() >= 0 && agent.contextWindow() == Long.MAX_VALUE)) {
      return Filter.CONTEXT_WINDOW;
    }
    return agent.draining() ? Filter.DRAINING : null;
  }

  /** A task that names the agent may try it before it has a share. */
  private static boolean outOfGroup(RoutingRequest request, Agent agent) {
    return agent.weight() == 0 && !agent.id().equals(request.hints().pin());
  }

  private @Nullable Filter available(RoutingRequest request, Offer offer, long now) {
    Member member = offer.member();
    if (!member.alive(now - executorTimeout)) {
      return Filter.HEALTH;
    }
    if (member.cooldownMillis() > now) {
      return Filter.COOLDOWN;
    }
    if (!member.health().breaker().takesCall(now)) {
      return Filter.BREAKER;
    }
    if (!member.quota().takesRequest(now, offer.tokens(request))) {
      return Filter.RATE;
    }
    return member.quota().takesCall(now, executorTimeout) ? null : Filter.CONCURRENCY;
  }

  private static @Nullable Filter priced(
      RoutingRequest request, Agent agent, double estimate, boolean priceKnown) {
    if (!priceKnown) {
      return agent.registration().getAllowUnknownPrice() ? null : Filter.UNKNOWN_PRICE;
    }
    Money maxCost = request.maxCost();
    Money remaining = request.remaining();
    if (maxCost != null) {
      return estimate > maxCost.micros() ? Filter.MAX_COST : null;
    }
    // What an attempt may cost is held already and no longer among what remains.
    return remaining != null && estimate > remaining.micros() ? Filter.BUDGET : null;
  }

  private static @Nullable Filter wanted(RoutingRequest request, Agent agent) {
    if (request.excludedAgents().contains(agent.id())) {
      return Filter.EXCLUDED;
    }
    String pin = request.hints().pin();
    return pin == null || pin.equals(agent.id()) ? null : Filter.PINNED;
  }

  /**
   * When time alone lets it pass that filter, in epoch milliseconds; {@link Quota#UNKNOWN} when
   * that takes an event.
   */
  static long passesAt(Filter filter, RoutingRequest request, Offer offer, long now) {
    Member member = offer.member();
    return switch (filter) {
      case COOLDOWN -> member.cooldownMillis();
      case BREAKER -> member.health().breaker().takesCallAt();
      case RATE -> member.quota().takesRequestAt(now, offer.tokens(request));
      case ACCESS,
          SHADOW,
          CONTEXT_WINDOW,
          DRAINING,
          WEIGHT,
          HEALTH,
          CONCURRENCY,
          UNKNOWN_PRICE,
          MAX_COST,
          BUDGET,
          EXCLUDED,
          PINNED,
          FALLBACK_TIER ->
          Quota.UNKNOWN;
    };
  }

  String why(Filter filter, RoutingRequest request, Offer offer, Instant now) {
    Agent agent = offer.agent();
    Member member = offer.member();
    return switch (filter) {
      case ACCESS -> "does not serve the tenant '" + request.tenant() + "'";
      case SHADOW -> "a shadow: gets copies for comparison only";
      case CONTEXT_WINDOW -> window(request, agent);
      case DRAINING -> "draining";
      case WEIGHT -> "has no weight in the group '" + agent.registration().getGroup() + "'";
      case HEALTH -> "no executor of pool '" + agent.pool() + "' is alive" + since(member, now);
      case COOLDOWN -> cooling(member);
      case BREAKER ->
          member.health().breaker().probing()
              ? "failed too often; one call is trying it now"
              : "failed too often; tried again at "
                  + Instant.ofEpochMilli(member.health().breaker().takesCallAt());
      case RATE -> rate(request, offer, now.toEpochMilli());
      case CONCURRENCY -> concurrency(member.quota(), now.toEpochMilli());
      case UNKNOWN_PRICE ->
          agent.price().told()
              ? "price unknown: the one it told does not hold now; tell one, or set"
                  + " allowUnknownPrice"
              : "price unknown; tell one, or set allowUnknownPrice";
      case MAX_COST ->
          "expected to cost " + cost(request, offer) + ", more than maxCost " + request.maxCost();
      case BUDGET ->
          "expected to cost "
              + cost(request, offer)
              + ", more than the remaining "
              + request.remaining();
      case EXCLUDED -> "excluded by the task";
      case PINNED -> "the task names '" + request.hints().pin() + "'";
      case FALLBACK_TIER -> "tier " + agent.tier() + ": a lower tier can take it soon";
    };
  }

  private static String window(RoutingRequest request, Agent agent) {
    if (agent.contextWindow() == Long.MAX_VALUE) {
      return "its context window is unknown, and one of "
          + request.largerContextThan()
          + " tokens was too small";
    }
    return request.inputTokens() > agent.contextWindow()
        ? "about "
            + request.inputTokens()
            + " input tokens do not fit into a context window of "
            + agent.contextWindow()
        : "a context window of "
            + request.largerContextThan()
            + " tokens was too small, and it has "
            + agent.contextWindow();
  }

  private static String cooling(Member member) {
    String until = "cooling down until " + member.cooldownUntil();
    return member.quota().pause().until() > member.health().pause().until()
        ? until + " with its quota " + member.quota().key()
        : until;
  }

  private static String rate(RoutingRequest request, Offer offer, long now) {
    Quota quota = offer.member().quota();
    StringBuilder text = new StringBuilder("no room in this minute of ").append(quota.key());
    if (quota.limits().requests() != Long.MAX_VALUE) {
      text.append(": ").append(quota.used(Permit.REQUESTS, now));
      text.append(" of ").append(quota.limits().requests()).append(" requests");
    }
    if (quota.limits().tokens() != Long.MAX_VALUE) {
      text.append(": ").append(quota.used(Permit.TOKENS, now));
      text.append(" of ").append(quota.limits().tokens()).append(" tokens, and about ");
      text.append(offer.tokens(request)).append(" are needed");
    }
    return text.append(part(quota)).toString();
  }

  private String concurrency(Quota quota, long now) {
    return "takes "
        + quota.limits().calls()
        + " at once and has "
        + quota.load(now, executorTimeout)
        + part(quota);
  }

  private static String part(Quota quota) {
    return quota.allowance().equals(quota.limits())
        ? ""
        : "; other routers hold a part of the limit";
  }

  private static Money cost(RoutingRequest request, Offer offer) {
    return new Money((long) Math.ceil(offer.estimate(request)));
  }

  private static String since(Member member, Instant now) {
    Instant heartbeat = member.heartbeat();
    return heartbeat == null
        ? ": none was ever heard of"
        : ": the last heartbeat is "
            + Math.max(0, Duration.between(heartbeat, now).toSeconds())
            + " s old";
  }
}
