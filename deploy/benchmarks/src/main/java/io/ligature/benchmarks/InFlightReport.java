package io.ligature.benchmarks;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.schemas.wire.Payloads;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What came of many slow calls at once.
 *
 * @param window calls that were kept in flight
 * @param delay what each takes
 * @param calls how often each attempt was called
 * @param results on the inbox
 * @param peak most calls at once, as the agent saw them
 * @param took from the first assignment to the last result
 * @param executors one for each process
 */
record InFlightReport(
    int window,
    Duration delay,
    Map<String, Integer> calls,
    int results,
    int peak,
    Duration took,
    List<Executor> executors) {

  /** One executor process. */
  record Executor(long peakHeapBytes, ProcessUsage usage) {}

  InFlightReport {
    calls = Map.copyOf(calls);
    executors = List.copyOf(executors);
  }

  long repeated() {
    return calls.values().stream().filter(times -> times > 1).count();
  }

  double callsPerSecond() {
    return calls.size() / (took.toNanos() / 1e9);
  }

  /** As many as the window allows when nothing but the agent takes time. */
  double floorPerSecond() {
    return window / (delay.toNanos() / 1e9);
  }

  String table() {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            """
            attempts                 %10d
            results                  %10d
            attempts called twice    %10d
            calls in flight, peak    %10d of %d
            calls a second           %10.1f (%.0f %% of the floor, %.1f)
            """,
            calls.size(),
            results,
            repeated(),
            peak,
            window,
            callsPerSecond(),
            100 * callsPerSecond() / floorPerSecond(),
            floorPerSecond()));
    for (Executor each : executors) {
      text.append(
          String.format(
              Locale.ROOT,
              "executor                 heap %d MiB of %s, resident %s MiB, CPU %.1f s\n",
              each.peakHeapBytes >> 20,
              ExecutorProcess.HEAP,
              Report.mebibytes(each.usage),
              each.usage.cpu().toMillis() / 1000.0));
    }
    return text.toString();
  }

  ObjectNode json() {
    ObjectNode root = Payloads.JSON.createObjectNode();
    root.put("window", window);
    root.put("delaySeconds", delay.toNanos() / 1e9);
    root.put("attempts", calls.size());
    root.put("results", results);
    root.put("calledTwice", repeated());
    root.put("peakInFlight", peak);
    root.put("callsPerSecond", callsPerSecond());
    root.put("floorPerSecond", floorPerSecond());
    for (Executor each : executors) {
      ObjectNode executor = root.withArray("executors").addObject();
      executor.put("peakHeapBytes", each.peakHeapBytes);
      Report.usage(executor, each.usage);
    }
    return root;
  }
}
