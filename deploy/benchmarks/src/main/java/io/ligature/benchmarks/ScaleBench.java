package io.ligature.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Measures one large workflow at a time, at several sizes. A small one is over at once, so as many
 * follow one another as give about the same number of tasks at each size.
 */
final class ScaleBench {

  /** Tasks measured at each size, about. */
  private static final int TASKS = 10_000;

  private static final int FEWEST = 2;
  private static final int WARM_UP_SIZE = 500;

  private final BenchPlatform platform;
  private final Load load;
  private final long seed;

  ScaleBench(BenchPlatform platform, Load load, long seed) {
    this.platform = platform;
    this.load = load;
    this.seed = seed;
  }

  /** How many workflows of that size are run one after the other. */
  static int workflows(int size) {
    return Math.max(FEWEST, TASKS / size);
  }

  /**
   * @param warmUp tasks before anything is measured
   */
  ScaleReport run(ScaleShape shape, List<Integer> sizes, int warmUp) throws Exception {
    System.err.println("warming up ...");
    if (warmUp > 0) {
      run(shape.workload(WARM_UP_SIZE, seed), Math.ceilDiv(warmUp, WARM_UP_SIZE), "warm");
    }
    List<ScaleReport.Row> rows = new ArrayList<>();
    for (int size : sizes) {
      System.err.println(shape + ", size " + size + " ...");
      Map<String, ProcessUsage> before = ProcessUsage.of(platform.pids());
      int workflows = workflows(size);
      Load.Result result = run(shape.workload(size, seed), workflows, "run");
      Map<String, ProcessUsage> used = new TreeMap<>();
      ProcessUsage.of(platform.pids())
          .forEach(
              (process, now) -> used.put(process, now.since(before.getOrDefault(process, now))));
      rows.add(new ScaleReport.Row(size, workflows, result.took(), used));
    }
    return new ScaleReport(shape, rows);
  }

  private Load.Result run(Workload workload, int workflows, String run) throws Exception {
    platform.put(workload);
    return load.run(new Load.Plan(workload, workflows, 1, null, workload.definition() + "-" + run));
  }
}
