package io.ligature.benchmarks;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A shape of one large workflow, of a size that is asked for. */
enum ScaleShape {
  /** One task for each item of a list. */
  FANOUT("fanout"),
  /** Tasks that need one another at random. */
  DAG("dag");

  private static final int LARGEST = 10_000;

  private final String word;

  ScaleShape(String word) {
    this.word = word;
  }

  String word() {
    return word;
  }

  /** Measured when no size is asked for. */
  List<Integer> sizes() {
    return switch (this) {
      case FANOUT -> List.of(100, 1_000, 10_000);
      case DAG -> List.of(5_000);
    };
  }

  /**
   * @throws IllegalArgumentException when the size is out of range
   */
  Workload workload(int size, long seed) {
    if (size < 1 || size > LARGEST) {
      throw new IllegalArgumentException(
          "a " + word + " has 1 to " + LARGEST + " tasks, not " + size);
    }
    String name = "bench-" + word + "-" + size;
    return switch (this) {
      case FANOUT ->
          new Workload(
              name, Shape.resource("fanout.yaml").replace("${SIZE}", "" + size), size, items(size));
      case DAG -> new Workload(name, new RandomDag(size, seed).definition(name), size, "{}");
    };
  }

  private static String items(int size) {
    return IntStream.range(0, size)
        .mapToObj(String::valueOf)
        .collect(Collectors.joining(",", "{\"items\":[", "]}"));
  }

  /** What the command line says. */
  @Override
  public String toString() {
    return word;
  }
}
