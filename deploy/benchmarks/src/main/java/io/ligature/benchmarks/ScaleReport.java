package io.ligature.benchmarks;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.schemas.wire.Payloads;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How the tasks a second of one workflow change with its size. */
record ScaleReport(ScaleShape shape, List<Row> rows) {

  /** At this much less than the smallest size, a larger one is told apart. */
  static final double FLAT_WITHIN = 0.25;

  /**
   * One size.
   *
   * @param workflows how many of it ran, one after the other
   * @param took all of them
   */
  record Row(int size, int workflows, Duration took, Map<String, ProcessUsage> usage) {

    double tasksPerSecond() {
      return (double) size * workflows / secondsInAll();
    }

    double secondsEach() {
      return secondsInAll() / workflows;
    }

    private double secondsInAll() {
      return took.toNanos() / 1e9;
    }
  }

  ScaleReport {
    if (rows.isEmpty()) {
      throw new IllegalArgumentException("a report has at least one row");
    }
    rows = List.copyOf(rows);
  }

  /** Tasks a second against those of the first row, which is the smallest. */
  double ratio(Row row) {
    return row.tasksPerSecond() / rows.getFirst().tasksPerSecond();
  }

  /** Whether no size has so many fewer tasks a second than the smallest. */
  boolean flat() {
    return rows.stream().allMatch(row -> ratio(row) >= 1 - FLAT_WITHIN);
  }

  String table() {
    StringBuilder text = new StringBuilder();
    line(
        text,
        String.format(
            Locale.ROOT,
            "%-8s %8s %10s %12s %10s %9s",
            "shape",
            "size",
            "workflows",
            "seconds each",
            "tasks/s",
            "ratio"));
    for (Row row : rows) {
      line(
          text,
          String.format(
              Locale.ROOT,
              "%-8s %8d %10d %12.3f %10.1f %9.2f",
              shape.word(),
              row.size,
              row.workflows,
              row.secondsEach(),
              row.tasksPerSecond(),
              ratio(row)));
    }
    if (rows.size() > 1) {
      String verdict = flat() ? "flat" : "not flat";
      line(
          text,
          String.format(
              Locale.ROOT,
              "The ratio is to the smallest size: %s within %.0f %%.",
              verdict,
              FLAT_WITHIN * 100));
    }
    text.append('\n');
    line(
        text,
        String.format(
            Locale.ROOT, "%-8s %8s %s", "shape", "size", "CPU seconds / peak MiB by process"));
    for (Row row : rows) {
      line(text, String.format(Locale.ROOT, "%-8s %8d %s", shape.word(), row.size, usages(row)));
    }
    return text.toString();
  }

  private static String usages(Row row) {
    StringBuilder text = new StringBuilder();
    row.usage.forEach(
        (process, used) ->
            text.append(
                String.format(
                    Locale.ROOT,
                    "%s %.1f/%s  ",
                    process,
                    used.cpu().toMillis() / 1000.0,
                    Report.mebibytes(used))));
    return text.toString();
  }

  ObjectNode json() {
    ObjectNode root = Payloads.JSON.createObjectNode().put("shape", shape.word());
    root.put("flat", flat());
    ArrayNode sizes = root.putArray("sizes");
    for (Row row : rows) {
      ObjectNode size = sizes.addObject();
      size.put("size", row.size);
      size.put("workflows", row.workflows);
      size.put("secondsEach", row.secondsEach());
      size.put("tasksPerSecond", row.tasksPerSecond());
      size.put("ratioToSmallest", ratio(row));
      ObjectNode processes = size.putObject("processes");
      row.usage.forEach((process, used) -> Report.usage(processes.putObject(process), used));
    }
    return root;
  }

  private static void line(StringBuilder text, String line) {
    text.append(line.stripTrailing()).append('\n');
  }
}
