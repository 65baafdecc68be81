package io.ligature.router.routing;

import static io.ligature.router.routing.Samples.NOW;
import static io.ligature.router.routing.Samples.agent;
import static io.ligature.router.routing.Samples.status;
import static org.assertj.core.api.Assertions.assertThat;

import io.ligature.avro.AgentLimits;
import io.ligature.router.routing.Ledger.Known;
import io.ligature.router.routing.Ledger.Report;
import io.ligature.router.routing.Quota.Charge;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Routers that read one log with delays, come, go and crash, while tasks of all partitions want the
 * same agent: together they never use more than its limits, and none of them starves.
 */
class LedgerSimulationTest {

  private static final int PARTITIONS = 6;
  private static final int STEP = 10;
  private static final int SESSION = 6_000;
  private static final int SEEDS = 4;

  @ParameterizedTest(name = "{0} calls at once, {1} a minute, {2} routers")
  @CsvSource({"10, 100000, 3", "1, 100000, 3", "2, 100000, 4", "5, 30, 3", "100, 2, 3"})
  void neverExceedsTheLimitsWhateverHappensToTheRouters(int calls, int requests, int routers) {
    for (int seed = 1; seed <= SEEDS; seed++) {
      World world = new World(seed, calls, requests, routers);
      world.run(90_000, true);
      world.run(20_000, false);
      world.checkThatAllGoOn(requests < 1_000 ? 150_000 : 40_000);
    }
  }

  /** A call as it really is. */
  private record Call(int partition, long at, long until) {}

  private record Written(Report report, List<Known> known, int readUpTo) {}

  private static final class World {
    final int seed;
    final Random random;
    final int calls;
    final int requests;
    final List<Written> log = new ArrayList<>();
    final List<Node> nodes = new ArrayList<>();
    final List<Call> open = new ArrayList<>();
    final ArrayDeque<Call> minute = new ArrayDeque<>();
    final Map<String, Integer> placed = new TreeMap<>();
    long now = NOW.toEpochMilli();
    long rebalanceAt = Long.MAX_VALUE;
    int generation;
    int names;

    World(int seed, int calls, int requests, int routers) {
      this.seed = seed;
      this.random = new Random(seed);
      this.calls = calls;
      this.requests = requests;
      for (int i = 0; i < routers; i++) {
        nodes.add(new Node(this));
      }
      rebalance();
    }

    void run(long millis, boolean trouble) {
      for (long end = now + millis; now < end; now += STEP) {
        step(trouble);
      }
    }

    private void step(boolean trouble) {
      open.removeIf(call -> call.until <= now);
      while (!minute.isEmpty() && minute.getFirst().at + 60_000 <= now) {
        minute.removeFirst();
      }
      if (trouble && random.nextInt(800) == 0) {
        trouble();
      }
      if (now >= rebalanceAt) {
        rebalance();
      }
      for (Node node : nodes) {
        node.step();
      }
    }

    private void trouble() {
      if (random.nextBoolean() && nodes.size() > 1) {
        boolean crash = random.nextBoolean();
        Node gone = nodes.remove(random.nextInt(nodes.size()));
        if (crash) {
          rebalanceAt = Math.min(rebalanceAt, now + SESSION);
        } else {
          gone.leave();
          rebalanceAt = now;
        }
      } else if (nodes.size() < 5) {
        nodes.add(new Node(this));
        rebalanceAt = Math.min(rebalanceAt, now + random.nextInt(200));
      }
    }

    private void rebalance() {
      rebalanceAt = Long.MAX_VALUE;
      generation++;
      nodes.forEach(Node::giveAll);
      List<Set<Integer>> parts = new ArrayList<>();
      nodes.forEach(node -> parts.add(new HashSet<>()));
      for (int p = 0; p < PARTITIONS; p++) {
        parts.get((p + generation) % nodes.size()).add(p);
      }
      for (int i = 0; i < nodes.size(); i++) {
        nodes.get(i).take(generation, parts.get(i));
      }
    }

    void begin(Node node, Call call) {
      open.add(call);
      minute.add(call);
      placed.merge(node.name, 1, Integer::sum);
      assertThat(open.size()).as("calls at once, seed %d", seed).isLessThanOrEqualTo(calls);
      assertThat(minute.size())
          .as("requests a minute, seed %d", seed)
          .isLessThanOrEqualTo(requests);
    }

