package io.ligature.benchmarks;

import io.ligature.avro.AgentCapability;
import io.ligature.avro.AgentLimits;
import io.ligature.avro.AgentRegistration;
import io.ligature.avro.AgentStatus;
import io.ligature.avro.Price;
import io.ligature.router.routing.Agent;
import io.ligature.router.routing.Decision;
import io.ligature.router.routing.Fleet;
import io.ligature.router.routing.Routing;
import io.ligature.router.routing.RoutingRequest;
import io.ligature.router.routing.RoutingSettings;
import io.ligature.schemas.Money;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** How long one decision takes, its explanation included, by the agents of the capability. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(value = 1, jvmArgs = "-XX:+UseSerialGC")
public class RoutingBench {

  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");
  private static final String CAPABILITY = "text.summarise";

  /** Agents that offer the capability. */
  @Param({"10", "100", "1000"})
  public int agents;

  private final Fleet fleet = new Fleet();
  private final Routing routing = new Routing(RoutingSettings.DEFAULTS);
  private final RoutingRequest request =
      new RoutingRequest(
          CAPABILITY,
          "default",
          1_000,
          Money.of("0.80"),
          null,
          Set.of(),
          -1,
          RoutingRequest.Hints.NONE,
          "report-7/summarise#1",
          "report-7");

  public static void main(String[] arguments) throws RunnerException {
    new Runner(new OptionsBuilder().include(RoutingBench.class.getSimpleName()).build()).run();
  }

  /** Some are full, some too dear, and each is reported by two executors. */
  @Setup
  public void register() {
    for (int i = 0; i < agents; i++) {
      String id = "agent-" + i;
      fleet.register(Agent.of(agent(id, "0." + (10 + i * 37 % 89))));
      for (int executor = 1; executor <= 2; executor++) {
        fleet.report(status(id, "executor-" + executor, i % 3), NOW);
      }
    }
  }

  @Benchmark
  public Decision decide() {
    return routing.choose(request, fleet, NOW);
  }

  private static AgentRegistration agent(String id, String perCall) {
    return AgentRegistration.newBuilder()
        .setId(id)
        .setCapabilities(List.of(new AgentCapability(CAPABILITY, null, null)))
        .setAdapter("noop")
        .setPrice(new Price(Money.of(perCall).toDecimal(), null, null, null, null, null, null))
        .setLimits(new AgentLimits(4, 1_000, null, null))
        .setRegisteredAt(NOW)
        .setRegisteredBy("bench")
        .build();
  }

  private static AgentStatus status(String agent, String executor, int inFlight) {
    return AgentStatus.newBuilder()
        .setAgent(agent)
        .setExecutor(executor)
        .setPool("default")
        .setInFlight(inFlight)
        .setSucceeded(0)
        .setFailed(0)
        .setRecentCalls(0)
        .setRecentFailures(0)
        .setHeartbeatAt(NOW)
        .build();
  }
}
