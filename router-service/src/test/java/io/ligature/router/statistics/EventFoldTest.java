package io.ligature.router.statistics;

import static io.ligature.router.statistics.Events.NOW;
import static io.ligature.router.statistics.Events.answered;
import static io.ligature.router.statistics.Events.asked;
import static io.ligature.router.statistics.Events.decided;
import static io.ligature.router.statistics.Events.failed;
import static io.ligature.router.statistics.Events.figures;
import static io.ligature.router.statistics.Events.gate;
import static io.ligature.router.statistics.Events.scheduled;
import static io.ligature.router.statistics.Events.shadow;
import static io.ligature.router.statistics.Events.started;
import static io.ligature.router.statistics.Events.succeeded;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.within;

import io.ligature.avro.Decision;
import io.ligature.avro.Grade;
import io.ligature.avro.ResultStatus;
import io.ligature.avro.WorkflowEvent;
import io.ligature.router.routing.Samples;
import io.ligature.router.routing.TrackRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventFoldTest {

  private static final HalfLife DAY = new HalfLife(Duration.ofDays(1));
  private static final AgentAt A = new AgentAt("a", Samples.CAPABILITY);

  private final EventFold fold = new EventFold(DAY, 100, 100, 1000, 0);
  private long offset;

  @Test
  void countsAResultThatWasUsed() {
    fold(scheduled("w/t#1", NOW), succeeded("w/t#1", "a", figures(0.9).build(), Grade.clean, NOW));

    assertThat(counted())
        .containsOnly(
            entry("accepted", 1.0),
            entry("cost", 20_000.0),
            entry("cost_calls", 1.0),
            entry("input_tokens", 1000.0),
            entry("output_tokens", 200.0),
            entry("cached_input_tokens", 0.0),
            entry("token_calls", 1.0));
    assertThat(figuresOf().reliability().count()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "low_confidence, rejected_by_threshold",
    "rejected_by_validator, rejected_by_validator",
    "rejected_by_reviewer, rejected_by_reviewer"
  })
  void countsWhatTurnedAResultDown(String kind, String count) {
    fold(scheduled("w/t#1", NOW), failed("w/t#1", "a", kind, figures(0.4).build(), NOW));

    assertThat(counted()).contains(entry(count, 1.0)).doesNotContainKey("accepted");
    assertThat(figuresOf().failed()).isEmpty();
  }

  @Test
  void tellsItsFaultsFromWhatIsNone() {
    for (String kind : new String[] {"timeout", "rate_limited", "cancelled", "model_error"}) {
      fold(scheduled("w/t#1", NOW), failed("w/t#1", "a", kind, null, NOW));
    }

    assertThat(figuresOf().failed())
        .containsOnlyKeys("timeout", "rate_limited", "cancelled", "model_error");
    assertThat(figuresOf().failures()).isEqualTo(2, within(1e-9));
  }

  @Test
  void knowsFromTheClaimWhoWasSilent() {
    fold(
        scheduled("w/t#1", NOW),
        started("w/t#1", "a", NOW),
        failed("w/t#1", null, "timeout", null, NOW));

    assertThat(figuresOf().failed()).containsOnlyKeys("timeout");
  }

  @Test
  void countsNobodyForAnAttemptThatNobodyGot() {
    fold(scheduled("w/t#1", NOW), failed("w/t#1", null, "no_agent", null, NOW));

    assertThat(fold.tallies()).isEmpty();
    assertThat(fold.unattributed()).isZero();
  }

  @Test
  void leavesOutWhatItHasNoCapabilityFor() {
    fold(succeeded("w/t#1", "a", figures(0.9).build(), Grade.clean, NOW));

    assertThat(fold.tallies()).isEmpty();
    assertThat(fold.unattributed()).isEqualTo(1);
  }

  @Test
  void forgetsTheOldestOpenTaskWhenThereAreTooMany() {
    EventFold small = new EventFold(DAY, 100, 1, 1000, 0);
    small.take(scheduled("w/t#1", NOW), 0);
    small.take(scheduled("w/u#1", NOW), 1);
    small.take(succeeded("w/t#1", "a", figures(0.9).build(), Grade.clean, NOW), 2);
    small.take(succeeded("w/u#1", "a", figures(0.9).build(), Grade.clean, NOW), 3);

    assertThat(small.tallies().get(A).at(NOW).count(Count.ACCEPTED)).isEqualTo(1, within(1e-9));
    assertThat(small.unattributed()).isEqualTo(1);
  }

  @Test
  void makesRoomForANewAgentAndSaysWhoWentOut() {
    EventFold small = new EventFold(DAY, 1, 100, 1000, 0);
    for (String agent : new String[] {"a", "b"}) {
      small.take(scheduled("w/" + agent + "#1", NOW), 0);
      small.take(succeeded("w/" + agent + "#1", agent, figures(0.9).build(), Grade.clean, NOW), 1);
    }

    assertThat(small.tallies()).containsOnlyKeys(new AgentAt("b", Samples.CAPABILITY));
    assertThat(small.takeDropped()).containsExactly(A);
  }

  @Test
  void countsRepairedResultsAmongTheAccepted() {
    fold(
        scheduled("w/t#1", NOW),
        succeeded("w/t#1", "a", figures(0.9).build(), Grade.repaired, NOW));

    assertThat(counted()).contains(entry("accepted", 1.0), entry("repaired", 1.0));
  }

  @Test
  void doesNotCountAResultThatNobodyWasCalledFor() {
    fold(
        scheduled("w/t#1", NOW),
        succeeded("w/t#1", "a", figures(0.9).setServedFrom("w/s#1").build(), Grade.clean, NOW));

    assertThat(fold.tallies()).isEmpty();
  }

  @Test
  void takesACriticsWordAndCountsTheCallOnce() {
    var figures = figures(0.9).build();
    fold(
        scheduled("w/t#1", NOW),
        answered("w/t#1", "a", figures, NOW),
        failed("w/t#1", "a", "rejected_by_validator", figures, NOW),
        scheduled("w/t#2", NOW),
        answered("w/t#2", "a", figures, NOW),
        succeeded("w/t#2", "a", figures, Grade.clean, NOW));

    assertThat(counted())
        .contains(
            entry("accepted", 1.0),
            entry("rejected_by_validator", 1.0),
            entry("cost_calls", 2.0),
            entry("token_calls", 2.0));
    assertThat(figuresOf().reliability().bins().get(9).observed()).isEqualTo(0.5);
  }

  @Test
  void takesTheRejectionBackWhenAReviewerUsesTheResult() {
    Instant later = NOW.plus(Duration.ofHours(30));
    fold(
        scheduled("w/t#1", NOW),
        failed("w/t#1", "a", "low_confidence", figures(0.4).build(), NOW),
        asked("w/t#1", "result", null, null, NOW),
        decided("w/t#1", Decision.approve, "rita", later),
        succeeded("w/t#1", "a", null, Grade.clean, later));

    Figures figures = fold.tallies().get(A).at(later);
    assertThat(figures.count(Count.REJECTED_BY_THRESHOLD)).isEqualTo(0, within(1e-9));
    assertThat(figures.count(Count.ACCEPTED)).isEqualTo(1, within(1e-9));
    assertThat(figures.reliability().bins().get(4).observed()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    // decision, accepted, edited, rejected by a reviewer, verdict
    "approve, 1, 0, 0, 1",
    "edit_and_approve, 1, 1, 0, 0",
    "reject, 0, 0, 1, 0",
    "request_changes, 0, 0, 1, 0",
    "abort, 0, 0, 0, "
  })
  void takesAReviewersWord(
      Decision decision, double accepted, double edited, double rejected, Double verdict) {
    fold(
        scheduled("w/t#1", NOW),
        asked("w/t#1", "result", "a", figures(0.75).build(), NOW),
        decided("w/t#1", decision, "rita", NOW));
    if (accepted > 0) {
      boolean changed = decision == Decision.edit_and_approve;
      fold(succeeded("w/t#1", "a", null, changed ? Grade.human_edited : Grade.clean, NOW));
    }

    Figures figures = figuresOf();
    assertThat(figures.count(Count.REVIEWED)).isEqualTo(1, within(1e-9));
    assertThat(figures.count(Count.ACCEPTED)).isEqualTo(accepted, within(1e-9));
    assertThat(figures.count(Count.EDITED)).isEqualTo(edited, within(1e-9));
    assertThat(figures.count(Count.REJECTED_BY_REVIEWER)).isEqualTo(rejected, within(1e-9));
    assertThat(figures.reliability().bins().get(7).observed()).isEqualTo(verdict);
  }

  @Test
  void takesNoVerdictFromNobody() {
    fold(
        scheduled("w/t#1", NOW),
        asked("w/t#1", "result", "a", figures(0.75).build(), NOW),
        decided("w/t#1", Decision.reject, "policy", NOW));

    assertThat(figuresOf().reliability().count()).isZero();
    assertThat(figuresOf().rejected()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    // output that the gate asks about, accepted, rejected
    "{\"a\": 1}, 0, 1",
    "{\"b\": 2}, 1, 0"
  })
  void letsAGateJudgeTheResultThatItAsksAbout(String subject, double accepted, double rejected) {
    Instant later = NOW.plus(Duration.ofDays(2));
    fold(
        scheduled("w/made#1", NOW),
        succeeded("w/made#1", "a", figures(0.9).build(), Grade.clean, NOW),
        gate("w/gate#1", "a", 0.9, "{\"a\": 1}", subject, NOW),
        decided("w/gate#1", Decision.reject, "rita", later));

    Figures figures = fold.tallies().get(A).at(later);
    assertThat(figures.count(Count.ACCEPTED)).isEqualTo(accepted / 4, within(1e-9));
    assertThat(figures.count(Count.REJECTED_BY_REVIEWER)).isEqualTo(rejected, within(1e-9));
  }

  @Test
  void countsWorkOfPeopleAsWorkAndNotAsReview() {
    fold(
        scheduled("w/t#1", NOW),
        asked("w/t#1", "work", "a", figures(null).build(), NOW),
        decided("w/t#1", Decision.edit_and_approve, "rita", NOW),
        succeeded("w/t#1", "a", null, Grade.human_edited, NOW));

    assertThat(counted()).containsOnly(entry("accepted", 1.0));
  }

  @Test
  void neverTakesAShadowForAnAcceptedResult() {
    fold(
        scheduled("w/t#1", NOW),
        shadow("w/t#1", "s", ResultStatus.success, null, NOW),
        succeeded("w/t#1", "a", figures(0.9).build(), Grade.clean, NOW),
        shadow("w/t#1", "s", ResultStatus.success, true, NOW),
        shadow("w/t#1", "s", ResultStatus.success, false, NOW),
        shadow("w/t#1", "s", ResultStatus.failure, null, NOW));

    Figures shadow = fold.tallies().get(new AgentAt("s", Samples.CAPABILITY)).at(NOW);
    assertThat(shadow.shadowAgreement()).isEqualTo(0.5);
    assertThat(shadow.count(Count.SHADOW_FAILED)).isEqualTo(1, within(1e-9));
    assertThat(shadow.track().calls()).isZero();
  }

  @Test
  void handsRoutingWhatItNeeds() {
    fold(
        scheduled("w/t#1", NOW),
        succeeded("w/t#1", "a", figures(0.9).build(), Grade.clean, NOW),
        scheduled("w/u#1", NOW),
        failed("w/u#1", "a", "model_error", null, NOW));

    TrackRecord track = figuresOf().track();
    assertThat(track.accepted()).isEqualTo(1, within(1e-9));
    assertThat(track.failed()).isEqualTo(1, within(1e-9));
    assertThat(track.meanCost()).isEqualTo(10_000, within(1e-6));
    assertThat(track.meanOutputTokens()).isEqualTo(200, within(1e-6));
    assertThat(track.medianLatency().toMillis()).isBetween(95L, 105L);
  }

  @Test
  void dropsWhatHasFaded() {
    fold(scheduled("w/t#1", NOW), succeeded("w/t#1", "a", figures(0.9).build(), Grade.clean, NOW));

    fold.dropFaded(NOW.plus(Duration.ofDays(9)), 0.001);
    assertThat(fold.tallies()).containsKey(A);
    fold.dropFaded(NOW.plus(Duration.ofDays(10)), 0.001);
    assertThat(fold.tallies()).isEmpty();
    assertThat(fold.takeDropped()).containsExactly(A);
  }

  private void fold(WorkflowEvent... events) {
    for (WorkflowEvent event : events) {
      fold.take(event, offset++);
    }
  }

  private Figures figuresOf() {
    return fold.tallies().get(A).at(NOW);
  }

  /** The counts as of {@link Events#NOW}, rounded to a millionth. */
  private Map<String, Double> counted() {
    Map<String, Double> counted = new TreeMap<>();
    for (String name : fold.tallies().get(A).toRecord("a", "", 0, 0).getCounts().keySet()) {
      Count count = Count.valueOf(name.toUpperCase(java.util.Locale.ROOT));
      counted.put(name, Math.round(figuresOf().count(count) * 1e6) / 1e6);
    }
    return counted;
  }
}
