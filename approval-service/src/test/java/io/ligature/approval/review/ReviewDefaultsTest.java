package io.ligature.approval.review;

import static io.ligature.approval.review.Samples.T0;
import static io.ligature.approval.review.Samples.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.ligature.avro.Escalation;
import io.ligature.avro.NeedsReview;
import io.ligature.avro.OnReviewExpiry;
import io.ligature.avro.ReviewRule;
import io.ligature.avro.WorkingTime;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReviewDefaultsTest {

  private static final String ID = "w1:editorial-review:1";
  private static final ReviewDefaults DEFAULTS =
      new ReviewDefaults(
          List.of(Duration.ofHours(1)),
          List.of(new Escalation(7_200_000L, "chief")),
          Duration.ofHours(3),
          OnReviewExpiry.abort,
          null,
          1,
          false);

  @Test
  void fillWhatTheDefinitionLeavesOpen() {
    NeedsReview filled = DEFAULTS.of(request(ID).build());

    assertThat(filled.getExpiresAt()).isEqualTo(T0.plus(Duration.ofHours(3)));
    assertThat(filled.getRule())
        .returns(List.of(3_600_000L), ReviewRule::getRemindAfterMs)
        .returns(List.of(new Escalation(7_200_000L, "chief")), ReviewRule::getEscalate)
        .returns(OnReviewExpiry.abort, ReviewRule::getOnExpiry);
  }

  @Test
  void changeNothingTheDefinitionSays() {
    ReviewRule own =
        ReviewRule.newBuilder()
            .setRole("editor")
            .setRemindAfterMs(List.of(5L))
            .setEscalate(List.of(new Escalation(6L, "lead")))
            .build();
    NeedsReview said = request(ID).setRule(own).setExpiresAt(T0.plusSeconds(9)).build();

    assertThat(DEFAULTS.of(said)).isEqualTo(said);
  }

  @Test
  void endNoWaitThatHasALadderOfItsOwn() {
    ReviewRule own =
        ReviewRule.newBuilder()
            .setRole("editor")
            .setEscalate(List.of(new Escalation(6L, "lead")))
            .build();

    assertThat(DEFAULTS.of(request(ID).setRule(own).build()).getExpiresAt()).isNull();
  }

  @Test
  void areCountedInBusinessHoursWhereTheDefinitionSaysNothingOfTime() {
    WorkingTime sundays = new WorkingTime("UTC", List.of(7), 600, 660);
    ReviewDefaults hours =
        new ReviewDefaults(
            List.of(), List.of(), Duration.ofHours(2), OnReviewExpiry.reject, sundays, 1, false);
    ReviewRule own =
        ReviewRule.newBuilder().setRole("editor").setRemindAfterMs(List.of(5L)).build();

    NeedsReview filled = hours.of(request(ID).build());

    assertThat(filled.getRule().getWorkingTime()).isEqualTo(sundays);
    // From a Sunday at nine: an hour on that day, and one on the next.
    assertThat(filled.getExpiresAt()).isEqualTo(T0.plus(Duration.ofDays(7)).plusSeconds(7_200));
    assertThat(hours.of(request(ID).setRule(own).build()).getRule().getWorkingTime()).isNull();
  }

  @Test
  void askForMoreThanTheDefinitionButNeverForLess() {
    ReviewDefaults strict =
        new ReviewDefaults(List.of(), List.of(), null, OnReviewExpiry.reject, null, 2, true);

    assertThat(strict.of(request(ID).build()).getRule())
        .returns(2, ReviewRule::getQuorum)
        .returns(true, ReviewRule::getFourEyes);
    NeedsReview three =
        request(ID).setRule(Samples.rule("editor", 3, false, true, List.of())).build();
    assertThat(strict.of(three).getRule().getQuorum()).isEqualTo(3);
    assertThat(strict.of(request(ID).setPurpose("budget").build()).getRule())
        .returns(1, ReviewRule::getQuorum)
        .returns(true, ReviewRule::getFourEyes);
  }

  @Test
  void changeNothingWhenThereAreNone() {
    NeedsReview said = request(ID).build();

    assertThat(ReviewDefaults.NONE.of(said)).isEqualTo(said);
  }
}