    void checkThatAllGoOn(long millis) {
      placed.clear();
      run(millis, false);
      for (Node node : nodes) {
        if (!node.partitions.isEmpty()) {
          assertThat(placed)
              .as("seed %d: %s starves: %s", seed, node.name, node.ledger.known())
              .containsKey(node.name);
        }
      }
    }
  }

  private static final class Node {
    final World world;
    final String name;
    final Stake stake;
    final Fleet fleet = new Fleet();
    final Map<Call, Charge> held = new HashMap<>();
    Set<Integer> partitions = Set.of();
    Ledger ledger = new Ledger();
    int read;
    long readAgainAt;

    Node(World world) {
      this.world = world;
      this.name = "router-" + world.names++;
      this.stake = new Stake(name, Duration.ofSeconds(1), Duration.ofSeconds(1));
      fleet.govern();
      fleet.register(
          Agent.of(
              agent("a", "0.10")
                  .setLimits(new AgentLimits(world.calls, world.requests, null, null))
                  .build()));
      fleet.report(status("a").setInFlight(0).build(), NOW);
      // It begins with what the last one that wrote had read, and reads on from there.
      if (!world.log.isEmpty()) {
        Written last = world.log.getLast();
        ledger = Ledger.of(last.known);
        read = last.readUpTo;
      }
    }

    Quota quota() {
      return fleet.member("a").quota();
    }

    void step() {
      held.entrySet()
          .removeIf(
              each -> {
                boolean ended = each.getKey().until <= world.now;
                if (ended) {
                  fleet.released(each.getValue());
                }
                return ended && each.getKey().at + 60_000 <= world.now;
              });
      if (world.now < readAgainAt) {
        return;
      }
      readAgainAt = world.now + world.random.nextInt(100);
      readLog();
      say();
      stake.allow(ledger, fleet, world.now);
      place();
    }

    private void readLog() {
      while (read < world.log.size()) {
        Report report = world.log.get(read).report;
        ledger.fold(read, report);
        stake.folded(report, ledger, world.now);
        read++;
      }
    }

    private void say() {
      Report report = stake.next(ledger, fleet, 3, world.now);
      if (report != null) {
        world.log.add(new Written(report, ledger.known(), read));
      }
    }

    private void place() {
      List<Integer> ours = new ArrayList<>(partitions);
      for (int i = 0; i < 3 && !ours.isEmpty(); i++) {
        if (!quota().takesRequest(world.now, 0) || !quota().takesCall(world.now, 10_000)) {
          return;
        }
        int partition = ours.get(world.random.nextInt(ours.size()));
        long length = world.random.nextInt(10) == 0 ? 5_000 : 20 + world.random.nextInt(600);
        Call call = new Call(partition, world.now, world.now + length + held.size());
        held.put(call, charge(call));
        world.begin(this, call);
      }
    }

    private Charge charge(Call call) {
      return fleet.assigned("a", call.partition, Instant.ofEpochMilli(call.at), 0);
    }

    void giveAll() {
      for (int partition : partitions) {
        List<Charge> open =
            held.entrySet().stream()
                .filter(each -> each.getKey().partition == partition)
                .filter(each -> each.getKey().until > world.now)
                .map(Map.Entry::getValue)
                .toList();
        Map<Ledger.Key, Long> used = fleet.usedIn(partition, open);
        stake.gave(partition, used);
        fleet.moved(partition);
      }
      held.values().forEach(fleet::released);
      held.clear();
      partitions = Set.of();
    }

    void take(int generation, Set<Integer> ours) {
      partitions = ours;
      Set<Call> known = new HashSet<>(world.minute);
      known.addAll(world.open);
      for (Call call : known) {
        if (ours.contains(call.partition)) {
          Charge charge = charge(call);
          held.put(call, charge);
          if (call.until <= world.now) {
            fleet.released(charge);
          }
        }
      }
      stake.took(generation, ours);
    }

    void leave() {
      giveAll();
      stake.leave();
      readLog();
      say();
    }
  }
}
