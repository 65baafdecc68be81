package io.ligature.router.routing;

import io.ligature.router.routing.Ledger.Line;
import io.ligature.router.routing.Ledger.Report;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What one router says to the {@link Ledger}, and what it lets itself use.
 *
 * <p>Alone, it takes all. With others it asks when it needs more, keeps what it has while nobody
 * else wants it, and gives back what it does not use as soon as somebody does; beyond its fair part
 * it then keeps only what it was granted less than a turn ago, so that permits that are fewer than
 * the routers go round. The one that has waited longest gives nothing back, so that a request that
 * needs more than a fair part comes through, too.
 */
public final class Stake {

  private static final long LEASE = Ledger.LEASE.toMillis();

  private final String router;
  private final long turn;
  private final long interval;
  private final Map<Integer, Moved> moved = new TreeMap<>();
  private final Map<Ledger.Key, Long> givingBack = new HashMap<>();
  private final Map<Ledger.Key, Long> had = new HashMap<>();
  private final Map<Ledger.Key, Long> grantedAt = new HashMap<>();
  private long sequence;
  private boolean awaiting;
  private int generation = -1;
  private Set<Integer> partitions = Set.of();
  private boolean leaving;

  /** What is in use in a partition that went to another router. */
  private record Moved(int generation, Map<Ledger.Key, Long> used) {}

  /**
   * @param turn how long a granted permit is kept although others want it
   * @param interval of reports when there is nothing to say
   */
  public Stake(String router, Duration turn, Duration interval) {
    this.router = router;
    this.turn = turn.toMillis();
    this.interval = interval.toMillis();
  }

  public String router() {
    return router;
  }

  /** Partitions were distributed anew. */
  public void took(int inGeneration, Set<Integer> ours) {
    generation = inGeneration;
    partitions = Set.copyOf(ours);
    moved.keySet().removeAll(ours);
  }

  /**
   * A partition goes to another router with what is in use in it.
   *
   * @param used in that partition, when it is given
   */
  public void gave(int partition, Map<Ledger.Key, Long> used) {
    if (!used.isEmpty()) {
      moved.put(partition, new Moved(generation, Map.copyOf(used)));
    }
  }

  /** The router ends: it takes no call any more. */
  public void leave() {
    leaving = true;
  }

  /** A report was folded, maybe of this router. */
  public void folded(Report report, Ledger ledger, long now) {
    if (report.router().equals(router) && report.sequence() == sequence) {
      awaiting = false;
      givingBack.clear();
    }
    for (Ledger.Key key : ledger.keys(router)) {
      long allotted = ledger.allotted(router, key);
      Long before = had.put(key, allotted);
      if (allotted > (before == null ? 0 : before)) {
        grantedAt.put(key, now);
      }
    }
  }

  /**
   * What is to be said now; null: nothing. The next one is made when this one was folded.
   *
   * @param waiting tasks that wait here
   */
  public @Nullable Report next(Ledger ledger, Fleet fleet, int waiting, long now) {
    if (awaiting) {
      return null;
    }
    List<Line> lines = new ArrayList<>();
    Map<Ledger.Key, Long> adopted = adopted(ledger);
    Set<Ledger.Key> ours = new java.util.TreeSet<>();
    for (Quota quota : fleet.quotas()) {
      for (Permit permit : Permit.values()) {
        long limit = quota.limits().of(permit);
        if (limit != Long.MAX_VALUE) {
          Ledger.Key key = new Ledger.Key(quota.key(), permit);
          ours.add(key);
          add(lines, line(ledger, quota, key, limit, adopted, waiting, now), ledger);
        }
      }
    }
    for (Ledger.Key key : ledger.keys(router)) {
      if (!ours.contains(key)) {
        long all = ledger.allotted(router, key);
        add(lines, new Line(key, ledger.limit(key), -all, 0), ledger);
      }
    }
    boolean due = now - ledger.lastReport(router) >= interval;
    if (lines.isEmpty() && !due && ledger.says(router, generation, partitions, leaving)) {
      return null;
    }
    for (Line line : lines) {
      if (line.change() < 0) {
        givingBack.put(line.key(), -line.change());
      }
    }
    moved.values().removeIf(each -> each.used.isEmpty());
    awaiting = true;
    sequence++;
    return new Report(router, sequence, generation, partitions, now, leaving, lines);
  }

  private void add(List<Line> lines, Line line, Ledger ledger) {
    if (line.change() != 0
        || line.wanted() != ledger.wanted(router, line.key())
        || line.limit() != ledger.limit(line.key())) {
      lines.add(line);
    }
  }

