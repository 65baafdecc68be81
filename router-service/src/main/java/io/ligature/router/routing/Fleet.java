package io.ligature.router.routing;

import io.ligature.avro.AgentStatus;
import io.ligature.avro.Calibration;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The agents, how they do in their executors, and what is assigned to them without a result.
 *
 * <p>A table in memory for one thread. Status may come before its registration and outlives it, so
 * that an agent that is put again is known at once. Only statuses of living executors count as
 * calls in flight: a dead executor calls nobody.
 */
public final class Fleet {

  private static final Duration STATUS_KEPT = Duration.ofHours(1);
  private static final int EXECUTORS_PER_AGENT = 64;

  private final Map<String, Member> members = new TreeMap<>();
  private final Map<String, Map<String, AgentStatus>> statuses = new HashMap<>();
  private final Map<String, Integer> outstanding = new HashMap<>();
  private final Map<String, Pool> pools = new HashMap<>();
  private final Map<String, Map<String, TrackRecord>> tracks = new HashMap<>();
  private final Map<String, Map<String, Calibration>> calibrations = new HashMap<>();
  private Map<String, List<Member>> byCapability = Map.of();

  /** Puts a registration in, or in the place of the former one of that id. */
  public void register(Agent agent) {
    Member member = new Member(agent, pool(agent.pool()));
    member.outstanding = outstanding.getOrDefault(agent.id(), 0);
    member.count(statuses.getOrDefault(agent.id(), Map.of()).values());
    members.put(agent.id(), member);
    index();
  }

  public void remove(String agent) {
    if (members.remove(agent) != null) {
      index();
    }
  }

  /**
   * Takes a heartbeat.
   *
   * @return true when it brought the pool back to life
   */
  public boolean report(AgentStatus status, Duration executorTimeout) {
    Map<String, AgentStatus> known =
        statuses.computeIfAbsent(status.getAgent(), any -> new TreeMap<>());
    known.put(status.getExecutor(), status);
    forgetOld(known, status.getHeartbeatAt());
    Member member = members.get(status.getAgent());
    if (member != null) {
      member.count(known.values());
    }
    Pool pool = pool(status.getPool());
    long at = status.getHeartbeatAt().toEpochMilli();
    boolean revived = at - pool.heartbeat > executorTimeout.toMillis();
    pool.heartbeat = Math.max(pool.heartbeat, at);
    return revived;
  }

  /** The executor has said that it is gone. */
  public void forget(String agent, String executor) {
    Map<String, AgentStatus> known = statuses.get(agent);
    if (known != null && known.remove(executor) != null) {
      Member member = members.get(agent);
      if (member != null) {
        member.count(known.values());
      }
      if (known.isEmpty()) {
        statuses.remove(agent);
      }
    }
  }

  /** What the events tell of an agent at a capability; takes the place of what they told before. */
  public void track(String agent, String capability, TrackRecord record) {
    tracks.computeIfAbsent(agent, any -> new HashMap<>()).put(capability, record);
  }

  /** {@link TrackRecord#NONE} when nothing is known. */
  public TrackRecord trackOf(String agent, String capability) {
    return tracks.getOrDefault(agent, Map.of()).getOrDefault(capability, TrackRecord.NONE);
  }

  /**
   * The curve that corrects the agent's confidence at a capability; null: it is taken as claimed.
   */
  public void calibrate(String agent, String capability, @Nullable Calibration curve) {
    Map<String, Calibration> known = calibrations.computeIfAbsent(agent, any -> new HashMap<>());
    if (curve == null) {
      known.remove(capability);
    } else {
      known.put(capability, curve);
    }
  }

  /** Null when the confidence is taken as claimed. */
  public @Nullable Calibration calibrationOf(String agent, String capability) {
    return calibrations.getOrDefault(agent, Map.of()).get(capability);
  }

  public void assigned(String agent) {
    change(agent, 1);
  }

  public void released(String agent) {
    change(agent, -1);
  }

  public @Nullable Member member(String agent) {
    return members.get(agent);
  }

  public Collection<Member> members() {
    return members.values();
  }

