package io.ligature.approval.review;

import static io.ligature.approval.review.Samples.T0;
import static io.ligature.approval.review.Samples.approve;
import static io.ligature.approval.review.Samples.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.ligature.avro.Decision;
import io.ligature.avro.Escalation;
import io.ligature.avro.OnReviewExpiry;
import io.ligature.avro.ReviewDecision;
import io.ligature.avro.ReviewRule;
import io.ligature.avro.WorkingTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ClockworkTest {

  private static final String ID = "w1:editorial-review:1";

  @Test
  void neverWakesAReviewThatWaitsForever() {
    assertThat(Clockwork.next(new Review.Open(request(ID).build()))).isEmpty();
  }

  @Test
  void climbsTheLadderStepByStepInTheOrderOfTime() {
    Review.Open review = review(ladder().build(), Duration.ofHours(8));

    assertThat(Clockwork.next(review)).contains(after(1));
    assertThat(Clockwork.due(review, after(1)))
        .containsExactly(new ReviewEvent.Reminded(1, after(1)));
    assertThat(Clockwork.due(review, after(5)))
        .containsExactly(
            new ReviewEvent.Reminded(1, after(1)),
            new ReviewEvent.Escalated(1, "lead", after(2)),
            new ReviewEvent.Reminded(2, after(3)),
            new ReviewEvent.Escalated(2, "chief", after(4)));
  }

  @Test
  void doesNothingBeforeItIsDueAndNothingTwice() {
    Review.Open review = review(ladder().build(), null);

    assertThat(Clockwork.due(review, after(1).minusMillis(1))).isEmpty();
    Review later = review;
    for (ReviewEvent event : Clockwork.due(review, after(9))) {
      later = Evolution.evolve(later, event);
    }
    assertThat(Clockwork.next(later)).isEmpty();
    assertThat(Clockwork.due((Review.Open) later, after(99))).isEmpty();
  }

  @Test
  void takesAReviewThatEscalatesFromWhoeverHasIt() {
    Review.Open held =
        (Review.Open)
            Evolution.evolve(
                review(ladder().build(), null),
                new ReviewEvent.Delegated(
                    new By("c1", "eve", "editor", after(1), "", null), "bob", after(99), 1, ""));

    Review.Open reminded =
        (Review.Open) Evolution.evolve(held, new ReviewEvent.Reminded(1, after(1)));
    Review.Open escalated =
        (Review.Open) Evolution.evolve(reminded, new ReviewEvent.Escalated(1, "lead", after(2)));

    assertThat(reminded.standing().holdAt(after(2))).isNotNull();
    assertThat(escalated.standing().holdAt(after(2))).isNull();
  }

  @Test
  void stopsWithTheReview() {
    Review.Open review = review(ladder().build(), Duration.ofHours(8));
    Review decided = review.decided(approve(ID, "c1", "eve").getDecision());

    assertThat(Clockwork.next(decided)).isEmpty();
  }

  @Test
  void doesNothingBehindTheEnd() {
    Review.Open review = review(ladder().build(), Duration.ofHours(2).minusMillis(1));

    assertThat(Clockwork.due(review, after(9)))
        .hasSize(2)
        .last()
        .isInstanceOf(ReviewEvent.Decided.class);
  }

  @ParameterizedTest
  @EnumSource(OnReviewExpiry.class)
  void decidesByPolicyWhatSilenceMeans(OnReviewExpiry meaning) {
    ReviewRule rule = ReviewRule.newBuilder().setRole("editor").setOnExpiry(meaning).build();

    assertThat(Clockwork.due(review(rule, Duration.ofHours(1)), after(2)))
        .singleElement()
        .isInstanceOfSatisfying(
            ReviewEvent.Decided.class,
            decided -> {
              assertThat(decided.decision().getDecision())
                  .isEqualTo(Decision.valueOf(meaning.name()));
              assertThat(decided.decision().getReviewer()).isEqualTo(By.POLICY);
              assertThat(decided.at()).isEqualTo(after(1));
            });
  }

  @Test
  void letsSilenceApproveWhatIsUnderReviewByThen() {
    ReviewRule rule =
        ReviewRule.newBuilder()
            .setRole("editor")
            .setQuorum(2)
            .setOnExpiry(OnReviewExpiry.approve)
            .build();
    By eve = new By("c1", "eve", "editor", T0, "", null);
    var edit = Samples.json("{\"summary\":\"clear\"}");
    Review.Open edited =
        (Review.Open)
            Evolution.evolve(
                review(rule, Duration.ofHours(1)),
                new ReviewEvent.Voted(eve, Decision.edit_and_approve, "", edit, "[]"));

    assertThat(Clockwork.due(edited, after(2)))
        .singleElement()
        .isInstanceOfSatisfying(
            ReviewEvent.Decided.class,
            decided ->
                assertThat(decided.decision())
                    .returns(Decision.edit_and_approve, ReviewDecision::getDecision)
                    .returns(edit, ReviewDecision::getEditedOutput));
  }

  @Test
  void letsSilenceApproveNothingThatNobodyHasMade() {
    ReviewRule rule =
        ReviewRule.newBuilder().setRole("editor").setOnExpiry(OnReviewExpiry.approve).build();
    Review.Open work =
        new Review.Open(
            request(ID).setRule(rule).setPurpose("work").setExpiresAt(after(1)).build());

    assertThat(Clockwork.due(work, after(2)))
        .singleElement()
        .isInstanceOfSatisfying(
            ReviewEvent.Decided.class,
            decided -> assertThat(decided.decision().getDecision()).isEqualTo(Decision.reject));
  }

  @Test
  void countsBusinessHours() {
    // T0 is a Sunday, 09:00 in UTC.
    WorkingTime weekdays = new WorkingTime("UTC", List.of(1, 2, 3, 4, 5), 9 * 60, 17 * 60);
    ReviewRule rule = ladder().setWorkingTime(weekdays).build();

    assertThat(Clockwork.next(review(rule, null))).contains(Instant.parse("2026-03-02T10:00:00Z"));
  }

  @Test
  void letsTheRolesOfTheLadderDecideFromThenOn() {
    Review.Open review = review(ladder().build(), null);
    assertThat(Reviewers.mayDecide(review, "carl", List.of("chief"))).isFalse();

    Review later = review;
    for (ReviewEvent event : Clockwork.due(review, after(4))) {
      later = Evolution.evolve(later, event);
    }

    assertThat(Reviewers.mayDecide(later, "carl", List.of("chief"))).isTrue();
    assertThat(Reviewers.mayDecide(later, "eve", List.of("editor"))).isTrue();
  }

  private static ReviewRule.Builder ladder() {
    return ReviewRule.newBuilder()
        .setRole("editor")
        .setRemindAfterMs(List.of(hours(1), hours(3)))
        .setEscalate(List.of(new Escalation(hours(2), "lead"), new Escalation(hours(4), "chief")));
  }

  private static Review.Open review(ReviewRule rule, Duration wait) {
    return new Review.Open(
        request(ID).setRule(rule).setExpiresAt(wait == null ? null : T0.plus(wait)).build());
  }

  private static long hours(int hours) {
    return Duration.ofHours(hours).toMillis();
  }

  private static Instant after(int hours) {
    return T0.plus(Duration.ofHours(hours));
  }
}
