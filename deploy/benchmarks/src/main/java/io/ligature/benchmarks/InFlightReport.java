package io.ligature.benchmarks;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.schemas.wire.Payloads;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What came of many slow calls at once.
 *
 * @param window calls that were kept in flight
 * @param delay what each takes
 * @param calls how often each attempt was called
 * @param outcomes results on the inbox, by status or kind of failure
 * @param peak most calls at once, as the agent saw them
 * @param took from the first assignment to the last result
 * @param executors one for each process
 */
record InFlightReport(
    int window,
    Duration delay,
    Map<String, Integer> calls,
    Map<String, Integer> outcomes,
    int peak,
    Duration took,
    List<Executor> executors) {

  /** One executor process. */
  record Executor(long peakHeapBytes, ProcessUsage usage) {}

  InFlightReport {
    calls = Map.copyOf(calls);
    outcomes = new TreeMap<>(outcomes);
    executors = List.copyOf(executors);
  }

  int results() {
    return outcomes.values().stream().mapToInt(Integer::intValue).sum();
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
            results                  %10d  %s
            attempts called twice    %10d
            calls in flight, peak    %10d of %d
            calls a second           %10.1f (%.0f %% of the floor, %.1f)
            """,
            calls.size(),
            results(),
            outcomes,
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
    ObjectNode results = root.putObject("results");
    outcomes.forEach(results::put);
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
