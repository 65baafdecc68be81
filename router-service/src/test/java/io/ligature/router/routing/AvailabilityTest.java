package io.ligature.router.routing;

import static io.ligature.router.routing.Samples.CAPABILITY;
import static io.ligature.router.routing.Samples.NOW;
import static io.ligature.router.routing.Samples.agent;
import static io.ligature.router.routing.Samples.status;
import static org.assertj.core.api.Assertions.assertThat;

import io.ligature.avro.AgentLimits;
import io.ligature.avro.AgentStatus;
import io.ligature.router.routing.Decision.Assigned;
import io.ligature.router.routing.Decision.Unplaced;
import io.ligature.router.routing.Quota.Charge;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pauses, breakers, and what a minute takes. */
class AvailabilityTest {

  private static final RoutingSettings SETTINGS = RoutingSettings.DEFAULTS;

  /** 100 tokens of input, and 500 are expected to come back. */
  private static final RoutingRequest REQUEST =
      new RoutingRequest(CAPABILITY, "default", 400, null, null, Set.of());

  private final Routing routing = new Routing(SETTINGS);
  private final Fleet fleet = new Fleet();
  private Instant now = NOW;

  @BeforeEach
  void oneExecutorLives() {
    after(Duration.ZERO);
  }

  @Test
  void neverMovesTheEndOfACooldownEarlier() {
    put("a", null, null, null, null);
    List<Instant> ends = new ArrayList<>();
    Instant[] told = {now.plusSeconds(9), now.plusSeconds(5), null, now.plusSeconds(12)};
    for (int i = 0; i < told.length; i++) {
      fleet.report(
          status("a").setExecutor("executor-" + i % 2).setCooldownUntil(told[i]).build(), now);
      ends.add(fleet.member("a").cooldownUntil());
    }
    fleet.forget("a", "executor-1");
    ends.add(fleet.member("a").cooldownUntil());

    assertThat(ends)
        .containsExactly(
            NOW.plusSeconds(9),
            NOW.plusSeconds(9),
            NOW.plusSeconds(9),
            NOW.plusSeconds(12),
            NOW.plusSeconds(12));
  }

  @Test
  void coolsAllAgentsOfAQuotaThatWasExceededAndNoOther() {
    put("a", "model-1", null, null, null);
    put("b", "model-1", null, null, null);
    put("c", "model-2", null, null, null);

    fleet.report(
        status("a").setCooldownUntil(now.plusSeconds(9)).setCooldownReason("rate_limited").build(),
        now);

    assertThat(taken()).containsExactly("c");
    assertThat(why("b"))
        .isEqualTo("cooling down until 2026-01-02T03:04:14Z with its quota quota/model-1");
  }

  @Test
  void coolsTheQuotaOfAnAgentThatIsRegisteredAfterItsStatusCame() {
    fleet.report(
        status("a").setCooldownUntil(now.plusSeconds(9)).setCooldownReason("rate_limited").build(),
        now);

    put("a", "model-1", null, null, null);
    put("b", "model-1", null, null, null);

    assertThat(taken()).isEmpty();
  }

  @Test
  void coolsOneAgentAloneWhenItsProviderDidNotRefuse() {
    put("a", "model-1", null, null, null);
    put("b", "model-1", null, null, null);

    fleet.report(
        status("a")
            .setCooldownUntil(now.plusSeconds(9))
            .setCooldownReason("upstream_unavailable")
            .build(),
        now);

    assertThat(taken()).containsExactly("b");
  }

  @Test
  void coolsAQuotaAsSoonAsAResultTellsWithRetryAfterAsAFloor() {
    put("a", "model-1", null, null, null);

    fleet.ended(call("a"), limited(7_000), now);
    assertThat(fleet.member("a").cooldownUntil()).isEqualTo(NOW.plusSeconds(7));
    // What was in flight then tells the same, and doubles nothing.
    fleet.ended(call("a"), limited(0), now);
    assertThat(fleet.member("a").cooldownUntil()).isEqualTo(NOW.plusSeconds(7));

    after(Duration.ofSeconds(7));
    fleet.ended(call("a"), limited(0), now);
    assertThat(fleet.member("a").cooldownUntil()).isEqualTo(now.plusSeconds(10));
    after(Duration.ofSeconds(10));
    fleet.ended(call("a"), well("x"), now);
    fleet.ended(call("a"), limited(0), now);
    assertThat(fleet.member("a").cooldownUntil()).isEqualTo(now.plusSeconds(5));
  }

