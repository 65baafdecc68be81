package io.ligature.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import io.ligature.schemas.topics.Topics;
import io.ligature.schemas.wire.Payloads;
import io.ligature.schemas.wire.RecordCodec;
import io.ligature.schemas.wire.RegistrySchemaIds;
import java.io.IOException;
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
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures workflows of no-op tasks, and beside each run the floor of the same broker. */
@Command(
    name = "bench",
    subcommands = {InFlightCommand.class, ReviewsCommand.class},
    mixinStandardHelpOptions = true,
    description = "Measures workflows against the floor of bare record hops.")
public final class BenchCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

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
      description =
          "Workflows before anything is measured; with --shape tasks (default: ${DEFAULT-VALUE}).")
  private int warmUp;

  @Option(
      names = "--shape",
      description =
          "Measure one large workflow instead: ${COMPLETION-CANDIDATES}. Prints tasks a second by"
              + " size.")
  private @Nullable ScaleShape shape;

  @Option(
      names = "--size",
      description = "Tasks of it (default: fanout at 100, 1000 and 10000; dag at 5000).")
  private @Nullable Integer size;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Of the random dag (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(names = "--report", paramLabel = "FILE", description = "Write the figures as JSON there.")
  private @Nullable Path report;

  @SuppressWarnings("NullAway.Init") // picocli sets what is annotated
  public BenchCommand() {}

  public static void main(String[] arguments) {
    System.exit(commandLine(new BenchCommand()).execute(arguments));
  }

  static CommandLine commandLine(BenchCommand command) {
    return new CommandLine(command).setCaseInsensitiveEnumValuesAllowed(true);
  }

  @Override
  public Integer call() throws Exception {
    check();
    try (BenchPlatform platform = BenchPlatform.start()) {
      Topics topics = new Topics("ligature");
      RecordCodec codec = new RecordCodec(RegistrySchemaIds.connect(platform.registry()));
      Load load = new Load(platform.bootstrapServers(), topics, codec);
      if (shape != null) {
        ScaleReport scale = new ScaleBench(platform, load, seed).run(shape, sizes(shape), warmUp);
        System.out.print(scale.table());
        write(scale.json());
        return 0;
      }
      Floor floor = new Floor(platform.bootstrapServers(), platform.partitions());
      System.err.println("warming up ...");
      for (Shape small : Shape.values()) {
        platform.put(small.workload(payload));
        load.run(new Load.Plan(small.workload(payload), warmUp / 2, window, null, "warm-" + small));
      }
      floor.run(warmUp, Shape.SEQUENCE.hopsInARow(), window, payload);

      List<Report.Row> rows = new ArrayList<>();
      for (Shape small : Shape.values()) {
        rows.add(measure(platform, load, floor, "one at a time", small, single, 1, null));
        rows.add(
            measure(platform, load, floor, "window " + window, small, workflows, window, null));
        rows.add(
            measure(
                platform, load, floor, "rate " + rate + "/s", small, workflows / 3, window, rate));
      }
      Report result =
          new Report(
              rows,
              HopTimes.read(
                  platform.bootstrapServers(), topics, prefix(Shape.SEQUENCE, "one at a time")));
      System.out.print(result.table());
      write(result.json());
    }
    return 0;
  }

  /** Before anything is started. */
  private void check() {
    if (size == null) {
      return;
    }
    if (shape == null) {
      throw new ParameterException(spec.commandLine(), "--size goes with --shape");
    }
    try {
      Workload _ = shape.workload(size, seed);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--size: " + e.getMessage(), e);
    }
  }

  private List<Integer> sizes(ScaleShape of) {
    return size == null ? of.sizes() : List.of(size);
  }

  private void write(JsonNode figures) throws IOException {
    if (report != null) {
      Files.writeString(
          report, Payloads.JSON.writerWithDefaultPrettyPrinter().writeValueAsString(figures));
    }
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
        load.run(
            new Load.Plan(
                shape.workload(payload), count, inFlight, ratePerSecond, prefix(shape, run)));
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
