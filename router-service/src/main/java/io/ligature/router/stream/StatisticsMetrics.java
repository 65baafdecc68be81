package io.ligature.router.stream;

import io.ligature.router.statistics.AgentAt;
import io.ligature.router.statistics.Count;
import io.ligature.router.statistics.Figures;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;

/** Figures of agents with a bounded number of labels: those with the most calls. */
final class StatisticsMetrics {

  private final int most;
  private final MultiGauge results;
  private final Counter unattributed;
  private final AtomicLong lag;
  private final Map<String, Row> rows = new TreeMap<>();

  private record Row(AgentAt at, double accepted, double rejected, double failed) {
    double calls() {
      return accepted + rejected + failed;
    }
  }

  StatisticsMetrics(MeterRegistry registry, int most) {
    this.most = most;
    results = MultiGauge.builder("ligature.router.agent.results").register(registry);
    unattributed = registry.counter("ligature.router.statistics.unattributed");
    lag = registry.gauge("ligature.router.statistics.lag", new AtomicLong());
  }

  void folded(long withoutCapability) {
    if (withoutCapability > 0) {
      unattributed.increment((double) withoutCapability);
    }
  }

  void lag(long events) {
    lag.set(events);
  }

  void show(Map<AgentAt, Figures> changed, Set<AgentAt> known) {
    changed.forEach(
        (at, figures) ->
            rows.put(
                at.toString(),
                new Row(
                    at, figures.count(Count.ACCEPTED), figures.rejected(), figures.failures())));
    rows.values().removeIf(row -> !known.contains(row.at));
    List<Row> shown = new ArrayList<>(rows.values());
    shown.sort((a, b) -> Double.compare(b.calls(), a.calls()));
    List<MultiGauge.Row<?>> told = new ArrayList<>();
    for (Row row : shown.subList(0, Math.min(most, shown.size()))) {
      told.add(row(row, "accepted", row.accepted));
      told.add(row(row, "rejected", row.rejected));
      told.add(row(row, "failed", row.failed));
    }
    results.register(told, true);
  }

  private static MultiGauge.Row<?> row(Row row, String outcome, double value) {
    return MultiGauge.Row.of(
        Tags.of("agent", row.at.agent(), "capability", row.at.capability(), "outcome", outcome),
        (Number) value);
  }
}
