package io.ligature.router.routing;

import io.ligature.avro.AgentStatus;
import io.ligature.avro.Calibration;
import io.ligature.router.routing.Quota.Charge;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The agents, how they do in their executors, and what is assigned to them without a result.
 *
 * <p>A table in memory for one thread. Status may come before its registration and outlives it, so
 * that an agent that is put again is known at once.
 */
public final class Fleet {

  /** Agents that are reported without being registered, of which figures are kept. */
  static final int UNREGISTERED_KEPT = 1_000;

  /** The agent of a heartbeat that is about no agent. */
  private static final String ANY_AGENT = "*";

  private static final String RATE_LIMITED = "rate_limited";

  private final RoutingSettings settings;
  private final Map<String, Member> members = new TreeMap<>();
  private final Map<String, Health> healths = new LinkedHashMap<>();
  private final Map<String, Quota> quotas = new TreeMap<>();
  private final Map<String, Integer> outstanding = new HashMap<>();
  private final Map<String, Member.Pool> pools = new HashMap<>();
  private final Map<String, Map<String, TrackRecord>> tracks = new HashMap<>();
  private final Map<String, Map<String, Calibration>> calibrations = new HashMap<>();
  private Map<String, Offers> byCapability = Map.of();
  private boolean governed;

  public Fleet() {
    this(RoutingSettings.DEFAULTS);
  }

  public Fleet(RoutingSettings settings) {
    this.settings = settings;
  }

  /** Puts a registration in, or in the place of the former one of that id. */
  public void register(Agent agent) {
    Member before = members.get(agent.id());
    if (before != null) {
      leaveQuota(before);
    }
    Quota quota = quotas.computeIfAbsent(agent.quota(), this::open);
    Member member = new Member(agent, pool(agent.pool()), health(agent.id()), quota, before);
    member.outstanding(outstanding.getOrDefault(agent.id(), 0));
    quota.join(member);
    member.health().reports().forEach(status -> limited(quota, status));
    members.put(agent.id(), member);
    index();
  }

  public void remove(String agent) {
    Member member = members.remove(agent);
    if (member != null) {
      leaveQuota(member);
      index();
    }
  }

  private Quota open(String key) {
    Quota quota = new Quota(key);
    if (governed) {
      quota.govern();
    }
    return quota;
  }

  /** From now on the quotas use only what the {@link Stake} allows. */
  public void govern() {
    governed = true;
    quotas.values().forEach(Quota::govern);
  }

  private void leaveQuota(Member member) {
    Quota quota = member.quota();
    quota.leave(member);
    if (quota.unused()) {
      quotas.remove(quota.key());
    }
  }

  /**
   * Takes a status. A heartbeat from the future counts as of now, so that an executor whose clock
   * is ahead does not live on after its death.
   *
   * @return true when it brought the pool back to life
   */
  public boolean report(AgentStatus status, Instant now) {
    long at = Math.min(status.getHeartbeatAt().toEpochMilli(), now.toEpochMilli());
    Member.Pool pool = pool(status.getPool());
    boolean revived = at - pool.heartbeat > settings.executorTimeout().toMillis();
    pool.heartbeat = Math.max(pool.heartbeat, at);
    if (status.getAgent().equals(ANY_AGENT)) {
      return revived;
    }
    if (status.getHeartbeatAt().isAfter(now)) {
      status = AgentStatus.newBuilder(status).setHeartbeatAt(now).build();
    }
    health(status.getAgent()).report(status, now.toEpochMilli(), settings);
    Member member = members.get(status.getAgent());
    if (member != null) {
      member.quota().recount();
      limited(member.quota(), status);
    }
    return revived;
  }

  /** A provider that refuses calls refuses them to all who share the quota. */
  private static void limited(Quota quota, AgentStatus status) {
    Instant cooldown = status.getCooldownUntil();
    if (cooldown != null && RATE_LIMITED.equals(status.getCooldownReason())) {
      quota.pause().atLeastUntil(cooldown.toEpochMilli());
    }
  }

  /** The executor has said that it is gone. */
  public void forget(String agent, String executor) {
    Health health = healths.get(agent);
    if (health != null && health.forget(executor)) {
      Member member = members.get(agent);
      if (member != null) {
        member.quota().recount();
      } else if (health.unknown()) {
        healths.remove(agent);
      }
    }
  }

  /** What the events tell of an agent at a capability; takes the place of what they told before. */
  public void track(String agent, String capability, TrackRecord record) {
    tracks.computeIfAbsent(agent, any -> new HashMap<>()).put(capability, record);
    Offer offer = offering(capability).of(agent);
    if (offer != null) {
      offer.track(record);
    }
  }

  /** {@link TrackRecord#NONE} when nothing is known. */
  public TrackRecord trackOf(String agent, String capability) {
    return tracks.getOrDefault(agent, Map.of()).getOrDefault(capability, TrackRecord.NONE);
  }

  /** How claimed confidences of an agent at a capability are corrected; null: not at all. */
  public void calibrate(String agent, String capability, @Nullable Calibration curve) {
    Map<String, Calibration> known = calibrations.computeIfAbsent(agent, any -> new HashMap<>());
    if (curve == null) {
      known.remove(capability);
    } else {
      known.put(capability, curve);
    }
  }

  public @Nullable Calibration calibrationOf(String agent, String capability) {
    return calibrations.getOrDefault(agent, Map.of()).get(capability);
  }

