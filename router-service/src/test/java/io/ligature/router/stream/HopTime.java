package io.ligature.router.stream;

import static io.ligature.router.routing.Samples.agent;
import static io.ligature.router.routing.Samples.status;
import static io.ligature.router.routing.Samples.task;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;

/**
 * Run by hand: prints how long one task takes from its ready record to its assignment being read.
 */
final class HopTime {

  private static final int ROUNDS = 1_000;

  private HopTime() {}

  public static void main(String[] arguments) throws Exception {
    RouterOnBroker broker = new RouterOnBroker();
    broker.say(agent("a", "0.10").build());
    broker.say(status("a").setHeartbeatAt(Instant.now().truncatedTo(ChronoUnit.MILLIS)).build());
    broker.start(Map.of());
    double[] millis = new double[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
      long began = System.nanoTime();
      broker.say(task("w" + i % 8 + "/t" + i + "#1").build());
      broker.awaitAssigned(i + 1);
      millis[i] = (System.nanoTime() - began) / 1e6;
    }
    double[] warm = Arrays.copyOfRange(millis, ROUNDS / 5, ROUNDS);
    Arrays.sort(warm);
    System.out.printf(
        Locale.ROOT,
        "written, routed, read: p50 %.2f ms, p99 %.2f ms%n",
        warm[warm.length / 2],
        warm[warm.length * 99 / 100]);
    broker.close();
    System.exit(0);
  }
}
