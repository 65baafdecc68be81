package io.ligature.router.routing;

import static io.ligature.router.routing.Samples.CAPABILITY;
import static io.ligature.router.routing.Samples.NOW;
import static io.ligature.router.routing.Samples.agent;
import static io.ligature.router.routing.Samples.status;
import static org.assertj.core.api.Assertions.assertThat;

import io.ligature.avro.AgentLimits;
import io.ligature.avro.AgentRegistration;
import io.ligature.avro.AgentStatus;
import io.ligature.avro.Candidate;
import io.ligature.avro.Price;
import io.ligature.router.routing.Decision.Assigned;
import io.ligature.router.routing.Decision.Unplaced;
import io.ligature.router.routing.RoutingRequest.Hints;
import io.ligature.schemas.Money;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StrategyTest {

  private static final int TASKS = 2_000;

  private final RoutingSettings settings = with(0, 1_000_000);
  private final Routing routing = new Routing(settings);
  private final Fleet fleet = new Fleet(settings);

  private static RoutingSettings with(double exploration, double reviewCost) {
    RoutingSettings all = RoutingSettings.DEFAULTS;
    return new RoutingSettings(
        all.executorTimeout(),
        all.expectedAcceptance(),
        all.priorWeight(),
        all.expectedOutputTokens(),
        all.maxCandidates(),
        reviewCost,
        all.tie(),
        exploration,
        all.explorationFactor(),
        all.stickySpread(),
        all.fallbackPatience(),
        all.breakerCalls(),
        all.breakerFailures(),
        all.cooldown(),
        all.longestCooldown());
  }

  @BeforeEach
  void oneExecutorLives() {
    fleet.report(status("any").build(), NOW);
  }

  @Test
  void takesTheEventsForTheAcceptanceAndCountsNothingTwice() {
    put("a", "0.10");
    fleet.report(status("a").setSucceeded(1_000).build(), NOW);
    fleet.track("a", CAPABILITY, new TrackRecord(10, 2, 20, 10, 0, null, -1, -1));

    // (0.9 * 20 + 10) / (20 + 40) = 0.466667, and 0.10 / 0.466667
    assertThat(scores()).containsEntry("a", "0.214286");
  }

  @Test
  void countsTheReviewsThatItsResultsNeed() {
    put("a", "0.10");
    put("b", "0.15");
    fleet.track("a", CAPABILITY, new TrackRecord(90, 0, 10, 0, 50, null, -1, -1));
    fleet.track("b", CAPABILITY, new TrackRecord(90, 0, 10, 0, 0, null, -1, -1));

    // half of a's results cost a look of 1.00: (0.10 + 0.50) / 0.9
    assertThat(scores()).containsEntry("a", "0.666667").containsEntry("b", "0.166667");
    assertThat(chosen(plain("w/t#1"))).isEqualTo("b");
  }

  @Test
  void expectsTheOutputAndTheCachedInputThatWereMeasured() {
    Price price =
        new Price(
            null,
            Money.of("10").toDecimal(),
            Money.of("1").toDecimal(),
            Money.of("20").toDecimal(),
            null,
            null,
            null);
    put("a", "0", agent -> agent.setPrice(price).setExpectedAcceptance(1.0));
    fleet.track("a", CAPABILITY, new TrackRecord(0, 0, 0, 0, 0, null, -1, 1_000));
    Offer offer = fleet.offering(CAPABILITY).of("a");
    offer.refresh(settings);

    assertThat(offer.estimate(plain("w/t#1"))).isEqualTo(100 * 10 + 1_000 * 20);

    for (int i = 0; i < 200; i++) {
      Quota.Charge call = fleet.assigned("a", 0, NOW, 0);
      fleet.ended(call, new Ended("x", "e", NOW, true, null, 10, 1.0, null, 0), NOW);
    }
    assertThat(offer.estimate(plain("w/t#1")))
        .isCloseTo(100 * 1 + 1_000 * 20, org.assertj.core.data.Offset.offset(0.01));
  }

  @Test
  void choosesTheFasterOfNearlyEqualScores() {
    put("a", "0.1000", agent -> agent.setExpectedLatency(200L));
    put("b", "0.1009", agent -> agent.setExpectedLatency(100L));
    put("c", "0.1020", agent -> agent.setExpectedLatency(1L));

    Decision decision = routing.choose(plain("w/t#1"), fleet, NOW);

    assertThat(decision.candidates().getFirst())
        .extracting(Candidate::getAgent, Candidate::getReason)
        .containsExactly(
            "b", "fastest of those within 1 % of the lowest expected cost of an accepted result");
  }

  @Test
  void prefersTheMedianLatencyOfTheEventsToTheMeanOfTheExecutors() {
    put("a", "0.10");
    put("b", "0.10");
    fleet.report(status("a").setRecentLatency(10L).build(), NOW);
    fleet.report(status("b").setRecentLatency(20L).build(), NOW);
    fleet.track("b", CAPABILITY, new TrackRecord(0, 0, 0, 0, 0, Duration.ofMillis(5), -1, -1));

    assertThat(chosen(plain("w/t#1"))).isEqualTo("b");
  }

  @Test
  void sharesAGroupsTasksByWeight() {
    put("old", "0.10", agent -> agent.setGroup("g").setWeight(3));
    put("new", "0.10", agent -> agent.setGroup("g").setWeight(1));
    put("off", "0.10", agent -> agent.setGroup("g").setWeight(0));

    Map<String, Integer> shares = shares(Hints.NONE);

    assertThat(shares).containsOnlyKeys("old", "new");
    assertThat(shares.get("new")).isBetween(TASKS * 20 / 100, TASKS * 30 / 100);
    assertThat(droppedBy(plain("w/t#1"), "off")).isEqualTo("weight");
  }

  @Test
  void letsAGroupCompeteWithTheMeanOfItsMembers() {
    put("cheap", "0.10", agent -> agent.setGroup("g").setWeight(1));
    put("dear", "0.40", agent -> agent.setGroup("g").setWeight(1));
    put("alone", "0.20");

    // 0.25 on the mean
    assertThat(shares(Hints.NONE)).containsOnlyKeys("alone");
    fleet.remove("alone");
    put("alone", "0.30");
    assertThat(shares(Hints.NONE)).containsOnlyKeys("cheap", "dear");
  }

  @Test
  void letsATaskNameAnAgentWithoutAShare() {
    put("old", "0.10", agent -> agent.setGroup("g"));
    put("new", "0.90", agent -> agent.setGroup("g").setWeight(0));

    assertThat(chosen(hinting(new Hints(List.of(), Set.of(), "new", false), "w/t#1")))
        .isEqualTo("new");
  }

  @Test
  void keepsAWorkflowWithTheSameMemberOfAGroupWhenAsked() {
    put("old", "0.10", agent -> agent.setGroup("g"));
    put("new", "0.10", agent -> agent.setGroup("g"));
    Hints sticky = new Hints(List.of(), Set.of(), null, true);

    for (int workflow = 0; workflow < 50; workflow++) {
      String first = chosen(hinting(sticky, "w" + workflow + "/t#1"));
      assertThat(chosen(hinting(sticky, "w" + workflow + "/u[3]#2"))).isEqualTo(first);
    }
    assertThat(shares(sticky)).containsOnlyKeys("old", "new");
  }

  @Test
  void keepsAStickyWorkflowWithItsAgentWhenOthersComeAndScoresMove() {
    put("a", "0.10");
    put("b", "0.11");
    Hints sticky = new Hints(List.of(), Set.of(), null, true);
    Map<String, String> before = new TreeMap<>();
    for (int i = 0; i < 100; i++) {
      before.put("w" + i, chosen(hinting(sticky, "w" + i + "/t#1")));
    }
    assertThat(before.values()).contains("a", "b");

    put("a", "0.12");
    put("dear", "0.50");

    before.forEach(
        (workflow, agent) ->
            assertThat(chosen(hinting(sticky, workflow + "/t#2"))).isEqualTo(agent));
  }

  @Test
  void movesAStickyWorkflowOnlyWhileItsAgentCannotTakeIt() {
    put("a", "0.10");
    put("b", "0.10");
    Hints sticky = new Hints(List.of(), Set.of(), null, true);
    String usual = chosen(hinting(sticky, "w/t#1"));
    cool(usual, 30);

    assertThat(chosen(hinting(sticky, "w/t#2"))).isNotEqualTo(usual);
    assertThat(
            ((Assigned) routing.choose(hinting(sticky, "w/t#3"), fleet, alive(NOW.plusSeconds(30))))
                .agent()
                .id())
        .isEqualTo(usual);
  }

  @Test
  void takesPreferredAgentsInTheirOrder() {
    put("a", "0.10");
    put("b", "0.20");
    put("c", "0.30", agent -> agent.setFallbackTier(2));
    Hints prefer = new Hints(List.of("c", "b"), Set.of(), null, false);

    assertThat(chosen(hinting(prefer, "w/t#1"))).isEqualTo("c");
    cool("c", 60);
    assertThat(chosen(hinting(prefer, "w/t#1"))).isEqualTo("b");
    cool("b", 60);
    assertThat(chosen(hinting(prefer, "w/t#1"))).isEqualTo("a");
  }

  @Test
  void takesAnAvoidedAgentOnlyWhenThereIsNoOther() {
    put("a", "0.10");
    put("b", "0.90", agent -> agent.setFallbackTier(1));
    Hints avoid = new Hints(List.of(), Set.of("a"), null, false);

    assertThat(chosen(hinting(avoid, "w/t#1"))).isEqualTo("b");
    cool("b", 60);
    assertThat(routing.choose(hinting(avoid, "w/t#1"), fleet, NOW).candidates().getFirst())
        .extracting(Candidate::getAgent, Candidate::getReason)
        .containsExactly("a", "avoided by the task, but no other can take it now");
  }

  @Test
  void givesAPinnedTaskToNobodyElse() {
    put("a", "0.10");
    put("b", "0.20");
    RoutingRequest pinned = hinting(new Hints(List.of(), Set.of(), "b", false), "w/t#1");

    assertThat(chosen(pinned)).isEqualTo("b");
    cool("b", 60);
    assertThat(routing.choose(pinned, fleet, NOW)).isInstanceOf(Unplaced.class);
    assertThat(droppedBy(pinned, "a")).isEqualTo("pinned");
  }

  @Test
  void fallsBackToAHigherTierWhenNoLowerOneCanTakeIt() {
    put("first", "0.90");
    put("second", "0.10", agent -> agent.setFallbackTier(1));

    assertThat(chosen(plain("w/t#1"))).isEqualTo("first");
    cool("first", 60);
    assertThat(routing.choose(plain("w/t#1"), fleet, NOW).candidates().getFirst())
        .extracting(Candidate::getAgent, Candidate::getReason)
        .containsExactly("second", "tier 1: no agent of a lower tier can take it now");
  }

  @Test
  void waitsAMomentForALowerTier() {
    put("first", "0.90");
    put("second", "0.10", agent -> agent.setFallbackTier(1));
    cool("first", 1);

    Unplaced unplaced = (Unplaced) routing.choose(plain("w/t#1"), fleet, NOW);

    assertThat(unplaced.retryAt()).isEqualTo(NOW.plusSeconds(1));
    assertThat(unplaced.label()).isEqualTo("fallback_tier");
  }

  @Test
  void fallsBackAtOnceWhenALowerTierIsFull() {
    put("first", "0.90", agent -> agent.setLimits(new AgentLimits(1, null, null, null)));
    put("second", "0.10", agent -> agent.setFallbackTier(1));
    fleet.assigned("first", 0, NOW, 0);

    assertThat(chosen(plain("w/t#1"))).isEqualTo("second");
  }

  @Test
  void exploresWithASmallShareOfTheTasksThoseOfWhichLeastIsKnown() {
    Routing exploring = new Routing(with(0.1, 0));
    put("best", "0.10");
    put("known", "0.20");
    put("fresh", "0.20");
    put("dear", "0.50");
    fleet.track("known", CAPABILITY, new TrackRecord(9, 0, 0, 0, 0, null, -1, -1));
    fleet.track("best", CAPABILITY, new TrackRecord(9, 0, 0, 0, 0, null, -1, -1));

    Map<String, Integer> shares = shares(exploring, Hints.NONE);

    assertThat(shares).containsOnlyKeys("best", "fresh");
    assertThat(shares.get("fresh")).isBetween(TASKS * 7 / 100, TASKS * 13 / 100);
  }

  @Test
  void saysThatItExplored() {
    Routing exploring = new Routing(with(1, 0));
    put("best", "0.10");
    put("other", "0.20");

    assertThat(exploring.choose(plain("w/t#1"), fleet, NOW).candidates().getFirst())
        .extracting(Candidate::getAgent, Candidate::getReason)
        .containsExactly(
            "other", "explored, for little is known of it; 'best' was expected to cost least");
  }

  @Test
  void neverExploresAboveMaxCostNorWhereTheTaskSaysWho() {
    Routing exploring = new Routing(with(1, 0));
    put("best", "0.10");
    put("other", "0.20");
    RoutingRequest poor =
        new RoutingRequest(
            CAPABILITY,
            "default",
            400,
            Money.of("0.15"),
            null,
            Set.of(),
            -1,
            Hints.NONE,
            "w/t#1",
            "w");

    assertThat(chosen(exploring, poor)).isEqualTo("best");
    assertThat(
            chosen(exploring, hinting(new Hints(List.of("best"), Set.of(), null, false), "w/t#1")))
        .isEqualTo("best");
    assertThat(chosen(exploring, hinting(new Hints(List.of(), Set.of(), "best", false), "w/t#1")))
        .isEqualTo("best");
    String sticky = chosen(exploring, hinting(new Hints(List.of(), Set.of(), null, true), "w/t#1"));
    assertThat(chosen(exploring, hinting(new Hints(List.of(), Set.of(), null, true), "w/u#7")))
        .isEqualTo(sticky);
  }

  @Test
  void neverChoosesAShadowAndCopiesItsShare() {
    put("a", "0.10");
    put("shadow", "0", agent -> agent.setShadowShare(0.25));
    int copies = 0;
    for (int i = 0; i < TASKS; i++) {
      RoutingRequest request = plain("w" + i + "/t#1");
      assertThat(chosen(request)).isEqualTo("a");
      copies += routing.shadows(request, fleet, NOW).size();
    }

    assertThat(copies).isBetween(TASKS * 20 / 100, TASKS * 30 / 100);
    cool("shadow", 60);
    assertThat(routing.shadows(plain("w1/t#1"), fleet, NOW)).isEmpty();
  }

  @Test
  void choosesTheSameAgainForTheSameInputs() {
    Routing exploring = new Routing(with(0.5, 0));
    for (int i = 0; i < 20; i++) {
      put("agent-" + i, "0.1" + i % 3, agent -> agent.setGroup("g"));
    }
    for (int i = 0; i < 200; i++) {
      RoutingRequest request = plain("w" + i + "/t#1");
      assertThat(new Routing(exploring.settings()).choose(request, fleet, NOW))
          .isEqualTo(exploring.choose(request, fleet, NOW));
    }
  }

  private void put(String id, String price) {
    put(id, price, agent -> {});
  }

  private void put(String id, String price, Consumer<AgentRegistration.Builder> more) {
    AgentRegistration.Builder agent = agent(id, price);
    more.accept(agent);
    fleet.register(Agent.of(agent.build()));
  }

  private void cool(String id, int seconds) {
    AgentStatus.Builder status = status(id).setCooldownUntil(NOW.plusSeconds(seconds));
    fleet.report(status.build(), NOW);
  }

  private Instant alive(Instant now) {
    fleet.report(status("any").setHeartbeatAt(now).build(), now);
    return now;
  }

  private static RoutingRequest plain(String attempt) {
    return hinting(Hints.NONE, attempt);
  }

  private static RoutingRequest hinting(Hints hints, String attempt) {
    return new RoutingRequest(
        CAPABILITY,
        "default",
        400,
        null,
        null,
        Set.of(),
        -1,
        hints,
        attempt,
        attempt.substring(0, attempt.indexOf('/')));
  }

  private String chosen(RoutingRequest request) {
    return chosen(routing, request);
  }

  private String chosen(Routing by, RoutingRequest request) {
    return ((Assigned) by.choose(request, fleet, NOW)).agent().id();
  }

  private Map<String, Integer> shares(Hints hints) {
    return shares(routing, hints);
  }

  private Map<String, Integer> shares(Routing by, Hints hints) {
    Map<String, Integer> shares = new TreeMap<>();
    for (int i = 0; i < TASKS; i++) {
      shares.merge(chosen(by, hinting(hints, "w" + i + "/t#1")), 1, Integer::sum);
    }
    return shares;
  }

  private Map<String, String> scores() {
    Map<String, String> scores = new TreeMap<>();
    for (Candidate each : routing.choose(plain("w/t#1"), fleet, NOW).candidates()) {
      scores.put(each.getAgent(), String.valueOf(each.getScore()));
    }
    return scores;
  }

  private String droppedBy(RoutingRequest request, String agent) {
    return routing.choose(request, fleet, NOW).candidates().stream()
        .filter(each -> each.getAgent().equals(agent))
        .findFirst()
        .orElseThrow()
        .getDroppedBy();
  }
}
