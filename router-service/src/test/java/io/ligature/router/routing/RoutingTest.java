package io.ligature.router.routing;

import static io.ligature.router.routing.Samples.CAPABILITY;
import static io.ligature.router.routing.Samples.NOW;
import static io.ligature.router.routing.Samples.agent;
import static io.ligature.router.routing.Samples.price;
import static io.ligature.router.routing.Samples.status;
import static org.assertj.core.api.Assertions.assertThat;

import io.ligature.avro.AgentLimits;
import io.ligature.avro.AgentRegistration;
import io.ligature.avro.AgentStatus;
import io.ligature.avro.Candidate;
import io.ligature.avro.Price;
import io.ligature.router.routing.Decision.Assigned;
import io.ligature.router.routing.Decision.Unplaced;
import io.ligature.router.routing.Quota.Charge;
import io.ligature.schemas.Money;
import java.math.BigDecimal;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class RoutingTest {

  private static final RoutingSettings SETTINGS = RoutingSettings.DEFAULTS;

  private final Routing routing = new Routing(SETTINGS);
  private final Fleet fleet = new Fleet();

  record Ask(String tenant, long bytes, String maxCost, String remaining, Set<String> excluded) {
    static final Ask PLAIN = new Ask("default", 400, null, null, Set.of());

    RoutingRequest request() {
      return new RoutingRequest(
          CAPABILITY,
          tenant,
          bytes,
          maxCost == null ? null : Money.of(maxCost),
          remaining == null ? null : Money.of(remaining),
          excluded);
    }
  }

  record Case(
      String says,
      Consumer<AgentRegistration.Builder> agent,
      Consumer<AgentStatus.Builder> status,
      Ask ask,
      String droppedBy,
      String reason) {
    @Override
    public String toString() {
      return says;
    }
  }

  private static void asIs(AgentRegistration.Builder any) {}

  private static void well(AgentStatus.Builder any) {}

  static Stream<Case> filters() {
    Ask plain = Ask.PLAIN;
    return Stream.of(
        new Case("a free agent takes it", RoutingTest::asIs, RoutingTest::well, plain, null, null),
        new Case(
            "a foreign tenant is kept out",
            a -> a.setTenants(List.of("acme")),
            RoutingTest::well,
            plain,
            "access",
            "does not serve the tenant 'default'"),
        new Case(
            "its own tenant is let in",
            a -> a.setTenants(List.of("acme", "default")),
            RoutingTest::well,
            plain,
            null,
            null),
        new Case(
            "an input of exactly the window fits",
            a -> a.setContextWindow(100L),
            RoutingTest::well,
            plain,
            null,
            null),
        new Case(
            "an input above the window does not fit",
            a -> a.setContextWindow(99L),
            RoutingTest::well,
            plain,
            "context_window",
            "about 100 input tokens do not fit into a context window of 99"),
        new Case(
            "an input of unknown size is held against nobody",
            a -> a.setContextWindow(1L),
            RoutingTest::well,
            new Ask("default", -1, null, null, Set.of()),
            null,
            null),
        new Case(
            "a draining agent gets nothing new",
            a -> a.setDraining(true),
            RoutingTest::well,
            plain,
            "draining",
            "draining"),
        new Case(
            "a heartbeat of exactly the timeout is alive",
            RoutingTest::asIs,
            s -> s.setHeartbeatAt(NOW.minus(SETTINGS.executorTimeout())),
            plain,
            null,
            null),
        new Case(
            "an old heartbeat is death",
            RoutingTest::asIs,
            s -> s.setHeartbeatAt(NOW.minus(SETTINGS.executorTimeout()).minusMillis(1)),
            plain,
            "health",
            "no executor of pool 'default' is alive: the last heartbeat is 10 s old"),
        new Case(
            "another pool's executor does not help",
            a -> a.setPool("gpu"),
            RoutingTest::well,
            plain,
            "health",
            "no executor of pool 'gpu' is alive: none was ever heard of"),
        new Case(
            "a cooling agent is left alone",
            RoutingTest::asIs,
            s -> s.setCooldownUntil(NOW.plusMillis(1)),
            plain,
            "cooldown",
            "cooling down until 2026-01-02T03:04:05.001Z"),
        new Case(
            "a cooldown ends at its instant",
            RoutingTest::asIs,
            s -> s.setCooldownUntil(NOW),
            plain,
            null,
            null),
        new Case(
            "calls in flight fill it",
            a -> a.setLimits(new AgentLimits(2, null, null, null)),
            s -> s.setInFlight(2),
            plain,
            "concurrency",
            "takes 2 at once and has 2"),
        new Case(
            "one place is enough",
            a -> a.setLimits(new AgentLimits(2, null, null, null)),
            s -> s.setInFlight(1),
            plain,
            null,
            null),
        new Case(
            "an unknown price is refused",
            a -> a.setPrice(price(null)),
            RoutingTest::well,
            plain,
            "unknown_price",
            "price unknown; tell one, or set allowUnknownPrice"),
        new Case(
            "an unknown price may be allowed",
            a -> a.setPrice(price(null)).setAllowUnknownPrice(true),
            RoutingTest::well,
            plain,
            null,
            null),
        new Case(
            "a price of 0 is a price",
            a -> a.setPrice(price("0")),
            RoutingTest::well,
            plain,
            null,
            null),
        new Case(
            "a price of exactly maxCost is taken",
            RoutingTest::asIs,
            RoutingTest::well,
            new Ask("default", 400, "0.10", null, Set.of()),
            null,
            null),
        new Case(
            "a price above maxCost is not",
            RoutingTest::asIs,
            RoutingTest::well,
            new Ask("default", 400, "0.09", null, Set.of()),
            "max_cost",
            "expected to cost 0.10, more than maxCost 0.09"),
        new Case(
            "a price above what remains is not taken",
            RoutingTest::asIs,
            RoutingTest::well,
            new Ask("default", 400, null, "0.09", Set.of()),
            "budget",
            "expected to cost 0.10, more than the remaining 0.09"),
        new Case(
            "what is held already need not remain",
            RoutingTest::asIs,
            RoutingTest::well,
            new Ask("default", 400, "0.10", "0.00", Set.of()),
            null,
            null),
        new Case(
            "an excluded agent is left out",
            RoutingTest::asIs,
            RoutingTest::well,
            new Ask("default", 400, null, null, Set.of("a", "z")),
            "excluded",
            "excluded by the task"));
  }

  @ParameterizedTest
  @MethodSource("filters")
  void tellsWhatDroppedTheOneAgent(Case each) {
    AgentRegistration.Builder agent = agent("a", "0.10");
    each.agent.accept(agent);
    AgentStatus.Builder status = status("a");
    each.status.accept(status);
    fleet.register(Agent.of(agent.build()));
    fleet.report(status.build(), NOW);

    Decision decision = routing.choose(each.ask.request(), fleet, NOW);

    if (each.droppedBy == null) {
      assertThat(decision).isInstanceOf(Assigned.class);
    } else {
      assertThat(decision.candidates())
          .containsExactly(new Candidate("a", null, each.droppedBy, each.reason));
      assertThat(((Unplaced) decision).reason())
          .isEqualTo("the one agent for 'text.summarise' cannot take it now: a: " + each.reason);
    }
  }

  @Test
  void saysThatNobodyOffersTheCapability() {
    put("a", "0.10");
    RoutingRequest request = new RoutingRequest("web.fly", "default", 1, null, null, Set.of());

    assertThat(routing.choose(request, fleet, NOW))
        .isEqualTo(
            new Unplaced(
                null,
                "no agent offers the capability 'web.fly'; register one that does, or correct the"
                    + " task",
                List.of(),
                null,
                false));
  }

  record Entry(String id, String price, double acceptance, long latency) {}

  static Stream<Arguments> contests() {
    return Stream.of(
        Arguments.of(
            "the cheaper one",
            List.of(new Entry("a", "0.20", 0.9, 1), new Entry("b", "0.10", 0.9, 9)),
            "b"),
        Arguments.of(
            "the surer one, when that pays",
            List.of(new Entry("a", "0.10", 0.4, 1), new Entry("b", "0.20", 1.0, 1)),
            "b"),
        Arguments.of(
            "the cheap one, when retries pay",
            List.of(new Entry("a", "0.10", 0.6, 1), new Entry("b", "0.20", 1.0, 1)),
            "a"),
        Arguments.of(
            "the faster of equal ones",
            List.of(new Entry("a", "0.10", 0.9, 2), new Entry("b", "0.10", 0.9, 1)),
            "b"),
        Arguments.of(
            "the first by id of the same",
            List.of(new Entry("b", "0.10", 0.9, 1), new Entry("a", "0.10", 0.9, 1)),
            "a"),
        Arguments.of(
            "a free one before all",
            List.of(new Entry("a", "0.000001", 1.0, 1), new Entry("b", "0", 0.1, 9)),
            "b"),
        Arguments.of(
            "the faster of free ones",
            List.of(new Entry("a", "0", 1.0, 2), new Entry("b", "0", 0.1, 1)),
            "b"),
        Arguments.of(
            "a known price before unknown",
            List.of(new Entry("a", null, 1.0, 1), new Entry("b", "9.99", 0.1, 9)),
            "b"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("contests")
  void chooses(String says, List<Entry> agents, String winner) {
    for (Entry each : agents) {
      fleet.register(
          Agent.of(
              agent(each.id, each.price)
                  .setAllowUnknownPrice(true)
                  .setExpectedAcceptance(each.acceptance)
                  .setExpectedLatency(each.latency)
                  .build()));
    }
    fleet.report(status("any").build(), NOW);

    Decision decision = routing.choose(Ask.PLAIN.request(), fleet, NOW);

    assertThat(decision.candidates().getFirst().getAgent()).isEqualTo(winner);
    assertThat(((Assigned) decision).agent().id()).isEqualTo(winner);
  }

  @Test
  void countsTokensIntoThePrice() {
    fleet.register(
        Agent.of(
            agent("a", "0.01")
                .setPrice(
                    new Price(
                        Money.of("0.01").toDecimal(),
                        Money.of("3").toDecimal(),
                        null,
                        Money.of("15").toDecimal(),
                        null,
                        null,
                        null))
                .setExpectedAcceptance(1.0)
                .build()));
    alive("a");

    Candidate candidate = routing.choose(Ask.PLAIN.request(), fleet, NOW).candidates().getFirst();

    // 0.01 + 100 tokens at 3 a million + 500 tokens at 15 a million
    assertThat(candidate.getScore()).isEqualByComparingTo(new BigDecimal("0.0178"));
  }

  @Test
  void learnsFromWhatWasCounted() {
    put("a", "0.10");
    put("b", "0.12");
    alive("b");
    fleet.report(status("a").setSucceeded(20).setFailed(60).build(), NOW);

    Decision decision = routing.choose(Ask.PLAIN.request(), fleet, NOW);

    // (0.9 * 20 + 20) / (20 + 80) = 0.38 makes 0.10 / 0.38, more than 0.12 / 0.9
    assertThat(decision.candidates())
        .containsExactly(
            new Candidate(
                "b",
                new BigDecimal("0.133333"),
                null,
                "lowest expected cost of an accepted result"),
            new Candidate("a", new BigDecimal("0.263158"), null, null));
  }

  @Test
  void fillsAnAgentWithItsOwnAssignmentsBeforeAnyoneReportsThem() {
    fleet.register(
        Agent.of(agent("a", "0.10").setLimits(new AgentLimits(1, null, null, null)).build()));
    alive("a");
    Charge call = fleet.assigned("a", 0, NOW, 0);
    assertThat(routing.choose(Ask.PLAIN.request(), fleet, NOW)).isInstanceOf(Unplaced.class);

    fleet.released(call);

    assertThat(routing.choose(Ask.PLAIN.request(), fleet, NOW)).isInstanceOf(Assigned.class);
  }

  @Test
  void doesNotCountTheCallsOfADeadExecutor() {
    fleet.register(
        Agent.of(agent("a", "0.10").setLimits(new AgentLimits(1, null, null, null)).build()));
    fleet.report(
        status("a").setExecutor("dead").setInFlight(1).setHeartbeatAt(NOW.minusSeconds(60)).build(),
        NOW);
    alive("a");

    assertThat(routing.choose(Ask.PLAIN.request(), fleet, NOW)).isInstanceOf(Assigned.class);
  }

  @Test
  void sumsTheCallsOfAllExecutors() {
    fleet.register(
        Agent.of(agent("a", "0.10").setLimits(new AgentLimits(3, null, null, null)).build()));
    fleet.report(status("a").setInFlight(2).build(), NOW);
    fleet.report(status("a").setExecutor("executor-2").setInFlight(1).build(), NOW);

    assertThat(((Unplaced) routing.choose(Ask.PLAIN.request(), fleet, NOW)).closest())
        .isEqualTo(Filter.CONCURRENCY);
  }

  @Test
  void hintsAtTheFirstCooldownToEnd() {
    put("a", "0.10");
    put("b", "0.10");
    for (String id : List.of("a", "b")) {
      fleet.report(
          status(id).setCooldownUntil(NOW.plusSeconds(id.equals("a") ? 9 : 5)).build(), NOW);
    }

    Unplaced unplaced = (Unplaced) routing.choose(Ask.PLAIN.request(), fleet, NOW);

    assertThat(unplaced.retryAt()).isEqualTo(NOW.plusSeconds(5));
    assertThat(unplaced.label()).isEqualTo("cooldown");
    assertThat(unplaced.reason())
        .isEqualTo(
            "none of the 2 agents for 'text.summarise' can take it now: a: cooling down until"
                + " 2026-01-02T03:04:14Z; b: cooling down until 2026-01-02T03:04:10Z");
  }

  @Test
  void listsTheBestOnesOnlyAndTheChosenFirst() {
    IntStream.range(0, 50).forEach(i -> put("agent-" + i, "0." + (99 - i)));
    alive("agent-0");

    List<Candidate> candidates = routing.choose(Ask.PLAIN.request(), fleet, NOW).candidates();

    assertThat(candidates).hasSize(SETTINGS.maxCandidates());
    assertThat(candidates.getFirst().getAgent()).isEqualTo("agent-49");
    assertThat(candidates)
        .extracting(Candidate::getScore)
        .isSortedAccordingTo(BigDecimal::compareTo);
  }

  @Test
  void choosesTheSameWhateverTheOrderOfRegistration() {
    Fleet other = new Fleet();
    List<String> ids = IntStream.range(0, 30).mapToObj(i -> "agent-" + i).toList();
    ids.forEach(id -> put(id, "0.10"));
    ids.reversed().forEach(id -> other.register(Agent.of(agent(id, "0.10").build())));
    alive("agent-3");
    other.report(status("agent-3").build(), NOW);

    assertThat(routing.choose(Ask.PLAIN.request(), other, NOW).candidates())
        .isEqualTo(routing.choose(Ask.PLAIN.request(), fleet, NOW).candidates());
  }

  @Test
  void forgetsARemovedAgentAndKnowsItsLoadWhenItComesBack() {
    AgentRegistration one =
        agent("a", "0.10").setLimits(new AgentLimits(1, null, null, null)).build();
    fleet.register(Agent.of(one));
    alive("a");
    fleet.assigned("a", 0, NOW, 0);
    fleet.remove("a");
    assertThat(((Unplaced) routing.choose(Ask.PLAIN.request(), fleet, NOW)).closest()).isNull();

    fleet.register(Agent.of(one));

    assertThat(((Unplaced) routing.choose(Ask.PLAIN.request(), fleet, NOW)).closest())
        .isEqualTo(Filter.CONCURRENCY);
  }

  private void put(String id, String perCall) {
    fleet.register(Agent.of(agent(id, perCall).build()));
  }

  private void alive(String id) {
    fleet.report(status(id).build(), NOW);
  }
}
