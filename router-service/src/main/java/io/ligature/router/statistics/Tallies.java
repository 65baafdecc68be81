package io.ligature.router.statistics;

import io.ligature.avro.AgentStatistics;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The tallies of one partition: which events each has counted, and which have changed. */
final class Tallies {

  private final HalfLife halfLife;
  private final int most;
  private final long countFrom;
  private final LinkedHashMap<AgentAt, Tally> byAgent = new LinkedHashMap<>(16, 0.75f, true);
  private final Map<AgentAt, Long> countedBefore = new HashMap<>();
  private final Set<AgentAt> changed = new HashSet<>();
  private final Set<AgentAt> dropped = new HashSet<>();
  private long unattributed;

  /**
   * @param most the one that has not changed for longest makes room
   * @param countFrom what stands before that offset is counted already
   */
  Tallies(HalfLife halfLife, int most, long countFrom) {
    this.halfLife = halfLife;
    this.most = most;
    this.countFrom = countFrom;
  }

  void restore(AgentStatistics record) {
    AgentAt key = AgentAt.of(record);
    byAgent.put(key, Tally.of(record, halfLife));
    countedBefore.put(key, record.getNextOffset());
  }

  /**
   * The tally that an event changes.
   *
   * @param capability null: not known any more
   * @return null when the event is counted already, or cannot be
   */
  @Nullable Tally changing(String agent, @Nullable String capability, long offset) {
    if (offset < countFrom) {
      return null;
    }
    if (capability == null) {
      unattributed++;
      return null;
    }
    AgentAt key = new AgentAt(agent, capability);
    return offset < countedBefore.getOrDefault(key, 0L) ? null : changing(key);
  }

  private Tally changing(AgentAt key) {
    Tally tally = byAgent.get(key);
    if (tally == null) {
      tally = new Tally(halfLife);
      byAgent.put(key, tally);
      if (byAgent.size() > most) {
        drop(byAgent.keySet().iterator().next());
      }
    }
    changed.add(key);
    return tally;
  }

  /** Events whose capability was not known any more. */
  long unattributed() {
    return unattributed;
  }

  Map<AgentAt, Tally> all() {
    return byAgent;
  }

  List<AgentStatistics> takeChanged(int partition, long nextOffset) {
    List<AgentStatistics> records = new ArrayList<>();
    for (AgentAt key : changed) {
      Tally tally = byAgent.get(key);
      if (tally != null) {
        records.add(tally.toRecord(key.agent(), key.capability(), partition, nextOffset));
      }
    }
    changed.clear();
    return records;
  }

  Set<AgentAt> takeDropped() {
    Set<AgentAt> taken = new HashSet<>(dropped);
    taken.removeIf(byAgent::containsKey);
    dropped.clear();
    return taken;
  }

  void dropFaded(Instant now, double below) {
    Set<AgentAt> faded = new HashSet<>();
    byAgent.forEach(
        (key, tally) -> {
          if (tally.at(now).isBelow(below)) {
            faded.add(key);
          }
        });
    faded.forEach(this::drop);
  }

  void writeAgain(AgentAt key) {
    if (byAgent.containsKey(key)) {
      changed.add(key);
    }
  }

  private void drop(AgentAt key) {
    byAgent.remove(key);
    changed.remove(key);
    dropped.add(key);
  }
}
