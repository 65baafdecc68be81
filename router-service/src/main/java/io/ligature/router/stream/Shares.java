package io.ligature.router.stream;

import io.ligature.router.routing.Ended;
import io.ligature.router.routing.Fleet;
import io.ligature.router.routing.Ledger;
import io.ligature.router.routing.Quota;
import io.ligature.router.routing.Quota.Charge;
import io.ligature.router.stream.SeenAttempts.Seen;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The partitions that are ours: which of their attempts were assigned, and what those still hold of
 * their quotas.
 *
 * <p>A copy for comparison holds like the attempt itself, under a name of its own. Of a partition
 * that goes to another router nothing is left here, because the other reads all of it in the log.
 */
final class Shares {

  private final RouterSettings settings;
  private final Fleet fleet;
  private final Consumer<Quota> freed;
  private final Map<Integer, Share> shares = new HashMap<>();
  private BiConsumer<Integer, Map<Ledger.Key, Long>> given = (partition, used) -> {};

  /**
   * @param freed is told of quotas that may have room now
   */
  Shares(RouterSettings settings, Fleet fleet, Consumer<Quota> freed) {
    this.settings = settings;
    this.fleet = fleet;
    this.freed = freed;
  }

  /** From now on it is told what is in use in a partition that is given away. */
  void tell(BiConsumer<Integer, Map<Ledger.Key, Long>> listener) {
    given = listener;
  }

  /** What is known of one partition. */
  static final class Share {
    final int partition;
    final OffsetTracker offsets;
    final SeenAttempts seen;
    final Set<String> cancelled;
    private final Map<String, Open> open = new LinkedHashMap<>();

    Share(int partition, RouterSettings settings, long position) {
      this.partition = partition;
      offsets = new OffsetTracker(position);
      seen = new SeenAttempts(settings.seenPerPartition(), settings.seenAge());
      cancelled = new BoundedSet(settings.seenPerPartition());
    }
  }

  private record Open(Charge charge, Instant assignedAt) {}

  /** The name under which a copy is held. */
  static String copy(String attempt, String agent) {
    return attempt + "/shadow/" + agent;
  }

  @Nullable Share of(int partition) {
    return shares.get(partition);
  }

  Set<Integer> partitions() {
    return shares.keySet();
  }

  /**
   * @param position first ready record that will be read
   * @param assigned what the log says was assigned already, by attempt, oldest first
   * @param copies the same of copies, by {@link #copy}
   */
  void take(int partition, long position, Map<String, Seen> assigned, Map<String, Seen> copies) {
    Share share = new Share(partition, settings, position);
    shares.put(partition, share);
    long output = settings.expectedOutputTokens();
    assigned.forEach(
        (attempt, seen) -> assigned(share, attempt, seen, seen.inputTokens() + output));
    copies.forEach((name, seen) -> hold(share, name, seen, seen.inputTokens() + output));
  }

  /** Null when it was not ours. */
  @Nullable Share give(int partition) {
    Share share = shares.remove(partition);
    if (share != null) {
      List<Charge> open = share.open.values().stream().map(Open::charge).toList();
      given.accept(partition, fleet.usedIn(partition, open));
      open.forEach(fleet::released);
      fleet.moved(partition);
      fleet.quotas().forEach(freed);
    }
    return share;
  }

  /** The attempt has its agent; charged once, however often it is said. */
  void assigned(Share share, String attempt, Seen seen, long tokens) {
    if (share.seen.add(attempt, seen)) {
      hold(share, attempt, seen, tokens);
    }
  }

  /** A copy was sent. */
  void copied(Share share, String attempt, Seen seen, long tokens) {
    hold(share, copy(attempt, seen.agent()), seen, tokens);
  }

  private void hold(Share share, String name, Seen seen, long tokens) {
    Charge charge = fleet.assigned(seen.agent(), share.partition, seen.assignedAt(), tokens);
    share.open.put(name, new Open(charge, seen.assignedAt()));
  }

  /** An attempt or a copy has its result. */
  void ended(Share share, String name, Ended ended, Instant now) {
    Open open = share.open.remove(name);
    if (open != null) {
      Quota before = open.charge.quota();
      fleet.ended(open.charge, ended, now);
      freed.accept(before);
      if (open.charge.quota() != before) {
        freed.accept(open.charge.quota());
      }
    }
  }

  /** Nobody waits for an attempt or a copy any more. */
  void abandon(Share share, String name) {
    Open open = share.open.remove(name);
    if (open != null) {
      fleet.released(open.charge);
      fleet.abandoned(open.charge.agent(), name);
      freed.accept(open.charge.quota());
    }
  }

  /** Forgets what is too old or too much. */
  void evict(Instant now) {
    for (Share share : shares.values()) {
      List<String> gone = share.seen.evict(now);
      gone.forEach(attempt -> abandon(share, attempt));
    }
  }

  /** When the oldest attempt without a result was assigned; null when there is none. */
  @Nullable Instant oldestOpen(int partition) {
    Share share = shares.get(partition);
    if (share == null || share.open.isEmpty()) {
      return null;
    }
    return share.open.values().iterator().next().assignedAt;
  }
}
