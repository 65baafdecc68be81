package io.ligature.router.routing;

import static io.ligature.router.routing.Samples.CAPABILITY;
import static io.ligature.router.routing.Samples.NOW;
import static io.ligature.router.routing.Samples.agent;
import static io.ligature.router.routing.Samples.status;

import io.ligature.avro.AgentLimits;
import io.ligature.schemas.Money;
import java.util.Locale;
import java.util.Set;

/** Run by hand: prints how long one decision takes with 10, 100 and 1,000 agents. */
final class DecisionTime {

  private static final int ROUNDS = 40_000;

  private DecisionTime() {}

  public static void main(String[] arguments) {
    for (int agents : new int[] {10, 100, 1_000}) {
      Fleet fleet = new Fleet();
      Routing routing = new Routing(RoutingSettings.DEFAULTS);
      for (int i = 0; i < agents; i++) {
        String id = "agent-" + i;
        fleet.register(
            Agent.of(
                agent(id, "0." + (10 + i * 37 % 89))
                    .setLimits(new AgentLimits(4, null, null, null))
                    .build()));
        for (String executor : new String[] {"executor-1", "executor-2"}) {
          fleet.report(status(id).setExecutor(executor).setInFlight(i % 3).build(), NOW);
        }
      }
      RoutingRequest request =
          new RoutingRequest(CAPABILITY, "default", 1_000, Money.of("0.80"), null, Set.of());
      int check = 0;
      long nanos = 0;
      for (int round = 0; round < 5; round++) {
        long began = System.nanoTime();
        for (int i = 0; i < ROUNDS; i++) {
          check += routing.choose(request, fleet, NOW).candidates().size();
        }
        nanos = System.nanoTime() - began;
      }
      System.out.printf(
          Locale.ROOT, "%d agents: %.2f us (%d)%n", agents, nanos / 1_000.0 / ROUNDS, check);
    }
  }
}