  /** By id. */
  List<Member> offering(String capability) {
    return byCapability.getOrDefault(capability, List.of());
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
      member.outstanding = now;
    }
  }

  private Pool pool(String name) {
    return pools.computeIfAbsent(name, any -> new Pool());
  }

  private void index() {
    Map<String, List<Member>> fresh = new HashMap<>();
    for (Member member : members.values()) {
      for (String capability : member.agent.capabilities()) {
        fresh.computeIfAbsent(capability, any -> new ArrayList<>()).add(member);
      }
    }
    byCapability = fresh;
  }

  private static void forgetOld(Map<String, AgentStatus> known, Instant now) {
    known.values().removeIf(each -> each.getHeartbeatAt().isBefore(now.minus(STATUS_KEPT)));
    while (known.size() > EXECUTORS_PER_AGENT) {
      known.values().stream()
          .min(Comparator.comparing(AgentStatus::getHeartbeatAt))
          .ifPresent(oldest -> known.remove(oldest.getExecutor()));
    }
  }

  private static final class Pool {
    /** Epoch milliseconds of the newest heartbeat of any of its executors. */
    long heartbeat = Long.MIN_VALUE / 2;
  }

  /** One agent with its figures. */
  public static final class Member {
    private final Agent agent;
    private final Pool pool;
    private AgentStatus[] reports = {};
    private int outstanding;
    private long succeeded;
    private long failed;
    private long latencyMillis;
    private long cooldownUntil;

    Member(Agent agent, Pool pool) {
      this.agent = agent;
      this.pool = pool;
    }

    public Agent agent() {
      return agent;
    }

    /** Assigned by this router, without a result that it has seen. */
    public int outstanding() {
      return outstanding;
    }

    /** Calls in flight in living executors. */
    public int inFlight(Instant now, RoutingSettings settings) {
      return inFlight(now.toEpochMilli() - settings.executorTimeout().toMillis());
    }

    int inFlight(long aliveSince) {
      int sum = 0;
      for (AgentStatus report : reports) {
        if (report.getHeartbeatAt().toEpochMilli() >= aliveSince) {
          sum += report.getInFlight();
        }
      }
      return sum;
    }

    /** Calls that this agent has now, as far as anyone knows. */
    int load(long aliveSince) {
      return reports.length == 0 ? outstanding : Math.max(outstanding, inFlight(aliveSince));
    }

    public boolean alive(Instant now, RoutingSettings settings) {
      return alive(now.toEpochMilli() - settings.executorTimeout().toMillis());
    }

    boolean alive(long aliveSince) {
      return pool.heartbeat >= aliveSince;
    }

    /** Null when no executor of its pool was ever heard of. */
    public @Nullable Instant heartbeat() {
      return pool.heartbeat < 0 ? null : Instant.ofEpochMilli(pool.heartbeat);
    }

    /** Null when none was ever asked for. */
    public @Nullable Instant cooldownUntil() {
      return cooldownUntil == 0 ? null : Instant.ofEpochMilli(cooldownUntil);
    }

    long cooldownMillis() {
      return cooldownUntil;
    }

    public long succeeded() {
      return succeeded;
    }

    public long failed() {
      return failed;
    }

    /** Measured, or else as registered; null: unknown. */
    public @Nullable Duration latency() {
      return latencyMillis == Long.MAX_VALUE ? null : Duration.ofMillis(latencyMillis);
    }

    long latencyMillis() {
      return latencyMillis;
    }

    /** Posterior mean of a Beta distribution: the expectation counts as much as its weight. */
    public double acceptance(RoutingSettings settings) {
      Double told = agent.registration().getExpectedAcceptance();
      double expected = told == null ? settings.expectedAcceptance() : told;
      double weight = settings.priorWeight();
      return (expected * weight + succeeded) / (weight + succeeded + failed);
    }

    private void count(Collection<AgentStatus> known) {
      reports = known.toArray(AgentStatus[]::new);
      succeeded = 0;
      failed = 0;
      cooldownUntil = 0;
      long latencySum = 0;
      long measured = 0;
      for (AgentStatus report : reports) {
        succeeded += report.getSucceeded();
        failed += report.getFailed();
        Instant cooldown = report.getCooldownUntil();
        if (cooldown != null) {
          cooldownUntil = Math.max(cooldownUntil, cooldown.toEpochMilli());
        }
        Long latency = report.getRecentLatency();
        if (latency != null) {
          latencySum += latency;
          measured++;
        }
      }
      Long told = agent.registration().getExpectedLatency();
      latencyMillis = measured > 0 ? latencySum / measured : told != null ? told : Long.MAX_VALUE;
    }
  }
}