  @Test
  void takesSoManyRequestsInAnyMinute() {
    put("a", null, null, 2, null);
    call("a");
    after(Duration.ofSeconds(30));
    call("a");

    Unplaced unplaced = (Unplaced) routing.choose(REQUEST, fleet, now);
    assertThat(unplaced.label()).isEqualTo("rate");
    assertThat(unplaced.retryAt()).isEqualTo(NOW.plusSeconds(60));
    assertThat(unplaced.onlyTime()).isTrue();
    assertThat(why("a")).isEqualTo("no room in this minute of agent/a: 2 of 2 requests");

    after(Duration.ofMillis(29_999));
    assertThat(taken()).isEmpty();
    after(Duration.ofMillis(1));
    assertThat(taken()).containsExactly("a");
  }

  @Test
  void countsTheEstimateUntilTheResultTellsTheTokens() {
    put("a", null, null, null, 1_000L);
    Charge call = call("a");
    assertThat(why("a"))
        .isEqualTo(
            "no room in this minute of agent/a: 600 of 1000 tokens, and about 600 are needed");

    fleet.ended(call, served("model-1", 400), now);
    assertThat(taken()).containsExactly("a");
    assertThat(fleet.quota("agent/a").used(Permit.TOKENS, now.toEpochMilli())).isEqualTo(400);
  }

  @Test
  void takesARequestThatIsLargerThanAMinuteWhenTheMinuteIsEmpty() {
    put("a", null, null, null, 500L);

    assertThat(taken()).containsExactly("a");
    call("a");
    assertThat(taken()).isEmpty();
  }

  @Test
  void chargesTheLimitsOfTheModelThatServed() {
    put("a", "model-1", null, 1, 10_000L);
    put("b", "model-2", null, 1, 10_000L);
    Charge call = call("a");
    assertThat(taken()).containsExactly("b");

    fleet.ended(call, served("model-2", 700), now);

    assertThat(taken()).containsExactly("a");
    assertThat(fleet.quota("quota/model-1").used(Permit.TOKENS, now.toEpochMilli())).isZero();
    assertThat(fleet.quota("quota/model-2").used(Permit.TOKENS, now.toEpochMilli())).isEqualTo(700);
    assertThat(fleet.quota("quota/model-2").used(Permit.CALLS, now.toEpochMilli())).isZero();
  }

  @Test
  void countsNothingForAResultThatNoCallWasMadeFor() {
    put("a", null, null, 1, null);

    fleet.ended(call("a"), new Ended("x", "e", now, false, null, -1, -1, null, 0), now);

    assertThat(taken()).containsExactly("a");
  }

  @Test
  void countsTheMinuteOfAPartitionWithWhoeverHasThePartition() {
    put("a", null, null, 2, null);
    fleet.assigned("a", 0, now, 0);
    fleet.assigned("a", 1, now, 0);
    assertThat(taken()).isEmpty();

    fleet.moved(1);

    assertThat(taken()).containsExactly("a");
  }

  @Test
  void sharesTheSmallestLimitThatAnyAgentOfAQuotaTells() {
    put("a", "model-1", 5, null, null);
    put("b", "model-1", 2, null, null);
    call("a");
    call("b");

    assertThat(taken()).isEmpty();
  }

  @Test
  void knowsFromAResultThatACallOfAnExecutorHasEnded() {
    put("a", null, 1, null, null);
    fleet.report(status("a").setInFlight(1).build(), now);
    Charge call = call("a");

    fleet.ended(call, well("x"), now);

    assertThat(taken()).containsExactly("a");
  }

  @Test
  void opensABreakerWhenMostOfEnoughCallsFail() {
    put("a", null, null, null, null);
    report("a", 9, 9);
    assertThat(taken()).containsExactly("a");
    report("a", 10, 5);
    assertThat(taken()).containsExactly("a");

    report("a", 10, 6);

    assertThat(taken()).isEmpty();
    assertThat(why("a")).isEqualTo("failed too often; tried again at 2026-01-02T03:04:10Z");
  }

  @Test
  void sumsTheCallsOfLivingExecutorsForTheBreaker() {
    put("a", null, null, null, null);
    fleet.report(counts("a", 6, 6).setExecutor("dead").setHeartbeatAt(now).build(), now);
    after(SETTINGS.executorTimeout().plusMillis(1));

    fleet.report(counts("a", 6, 6).setHeartbeatAt(now).build(), now);
    assertThat(taken()).containsExactly("a");

    fleet.report(counts("a", 6, 6).setExecutor("executor-2").setHeartbeatAt(now).build(), now);
    assertThat(taken()).isEmpty();
  }