  /**
   * Charges a call. An agent that is not registered any more is charged to a quota of its own.
   *
   * @param partition of the task
   * @param tokens that the call is expected to take
   */
  public Charge assigned(String agent, int partition, Instant at, long tokens) {
    change(agent, 1);
    Member member = members.get(agent);
    Quota quota =
        member != null ? member.quota() : quotas.computeIfAbsent(Quota.ofAgent(agent), Quota::new);
    return quota.charge(agent, partition, at.toEpochMilli(), tokens);
  }

  /** The call has ended, or nobody waits for it any more. What it counts in the minute stays. */
  public void released(Charge charge) {
    if (charge.close()) {
      change(charge.agent(), -1);
    }
  }

  /**
   * What is in use in a partition.
   *
   * @param open its calls without a result
   */
  public Map<Ledger.Key, Long> usedIn(int partition, Collection<Charge> open) {
    Map<Ledger.Key, Long> used = new HashMap<>();
    for (Charge each : open) {
      used.merge(new Ledger.Key(each.quota().key(), Permit.CALLS), 1L, Long::sum);
    }
    quotas.values().forEach(quota -> quota.addUsedIn(partition, used));
    return used;
  }

  /** The partition is another router's now, and so is what its calls count in the minute. */
  public void moved(int partition) {
    quotas.values().forEach(quota -> quota.moved(partition));
    quotas.values().removeIf(Quota::unused);
  }

  /** The call counts nothing any more. */
  public void dropped(Charge charge) {
    released(charge);
    charge.drop();
  }

  /** Takes a result in: what it served, who served it, and what it says about the agent. */
  public void ended(Charge charge, Ended ended, Instant now) {
    Health health = healths.get(charge.agent());
    if (health != null) {
      health.ended(ended.executor(), ended.at().toEpochMilli());
      breaker(health, ended, now);
    }
    Quota assigned = charge.quota();
    assigned.recount();
    if (!ended.called()) {
      dropped(charge);
      return;
    }
    Quota served = ended.model() == null ? null : quotas.get(Quota.named(ended.model()));
    if (served != null && served != assigned) {
      charge.move(served);
    }
    if (ended.tokens() >= 0) {
      charge.correct(ended.tokens());
    }
    Member member = members.get(charge.agent());
    if (member != null && ended.cachedShare() >= 0) {
      member.cached(ended.cachedShare());
    }
    if (ended.kind() == null) {
      charge.quota().pause().wentWell();
    } else if (ended.kind().equals(RATE_LIMITED)) {
      charge
          .quota()
          .pause()
          .begin(
              ended.at().toEpochMilli(),
              ended.retryAfter(),
              settings.cooldown(),
              settings.longestCooldown());
    }
    released(charge);
  }

  private void breaker(Health health, Ended ended, Instant now) {
    if (ended.kind() == null || Ended.AGENTS_FAULT.contains(ended.kind())) {
      health
          .breaker()
          .ended(
              ended.attempt(),
              ended.kind() == null,
              health.reports(),
              now.toEpochMilli(),
              settings);
    } else {
      health.breaker().abandoned(ended.attempt());
    }
  }

  /** A call goes to an agent; when its breaker is half open, this is the one that tries. */
  public void called(String agent, String attempt) {
    Health health = healths.get(agent);
    if (health != null) {
      health.breaker().called(attempt);
    }
  }

  /** Nobody waits for the call any more, however it ends. */
  public void abandoned(String agent, String attempt) {
    Health health = healths.get(agent);
    if (health != null) {
      health.breaker().abandoned(attempt);
    }
  }

  public @Nullable Member member(String agent) {
    return members.get(agent);
  }

  public Collection<Member> members() {
    return members.values();
  }

  /** By key. */
  public Collection<Quota> quotas() {
    return quotas.values();
  }

  public @Nullable Quota quota(String key) {
    return quotas.get(key);
  }

  /** Null when the agent does not offer the capability that the request needs. */
  public @Nullable Worth worth(String agent, RoutingRequest request, Instant now) {
    Offer offer = offering(request.capability()).of(agent);
    if (offer == null) {
      return null;
    }
    offer.refresh(settings);
    return Worth.of(offer, request, now.toEpochMilli());
  }

  Offers offering(String capability) {
    return byCapability.getOrDefault(capability, Offers.NONE);
  }

  private void change(String agent, int by) {
    int now = Math.max(0, outstanding.getOrDefault(agent, 0) + by);
    if (now == 0) {
      outstanding.remove(agent);
    } else {
      outstanding.put(agent, now);
    }
    Member member = members.get(agent);
    if (member != null) {
      member.outstanding(now);
    }
  }

  private Member.Pool pool(String name) {
    return pools.computeIfAbsent(name, any -> new Member.Pool());
  }

  private Health health(String agent) {
    Health known = healths.get(agent);
    if (known != null) {
      return known;
    }
    if (healths.size() >= members.size() + UNREGISTERED_KEPT) {
      healths.keySet().stream()
          .filter(each -> !members.containsKey(each))
          .findFirst()
          .ifPresent(healths::remove);
    }
    Health fresh = new Health();
    healths.put(agent, fresh);
    return fresh;
  }

  private void index() {
    Map<String, Offers> fresh = new HashMap<>();
    for (Member member : members.values()) {
      for (String capability : member.agent().capabilities()) {
        fresh
            .computeIfAbsent(capability, any -> new Offers())
            .add(member, trackOf(member.agent().id(), capability));
      }
    }
    byCapability = fresh;
  }
}
