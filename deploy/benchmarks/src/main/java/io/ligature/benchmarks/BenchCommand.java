package io.ligature.benchmarks;

import io.ligature.schemas.topics.Topics;
import io.ligature.schemas.wire.Payloads;
import io.ligature.schemas.wire.RecordCodec;
import io.ligature.schemas.wire.RegistrySchemaIds;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures workflows of no-op tasks, and beside each run the floor of the same broker. */
@Command(
    name = "bench",
    mixinStandardHelpOptions = true,
    description = "Measures workflows against the floor of bare record hops.")
public final class BenchCommand implements Callable<Integer> {

  @Option(
      names = "--workflows",
      defaultValue = "3000",
      description = "Workflows of each windowed run (default: ${DEFAULT-VALUE}).")
  private int workflows;

  @Option(
      names = "--window",
      defaultValue = "200",
      description = "Workflows in flight in the windowed runs (default: ${DEFAULT-VALUE}).")
  private int window;

  @Option(
      names = "--single",
      defaultValue = "300",
      description = "Workflows of the runs one at a time (default: ${DEFAULT-VALUE}).")
  private int single;

  @Option(
      names = "--rate",
      defaultValue = "50",
      description = "Starts a second in the open loop (default: ${DEFAULT-VALUE}).")
  private double rate;

  @Option(
      names = "--payload",
      defaultValue = "1024",
      description = "Bytes of the input, and so of every output (default: ${DEFAULT-VALUE}).")
  private int payload;

  @Option(
      names = "--warm-up",
      defaultValue = "6000",
      description = "Workflows before anything is measured (default: ${DEFAULT-VALUE}).")
  private int warmUp;

  @Option(names = "--report", paramLabel = "FILE", description = "Write the figures as JSON there.")
  private @Nullable Path report;

  @SuppressWarnings("NullAway.Init") // picocli sets what is annotated
  public BenchCommand() {}

  public static void main(String[] arguments) {
    System.exit(new CommandLine(new BenchCommand()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    try (BenchPlatform platform = BenchPlatform.start()) {
      Topics topics = new Topics("ligature");
      RecordCodec codec = new RecordCodec(RegistrySchemaIds.connect(platform.registry()));
      Load load = new Load(platform.bootstrapServers(), topics, codec);
      Floor floor = new Floor(platform.bootstrapServers(), platform.partitions());
      System.err.println("warming up ...");
      for (Shape shape : Shape.values()) {
        load.run(new Load.Plan(shape, warmUp / 2, window, null, payload, "warm-" + shape));
      }
      floor.run(warmUp, Shape.SEQUENCE.hopsInARow(), window, payload);

      List<Report.Row> rows = new ArrayList<>();
      for (Shape shape : Shape.values()) {
        rows.add(measure(platform, load, floor, "one at a time", shape, single, 1, null));
        rows.add(
            measure(platform, load, floor, "window " + window, shape, workflows, window, null));
        rows.add(
            measure(
                platform, load, floor, "rate " + rate + "/s", shape, workflows / 3, window, rate));
      }
      Report result =
          new Report(
              rows,
              HopTimes.read(
                  platform.bootstrapServers(), topics, prefix(Shape.SEQUENCE, "one at a time")));
      System.out.print(result.table());
      if (report != null) {
        Files.writeString(
            report,
            Payloads.JSON.writerWithDefaultPrettyPrinter().writeValueAsString(result.json()));
      }
    }
    return 0;
  }

  private Report.Row measure(
      BenchPlatform platform,
      Load load,
      Floor floor,
      String run,
      Shape shape,
      int count,
      int inFlight,
      @Nullable Double ratePerSecond)
      throws Exception {
    String name = shape.name().toLowerCase(java.util.Locale.ROOT) + ", " + run;
    System.err.println(name + " ...");
    Map<String, ProcessUsage> before = ProcessUsage.of(platform.pids());
    Load.Result result =
        load.run(new Load.Plan(shape, count, inFlight, ratePerSecond, payload, prefix(shape, run)));
    Map<String, ProcessUsage> used = new LinkedHashMap<>();
    Map<String, ProcessUsage> after = new TreeMap<>(ProcessUsage.of(platform.pids()));
    after.forEach(
        (process, usage) -> used.put(process, usage.since(before.getOrDefault(process, usage))));
    Floor.Result bare = floor.run(count, shape.hopsInARow(), inFlight, payload);
    return new Report.Row(name, result, bare, shape.hopsInARow(), used);
  }

  private static String prefix(Shape shape, String run) {
    return shape.definition() + "-" + run.replaceAll("[^a-z0-9]+", "-");
  }
}