  @Test
  void letsOneCallTryAHalfOpenBreakerAndClosesItWhenThatEndsWell() {
    put("a", null, null, null, null);
    report("a", 10, 10);
    after(Duration.ofSeconds(5));
    Charge probe = call("a");
    fleet.called("a", "probe");
    assertThat(why("a")).isEqualTo("failed too often; one call is trying it now");

    fleet.ended(probe, well("probe"), now);

    assertThat(taken()).containsExactly("a");
    // The failures of before are still in the executor's minute, but count no more.
    report("a", 10, 10);
    assertThat(taken()).containsExactly("a");
    report("a", 20, 20);
    assertThat(taken()).isEmpty();
  }

  @Test
  void opensABreakerForTwiceAsLongWhenTheTryFailsUpToALimit() {
    put("a", null, null, null, null);
    report("a", 10, 10);
    List<Long> pauses = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      Instant retryAt = ((Unplaced) routing.choose(REQUEST, fleet, now)).retryAt();
      pauses.add(Duration.between(now, retryAt).toSeconds());
      after(Duration.between(now, retryAt));
      assertThat(taken()).containsExactly("a");
      Charge probe = call("a");
      fleet.called("a", "probe");
      fleet.ended(
          probe, new Ended("probe", "e", now, true, null, -1, -1, "upstream_unavailable", 0), now);
    }

    assertThat(pauses).containsExactly(5L, 10L, 20L, 40L, 60L, 60L);
  }

  @Test
  void triesAgainWhenTheTryToldNothing() {
    put("a", null, null, null, null);
    report("a", 10, 10);
    after(Duration.ofSeconds(5));
    Charge probe = call("a");
    fleet.called("a", "probe");

    fleet.ended(probe, new Ended("probe", "e", now, true, null, -1, -1, "invalid_input", 0), now);
    assertThat(taken()).containsExactly("a");
    fleet.called("a", "probe-2");
    assertThat(taken()).isEmpty();
    fleet.abandoned("a", "probe-2");
    assertThat(taken()).containsExactly("a");
  }

  @Test
  void takesAHeartbeatFromTheFutureAsOfNow() {
    put("a", null, null, null, null);
    fleet.report(status("a").setHeartbeatAt(now.plusSeconds(3_600)).build(), now);

    now = now.plus(SETTINGS.executorTimeout()).plusMillis(1);

    assertThat(taken()).isEmpty();
  }

  @Test
  void remembersOnlySoManyAgentsThatNobodyRegistered() {
    put("a", null, null, null, null);
    report("a", 10, 10);
    for (int i = 0; i < Fleet.UNREGISTERED_KEPT + 10; i++) {
      fleet.report(status("stranger-" + i).setSucceeded(5).build(), now);
    }

    put("stranger-0", null, null, null, null);
    put("stranger-900", null, null, null, null);

    assertThat(fleet.member("stranger-0").succeeded()).isZero();
    assertThat(fleet.member("stranger-900").succeeded()).isEqualTo(5);
    assertThat(taken()).doesNotContain("a");
  }

  private void put(String id, String quota, Integer concurrency, Integer requests, Long tokens) {
    fleet.register(
        Agent.of(
            agent(id, "0.10")
                .setLimits(new AgentLimits(concurrency, requests, tokens, quota))
                .build()));
  }

  private void after(Duration time) {
    now = now.plus(time);
    fleet.report(status("*").setHeartbeatAt(now).build(), now);
  }

  private Charge call(String agent) {
    return fleet.assigned(agent, 0, now, 600);
  }

  private Ended well(String attempt) {
    return new Ended(attempt, "executor-1", now, true, null, -1, -1, null, 0);
  }

  private Ended served(String model, long tokens) {
    return new Ended("x", "executor-1", now, true, model, tokens, -1, null, 0);
  }

  private Ended limited(long retryAfter) {
    return new Ended("x", "executor-1", now, true, null, -1, -1, "rate_limited", retryAfter);
  }

  private static AgentStatus.Builder counts(String agent, int calls, int failures) {
    return status(agent)
        .setSucceeded(calls - failures)
        .setFailed(failures)
        .setRecentCalls(calls)
        .setRecentFailures(failures);
  }

  private void report(String agent, int calls, int failures) {
    fleet.report(counts(agent, calls, failures).setHeartbeatAt(now).build(), now);
  }

  /** The agents that could take the request now, by id. */
  private List<String> taken() {
    List<String> taken = new ArrayList<>();
    routing
        .choose(REQUEST, fleet, now)
        .candidates()
        .forEach(
            each -> {
              if (each.getDroppedBy() == null) {
                taken.add(each.getAgent());
              }
            });
    assertThat(routing.choose(REQUEST, fleet, now) instanceof Assigned).isEqualTo(!taken.isEmpty());
    return taken.stream().sorted().toList();
  }

  private String why(String agent) {
    return routing.choose(REQUEST, fleet, now).candidates().stream()
        .filter(each -> each.getAgent().equals(agent))
        .findFirst()
        .orElseThrow()
        .getReason();
  }
}