  /** What others have taken over since they claimed its partitions. It is given back. */
  private Map<Ledger.Key, Long> adopted(Ledger ledger) {
    Map<Ledger.Key, Long> adopted = new HashMap<>();
    moved
        .entrySet()
        .removeIf(
            each -> {
              boolean claimed =
                  ledger.claimed(each.getKey(), router, each.getValue().generation + 1);
              if (claimed) {
                each.getValue().used.forEach((key, used) -> adopted.merge(key, used, Long::sum));
              }
              return claimed;
            });
    return adopted;
  }

  private Line line(
      Ledger ledger,
      Quota quota,
      Ledger.Key key,
      long limit,
      Map<Ledger.Key, Long> adopted,
      int waiting,
      long now) {
    long gone = Math.min(adopted.getOrDefault(key, 0L), ledger.allotted(router, key));
    long own = ledger.allotted(router, key) - gone - moved(key);
    long used = quota.used(key.permit(), now);
    if (waiting == 0) {
      quota.askNothing();
    }
    long asked = quota.asked(key.permit());
    long wanted = leaving ? 0 : wanted(ledger, key, limit, used, asked, waiting);
    long change = -gone;
    if (used > own) {
      change += used - own;
    } else if (leaving || (ledger.living() > 1 && ledger.othersStarve(router, key))) {
      change -= Math.max(0, own - kept(ledger, key, limit, used, asked, own, now));
    }
    return new Line(key, limit, change, wanted);
  }

  /** While others go without, no more than comes next, or a fair part. */
  private long wanted(
      Ledger ledger, Ledger.Key key, long limit, long used, long asked, int waiting) {
    if (ledger.living() <= 1) {
      return limit;
    }
    if (asked == 0) {
      return 0;
    }
    long all = used + saturated(asked, Math.max(1, waiting));
    long next = Math.max(used + asked, limit / ledger.living());
    return Math.min(limit, ledger.othersStarve(router, key) ? Math.min(all, next) : all);
  }

  private static long saturated(long asked, int times) {
    return asked > Long.MAX_VALUE / 4 / times ? Long.MAX_VALUE / 4 : asked * times;
  }

  private long kept(
      Ledger ledger, Ledger.Key key, long limit, long used, long asked, long own, long now) {
    if (leaving) {
      return used;
    }
    if (ledger.starvesLongest(router, key) || (asked > 0 && inTurn(key, now))) {
      return own;
    }
    long fair = limit / Math.max(1, ledger.living());
    return asked > 0 && used + Math.min(asked, limit) <= fair ? Math.max(used, fair) : used;
  }

  private boolean inTurn(Ledger.Key key, long now) {
    return now - grantedAt.getOrDefault(key, Long.MIN_VALUE / 2) < turn;
  }

  private long moved(Ledger.Key key) {
    long sum = 0;
    for (Moved each : moved.values()) {
      sum += each.used.getOrDefault(key, 0L);
    }
    return sum;
  }

  /**
   * Lets the quotas use what the ledger allows.
   *
   * @return the quotas that may use more than before
   */
  public List<Quota> allow(Ledger ledger, Fleet fleet, long now) {
    boolean fresh = !leaving && now - ledger.lastReport(router) <= LEASE / 2;
    List<Quota> more = new ArrayList<>();
    for (Quota quota : fleet.quotas()) {
      Limits before = quota.allowance();
      Limits limits = quota.limits();
      Limits after =
          new Limits(
              fresh ? part(ledger, quota, Permit.CALLS, now) : none(limits.calls()),
              fresh ? part(ledger, quota, Permit.REQUESTS, now) : none(limits.requests()),
              fresh ? part(ledger, quota, Permit.TOKENS, now) : none(limits.tokens()));
      quota.allow(after);
      if (after.calls() > before.calls()
          || after.requests() > before.requests()
          || after.tokens() > before.tokens()) {
        more.add(quota);
      }
    }
    return more;
  }

  private static long none(long limit) {
    return limit == Long.MAX_VALUE ? limit : 0;
  }

  private long part(Ledger ledger, Quota quota, Permit permit, long now) {
    long limit = quota.limits().of(permit);
    if (limit == Long.MAX_VALUE) {
      return limit;
    }
    Ledger.Key key = new Ledger.Key(quota.key(), permit);
    long own = ledger.allotted(router, key) - moved(key) - givingBack.getOrDefault(key, 0L);
    if (ledger.living() > 1
        && ledger.othersStarve(router, key)
        && !ledger.starvesLongest(router, key)
        && !inTurn(key, now)) {
      own = Math.min(own, limit / ledger.living());
    }
    return Math.clamp(own, 0, limit);
  }
}
