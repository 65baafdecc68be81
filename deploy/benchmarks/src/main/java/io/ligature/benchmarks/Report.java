package io.ligature.benchmarks;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.schemas.wire.Payloads;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The figures of one benchmark, for people as a table and for machines as JSON. */
final class Report {

  /** One measured run and the floor beside it. */
  record Row(
      String name,
      Load.Result load,
      Floor.Result floor,
      int hopsInARow,
      Map<String, ProcessUsage> usage) {}

  private final List<Row> rows = new ArrayList<>();
  private final Map<String, Double> hops;

  Report(List<Row> rows, Map<String, Double> hops) {
    this.rows.addAll(rows);
    this.hops = hops;
  }

  String table() {
    StringBuilder text = new StringBuilder();
    line(
        text,
        String.format(
            Locale.ROOT,
            "%-28s %9s %9s %9s %9s %9s   %12s %12s",
            "run",
            "workfl./s",
            "tasks/s",
            "p50 ms",
            "p99 ms",
            "max ms",
            "floor p50 ms",
            "floor wf./s"));
    for (Row row : rows) {
      line(
          text,
          String.format(
              Locale.ROOT,
              "%-28s %9.1f %9.1f %9.2f %9.2f %9.2f   %12.2f %12.1f",
              row.name,
              row.load.workflowsPerSecond(),
              row.load.tasksPerSecond(),
              row.load.latencies().p50(),
              row.load.latencies().p99(),
              row.load.latencies().max(),
              row.floor.latencies().p50(),
              row.floor.journeysPerSecond()));
    }
    text.append(
        """

        Times run from the start event until the event WorkflowCompleted is written.
        The floor is as many bare record hops in a row, of the same size and with the same window,
        through the same broker; open-loop runs stand beside the floor of the largest window.

        """);
    line(text, String.format(Locale.ROOT, "%-28s %s", "run", "CPU seconds / peak MiB by process"));
    for (Row row : rows) {
      StringBuilder usages = new StringBuilder();
      row.usage.forEach(
          (process, used) ->
              usages.append(
                  String.format(
                      Locale.ROOT,
                      "%s %.1f/%s  ",
                      process,
                      used.cpu().toMillis() / 1000.0,
                      mebibytes(used))));
      line(text, String.format(Locale.ROOT, "%-28s %s", row.name, usages));
    }
    text.append("\nWhere the time goes, one workflow at a time (mean ms):\n");
    hops.forEach(
        (hop, millis) -> line(text, String.format(Locale.ROOT, "  %-32s %7.2f", hop, millis)));
    return text.toString();
  }

  ObjectNode json() {
    ObjectNode root = Payloads.JSON.createObjectNode();
    ArrayNode runs = root.putArray("runs");
    for (Row row : rows) {
      ObjectNode run = runs.addObject();
      run.put("name", row.name);
      run.put("workflows", row.load.plan().workflows());
      run.put("payloadBytes", row.load.plan().workload().input().length());
      run.put("window", row.load.plan().window());
      run.put("ratePerSecond", row.load.plan().ratePerSecond());
      run.put("seconds", row.load.took().toNanos() / 1e9);
      run.put("workflowsPerSecond", row.load.workflowsPerSecond());
      run.put("tasksPerSecond", row.load.tasksPerSecond());
      latencies(run.putObject("latencyMillis"), row.load.latencies());
      ObjectNode floor = run.putObject("floor");
      floor.put("hopsInARow", row.hopsInARow);
      floor.put("journeysPerSecond", row.floor.journeysPerSecond());
      floor.put("recordsPerSecond", row.floor.recordsPerSecond());
      latencies(floor.putObject("latencyMillis"), row.floor.latencies());
      ObjectNode processes = run.putObject("processes");
      row.usage.forEach((process, used) -> usage(processes.putObject(process), used));
    }
    ObjectNode means = root.putObject("meanHopMillis");
    hops.forEach(means::put);
    return root;
  }

  static void usage(ObjectNode node, ProcessUsage used) {
    node.put("cpuSeconds", used.cpu().toMillis() / 1000.0);
    used.peakMemoryBytes().ifPresent(bytes -> node.put("peakMemoryBytes", bytes));
  }

  private static void latencies(ObjectNode node, Latencies latencies) {
    node.put("p50", latencies.p50());
    node.put("p99", latencies.p99());
    node.put("max", latencies.max());
  }

  static String mebibytes(ProcessUsage usage) {
    return usage.peakMemoryBytes().isEmpty()
        ? "?"
        : Long.toString(usage.peakMemoryBytes().getAsLong() >> 20);
  }

  private static void line(StringBuilder text, String line) {
    text.append(line.stripTrailing()).append('\n');
  }
}
