package io.ligature.router.routing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What each router may use of each quota. All routers fold the same reports in the order of one
 * log, so that all of them know the same.
 *
 * <p>A report tells what its router gives back, what it has found in use, and what it wants; what
 * is free then goes to those that want more, the longest waiting first. The permits of calls that
 * go with a partition to another router count for both until the other has claimed the partition. A
 * router that is silent for longer than {@link #LEASE}, or has said that it leaves, is struck off
 * once others have claimed all its partitions, and have thereby told what of it is in use. So the
 * sum of what all may use, plus what is in use beyond that, is never above the limit.
 */
public final class Ledger {

  /** A router that was silent for longer may be struck off; after half of it, it uses nothing. */
  public static final Duration LEASE = Duration.ofSeconds(10);

  private final TreeMap<String, Entry> entries = new TreeMap<>();
  private final TreeMap<Key, Long> limits = new TreeMap<>();

  /** What is limited of which quota. */
  public record Key(String quota, Permit permit) implements Comparable<Key> {
    private static final Comparator<Key> ORDER =
        Comparator.comparing(Key::quota).thenComparing(Key::permit);

    @Override
    public int compareTo(Key other) {
      return ORDER.compare(this, other);
    }
  }

  /**
   * @param limit of the quota, as the router knows it
   * @param change of what the router may use: below 0 it gives back, above 0 it has found more in
   *     use than it had
   * @param wanted that it would like to be able to use in all
   */
  public record Line(Key key, long limit, long change, long wanted) {}

  /**
   * @param sequence number of the report among those of its router
   * @param generation of the group's distribution of partitions
   * @param at epoch milliseconds
   * @param leaving true: it uses nothing any more
   */
  public record Report(
      String router,
      long sequence,
      int generation,
      Set<Integer> partitions,
      long at,
      boolean leaving,
      List<Line> lines) {}

  /** What is known of one router, for one that begins to fold in the middle of the log. */
  public record Known(
      String router,
      int generation,
      Set<Integer> partitions,
      long at,
      boolean leaving,
      List<Row> rows) {}

  /**
   * @param since offset of the report from which on it has wanted more than it may use; negative:
   *     it does not
   */
  public record Row(Key key, long limit, long allotted, long wanted, long since) {}

  private static final class Entry {
    int generation;
    Set<Integer> partitions = Set.of();
    long at;
    boolean leaving;
    final TreeMap<Key, Share> shares = new TreeMap<>();
  }

  private static final class Share {
    long allotted;
    long wanted;
    long since = -1;

    boolean starves() {
      return allotted < wanted;
    }
  }

  /** Takes in the report at an offset. Reports come in the order of the log, each once. */
  public void fold(long offset, Report report) {
    Entry entry = entries.computeIfAbsent(report.router(), any -> new Entry());
    entry.generation = report.generation();
    entry.partitions = Set.copyOf(report.partitions());
    entry.at = report.at();
    entry.leaving = report.leaving();
    for (Line line : report.lines()) {
      Share share = entry.shares.computeIfAbsent(line.key(), any -> new Share());
      share.allotted = Math.max(0, share.allotted + line.change());
      share.wanted = line.wanted();
      limits.put(line.key(), line.limit());
    }
    entry.shares.values().removeIf(share -> share.allotted == 0 && share.wanted == 0);
    entries
        .entrySet()
        .removeIf(each -> !each.getKey().equals(report.router()) && gone(each, report.at()));
    limits.keySet().forEach(key -> distribute(key, offset));
  }

  private boolean gone(Map.Entry<String, Entry> each, long at) {
    Entry entry = each.getValue();
    return (entry.leaving || entry.at + LEASE.toMillis() < at)
        && entry.partitions.stream()
            .allMatch(partition -> claimed(partition, each.getKey(), entry.generation));
  }

  /** True when another router has claimed the partition since that generation. */
  boolean claimed(int partition, String router, int generation) {
    for (Map.Entry<String, Entry> each : entries.entrySet()) {
      if (!each.getKey().equals(router)
          && each.getValue().generation >= generation
          && each.getValue().partitions.contains(partition)) {
        return true;
      }
    }
    return false;
  }

  private void distribute(Key key, long offset) {
    long free = limits.getOrDefault(key, 0L);
    List<Share> starving = new ArrayList<>();
    for (Entry entry : entries.values()) {
      Share share = entry.shares.get(key);
      if (share == null) {
        continue;
      }
      free -= share.allotted;
      if (share.starves() && !entry.leaving) {
        share.since = share.since < 0 ? offset : share.since;
        starving.add(share);
      } else {
        share.since = -1;
      }
    }
    // The sort is stable, so that routers that began at once come by name.
    starving.sort(Comparator.comparingLong(share -> share.since));
    for (Share share : starving) {
      long grant = Math.clamp(share.wanted - share.allotted, 0, Math.max(0, free));
      share.allotted += grant;
      free -= grant;
      if (!share.starves()) {
        share.since = -1;
      }
    }
  }

  public boolean knows(String router) {
    return entries.containsKey(router);
  }

  /** Epoch milliseconds of its last report; a long time ago when it is not known. */
  long lastReport(String router) {
    Entry entry = entries.get(router);
    return entry == null ? Long.MIN_VALUE / 2 : entry.at;
  }

  /** True when that is what it said last. */
  boolean says(String router, int generation, Set<Integer> partitions, boolean leaving) {
    Entry entry = entries.get(router);
    return entry != null
        && entry.generation == generation
        && entry.leaving == leaving
        && entry.partitions.equals(partitions);
  }

  /** What the router may use. */
  public long allotted(String router, Key key) {
    Share share = share(router, key);
    return share == null ? 0 : share.allotted;
  }

  long wanted(String router, Key key) {
    Share share = share(router, key);
    return share == null ? 0 : share.wanted;
  }

  long limit(Key key) {
    return limits.getOrDefault(key, -1L);
  }

  /** Of what the router has a share. */
  Set<Key> keys(String router) {
    Entry entry = entries.get(router);
    return entry == null ? Set.of() : Set.copyOf(entry.shares.keySet());
  }

  /** Routers that do not leave. */
  public int living() {
    return (int) entries.values().stream().filter(entry -> !entry.leaving).count();
  }

  /** True when another router wants more than it may use. */
  boolean othersStarve(String router, Key key) {
    for (Map.Entry<String, Entry> each : entries.entrySet()) {
      Share share = each.getValue().shares.get(key);
      if (share != null && share.since >= 0 && !each.getKey().equals(router)) {
        return true;
      }
    }
    return false;
  }

  /** True when the router has wanted more for longer than any other. */
  boolean starvesLongest(String router, Key key) {
    Share own = share(router, key);
    if (own == null || own.since < 0) {
      return false;
    }
    for (Map.Entry<String, Entry> each : entries.entrySet()) {
      Share share = each.getValue().shares.get(key);
      if (share != null && share.since >= 0 && share.since < own.since) {
        return false;
      }
    }
    return true;
  }

  private @Nullable Share share(String router, Key key) {
    Entry entry = entries.get(router);
    return entry == null ? null : entry.shares.get(key);
  }

  /** All that is known. */
  public List<Known> known() {
    List<Known> known = new ArrayList<>();
    entries.forEach(
        (router, entry) -> {
          List<Row> rows = new ArrayList<>();
          entry.shares.forEach(
              (key, share) ->
                  rows.add(
                      new Row(
                          key,
                          limits.getOrDefault(key, 0L),
                          share.allotted,
                          share.wanted,
                          share.since)));
          known.add(
              new Known(router, entry.generation, entry.partitions, entry.at, entry.leaving, rows));
        });
    return known;
  }

  /** A ledger that goes on from what another one knew. */
  public static Ledger of(List<Known> known) {
    Ledger ledger = new Ledger();
    for (Known each : known) {
      Entry entry = new Entry();
      entry.generation = each.generation();
      entry.partitions = Set.copyOf(each.partitions());
      entry.at = each.at();
      entry.leaving = each.leaving();
      for (Row row : each.rows()) {
        Share share = new Share();
        share.allotted = row.allotted();
        share.wanted = row.wanted();
        share.since = row.since();
        entry.shares.put(row.key(), share);
        ledger.limits.put(row.key(), row.limit());
      }
      ledger.entries.put(each.router(), entry);
    }
    return ledger;
  }
}
