package io.ligature.benchmarks;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.schemas.wire.Payloads;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What came of many open reviews.
 *
 * @param folded how long it took until all were open, from the first record
 * @param pages times of requests by what was asked for, in the order they were measured
 * @param restored how long an instance without its store needed until it was ready; zero: not
 *     measured
 */
record ReviewsReport(
    ReviewsBench.Size size,
    Duration folded,
    Map<String, Latencies> pages,
    Latencies decisions,
    Duration decided,
    Duration restored,
    List<Instance> instances) {

  /** One process of the service. */
  record Instance(long peakHeapBytes, ProcessUsage usage) {}

  double decisionsPerSecond() {
    return decisions.count() / seconds(decided);
  }

  String table() {
    StringBuilder text = new StringBuilder();
    line(
        text,
        String.format(
            Locale.ROOT, "%,d open reviews, instances: %d", size.reviews(), size.instances()));
    line(
        text,
        String.format(
            Locale.ROOT, "opened %.0f reviews a second", size.reviews() / seconds(folded)));
    line(text, "");
    line(
        text,
        String.format(
            Locale.ROOT, "%-44s %8s %8s %8s", "page of 50", "p50 ms", "p99 ms", "max ms"));
    pages.forEach(
        (name, times) ->
            line(
                text,
                String.format(
                    Locale.ROOT,
                    "%-44s %8.2f %8.2f %8.2f",
                    name,
                    times.p50(),
                    times.p99(),
                    times.max())));
    line(text, "");
    line(
        text,
        String.format(
            Locale.ROOT,
            "decisions by %d clients: %.1f a second, p50 %.1f ms, p99 %.1f ms",
            size.clients(),
            decisionsPerSecond(),
            decisions.p50(),
            decisions.p99()));
    if (!restored.isZero()) {
      line(
          text,
          String.format(
              Locale.ROOT,
              "a lost store was back after %.1f s, start of the process included",
              seconds(restored)));
    }
    for (Instance each : instances) {
      line(
          text,
          String.format(
              Locale.ROOT,
              "instance: heap %d MiB at most, resident %s MiB, CPU %.1f s",
              each.peakHeapBytes >> 20,
              Report.mebibytes(each.usage),
              seconds(each.usage.cpu())));
    }
    return text.toString();
  }

  ObjectNode json() {
    ObjectNode root = Payloads.JSON.createObjectNode();
    root.put("reviews", size.reviews()).put("instances", size.instances());
    root.put("openedPerSecond", size.reviews() / seconds(folded));
    pages.forEach((name, times) -> times(root.withObject("/pages").putObject(name), times));
    times(root.putObject("decisions").put("perSecond", decisionsPerSecond()), decisions);
    if (!restored.isZero()) {
      root.put("restoreSeconds", seconds(restored));
    }
    for (Instance each : instances) {
      ObjectNode instance = root.withArray("processes").addObject();
      instance.put("peakHeapBytes", each.peakHeapBytes);
      Report.usage(instance, each.usage);
    }
    return root;
  }

  private static void times(ObjectNode node, Latencies times) {
    node.put("p50", times.p50()).put("p99", times.p99()).put("max", times.max());
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }

  private static void line(StringBuilder text, String line) {
    text.append(line).append('\n');
  }
}
