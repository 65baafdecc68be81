package io.ligature.router.stream;

import io.ligature.avro.AgentStatistics;
import io.ligature.avro.StatisticsPosition;
import io.ligature.router.statistics.AgentAt;
import io.ligature.router.statistics.HalfLife;
import io.ligature.router.statistics.Tally;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What all routers have counted, by partition, and its sum. Safe for use by several threads. */
final class StatisticsView {

  private static final Comparator<AgentAt> BY_NAME =
      Comparator.comparing(AgentAt::agent).thenComparing(AgentAt::capability);

  private record Told(AgentStatistics record, Tally tally) {}

  private final HalfLife halfLife;
  private final Map<AgentAt, Map<Integer, Told>> told = new TreeMap<>(BY_NAME);
  private final Map<Integer, StatisticsPosition> positions = new HashMap<>();

  StatisticsView(HalfLife halfLife) {
    this.halfLife = halfLife;
  }

  /** False when a newer state of it is known, as after a change of the partition's owner. */
  synchronized boolean take(AgentStatistics record) {
    Map<Integer, Told> parts = told.computeIfAbsent(AgentAt.of(record), any -> new HashMap<>());
    Told known = parts.get(record.getPartition());
    if (known != null && known.record.getNextOffset() > record.getNextOffset()) {
      return false;
    }
    parts.put(record.getPartition(), new Told(record, Tally.of(record, halfLife)));
    return true;
  }

  synchronized void take(StatisticsPosition position) {
    positions.put(position.getPartition(), position);
  }

  synchronized void remove(AgentAt key, int partition) {
    Map<Integer, Told> parts = told.get(key);
    if (parts != null) {
      parts.remove(partition);
      if (parts.isEmpty()) {
        told.remove(key);
      }
    }
  }

  synchronized @Nullable StatisticsPosition position(int partition) {
    return positions.get(partition);
  }

  synchronized List<AgentStatistics> of(int partition) {
    List<AgentStatistics> records = new ArrayList<>();
    for (Map<Integer, Told> parts : told.values()) {
      Told part = parts.get(partition);
      if (part != null) {
        records.add(part.record);
      }
    }
    return records;
  }

  /** Over all partitions; of no events where nothing is known. */
  synchronized Tally sum(AgentAt key) {
    Tally sum = new Tally(halfLife);
    told.getOrDefault(key, Map.of()).values().forEach(part -> sum.add(part.tally));
    return sum;
  }

  /** By agent and capability. */
  synchronized Set<AgentAt> keys() {
    Set<AgentAt> keys = new java.util.TreeSet<>(BY_NAME);
    keys.addAll(told.keySet());
    return keys;
  }
}
