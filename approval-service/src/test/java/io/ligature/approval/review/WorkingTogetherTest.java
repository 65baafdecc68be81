package io.ligature.approval.review;

import static io.ligature.approval.review.Samples.T0;
import static io.ligature.approval.review.Samples.act;
import static io.ligature.approval.review.Samples.approve;
import static io.ligature.approval.review.Samples.as;
import static io.ligature.approval.review.Samples.at;
import static io.ligature.approval.review.Samples.command;
import static io.ligature.approval.review.Samples.json;
import static io.ligature.approval.review.Samples.request;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ligature.approval.review.Outcome.Accepted;
import io.ligature.approval.review.Outcome.Noted;
import io.ligature.approval.review.Outcome.Refused;
import io.ligature.avro.Decision;
import io.ligature.avro.ReviewAct;
import io.ligature.avro.ReviewCommand;
import io.ligature.avro.ReviewDecision;
import io.ligature.avro.ReviewRule;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Several people and one review: claims, delegations, comments, quorums. */
class WorkingTogetherTest {

  private static final String ID = "w1:editorial-review:1";
  private static final Duration LEASE = ReviewLimits.DEFAULTS.lease();

  private final Rules rules = Samples.rules((schema, output) -> List.of());
  private Review review = new Review.Open(request(ID).build());

  @Test
  void keepsOthersFromDecidingWhatSomebodyHas() {
    take(act(ID, "c1", "eve", ReviewAct.claim, "", T0));

    assertThat(outcome(approve(ID, "c2", "bob")))
        .isEqualTo(new Refused(new Refusal.Held("eve", T0.plus(LEASE))));
    assertThat(outcome(act(ID, "c3", "bob", ReviewAct.claim, "", T0.plusSeconds(1))))
        .isEqualTo(new Refused(new Refusal.Held("eve", T0.plus(LEASE))));
    assertThat(outcome(approve(ID, "c4", "eve"))).isInstanceOf(Accepted.class);
  }

  @Test
  void letsOthersDecideFromTheEndOfTheLeaseOn() {
    take(act(ID, "c1", "eve", ReviewAct.claim, "", T0));

    assertThat(outcome(at(approve(ID, "c2", "bob"), T0.plus(LEASE).minusMillis(1))))
        .isInstanceOf(Refused.class);
    assertThat(outcome(at(approve(ID, "c2", "bob"), T0.plus(LEASE)))).isInstanceOf(Accepted.class);
  }

  @Test
  void renewsTheLeaseWhenItsHolderDoesSomething() {
    take(act(ID, "c1", "eve", ReviewAct.claim, "", T0));
    take(act(ID, "c2", "eve", ReviewAct.comment, "reading", T0.plusSeconds(600)));

    assertThat(outcome(at(approve(ID, "c3", "bob"), T0.plus(LEASE))))
        .isEqualTo(new Refused(new Refusal.Held("eve", T0.plusSeconds(600).plus(LEASE))));
  }

  @Test
  void letsEveryoneCommentWhoeverHasIt() {
    take(act(ID, "c1", "eve", ReviewAct.claim, "", T0));

    assertThat(outcome(act(ID, "c2", "bob", ReviewAct.comment, "hm", T0)))
        .isEqualTo(new Noted(2, "0 of 1 approval; with 'eve' until " + T0.plus(LEASE)));
    assertThat(outcome(act(ID, "c3", "bob", ReviewAct.comment, "  ", T0)))
        .isEqualTo(new Refused(new Refusal.Missing("a comment needs a text")));
  }

  @Test
  void givesBackWhatIsReleased() {
    take(act(ID, "c1", "eve", ReviewAct.claim, "", T0));

    assertThat(outcome(act(ID, "c2", "bob", ReviewAct.release, "", T0)))
        .isEqualTo(new Refused(new Refusal.Held("eve", T0.plus(LEASE))));
    take(act(ID, "c3", "eve", ReviewAct.release, "", T0));

    assertThat(outcome(act(ID, "c4", "eve", ReviewAct.release, "", T0)))
        .isEqualTo(new Refused(new Refusal.NotHeld()));
    assertThat(outcome(approve(ID, "c5", "bob"))).isInstanceOf(Accepted.class);
  }

  @Test
  void letsAnOperatorReleaseButNotDecide() {
    take(act(ID, "c1", "eve", ReviewAct.claim, "", T0));
    take(as(act(ID, "c2", "olga", ReviewAct.release, "", T0), "operator"));

    assertThat(review.standing().holdAt(T0)).isNull();
    assertThat(outcome(as(approve(ID, "c3", "olga"), "operator")))
        .isEqualTo(new Refused(new Refusal.WrongRole("editor")));
  }

  @Test
  void handsAReviewToOnePersonUntilThen() {
    take(delegate("c1", "eve", "bob", T0.plusSeconds(3600)));

    assertThat(outcome(approve(ID, "c2", "eve")))
        .isEqualTo(new Refused(new Refusal.Held("bob", T0.plusSeconds(3600))));
    assertThat(outcome(at(approve(ID, "c3", "eve"), T0.plusSeconds(3600))))
        .isInstanceOf(Accepted.class);
    assertThat(outcome(approve(ID, "c4", "bob"))).isInstanceOf(Accepted.class);
  }

  @Test
  void handsAReviewOnOnlySoOften() {
    take(delegate("c1", "eve", "bob", null));
    take(delegate("c2", "bob", "cleo", null));

    assertThat(outcome(delegate("c3", "cleo", "dan", null)))
        .isEqualTo(
            new Refused(
                new Refusal.NoDelegation(
                    "this review was handed on 2 times, which is as often as it may be")));
  }

  @Test
  void keepsItsDepthWhenWhoeverGotItClaimsIt() {
    take(delegate("c1", "eve", "bob", null));
    take(act(ID, "c2", "bob", ReviewAct.claim, "", T0));
    take(delegate("c3", "bob", "cleo", null));

    assertThat(outcome(delegate("c4", "cleo", "dan", null))).isInstanceOf(Refused.class);
  }

  @Test
  void handsNothingToThoseWhoMayNotDecide() {
    Review strict =
        new Review.Open(request(ID).setRule(Samples.rule("editor", true, true)).build());

    assertThat(problem(strict, delegate("c1", "eve", "stan", null)))
        .isEqualTo("'stan' started the workflow, and this review needs four eyes");
    assertThat(
            problem(
                strict,
                ReviewCommand.newBuilder(delegate("c1", "eve", "leo", null))
                    .setToRoles(List.of("legal"))
                    .build()))
        .isEqualTo("'leo' may not decide this review: it needs the role 'editor'");
    assertThat(problem(strict, delegate("c1", "eve", "eve", null)))
        .isEqualTo("you have it yourself; claim it instead");
    assertThat(problem(strict, delegate("c1", "eve", "bob", T0)))
        .isEqualTo("'until' must be in the future, and at most PT72H from now");
    assertThat(problem(strict, delegate("c1", "eve", "bob", T0.plus(Duration.ofDays(4)))))
        .isEqualTo("'until' must be in the future, and at most PT72H from now");
    assertThat(outcome(act(ID, "c1", "eve", ReviewAct.delegate, "", T0)))
        .isEqualTo(new Refused(new Refusal.Missing("say in 'to' who shall have the review")));
  }

  @Test
  void needsAsManyApprovalsAsItsQuorum() {
    quorum(2, 1);
    take(approve(ID, "c1", "eve"));

    assertThat(outcome(approve(ID, "c2", "eve")))
        .isEqualTo(new Refused(new Refusal.AlreadyVoted("eve")));
    assertThat(outcome(approve(ID, "c3", "bob")))
        .isInstanceOfSatisfying(
            Accepted.class,
            accepted -> assertThat(accepted.decision().getReviewer()).isEqualTo("bob"));
  }

  @Test
  void isRejectedByOneUnlessTheRuleWantsMore() {
    quorum(2, 1);
    take(approve(ID, "c1", "eve"));
    assertThat(outcome(command(ID, "c2", "bob", Decision.reject, "no", null)))
        .isInstanceOf(Accepted.class);

    quorum(2, 2);
    take(command(ID, "c1", "eve", Decision.reject, "no", null));
    assertThat(outcome(command(ID, "c2", "bob", Decision.reject, "no", null)))
        .isInstanceOfSatisfying(
            Accepted.class,
            accepted -> assertThat(accepted.decision().getDecision()).isEqualTo(Decision.reject));
    assertThat(outcome(approve(ID, "c3", "bob")))
        .isEqualTo(new Noted(2, "1 of 2 approvals, 1 of 2 rejections"));
  }

  @Test
  void countsNoApprovalOfWhatWasThereBeforeAnEdit() {
    quorum(2, 1);
    take(approve(ID, "c1", "eve"));
    take(command(ID, "c2", "bob", Decision.edit_and_approve, "", json("{\"summary\":\"salt\"}")));

    assertThat(review.standing().approvals()).isEqualTo(1);
    assertThat(outcome(approve(ID, "c3", "eve")))
        .isInstanceOfSatisfying(
            Accepted.class,
            accepted ->
                assertThat(accepted.decision())
                    .returns(Decision.edit_and_approve, ReviewDecision::getDecision)
                    .returns(json("{\"summary\":\"salt\"}"), ReviewDecision::getEditedOutput));
  }

  @Test
  void changesNothingWhenACommandComesAgain() {
    take(act(ID, "c1", "eve", ReviewAct.claim, "", T0));
    Review before = review;

    take(act(ID, "c1", "eve", ReviewAct.claim, "", T0.plusSeconds(9)));

    assertThat(review).isEqualTo(before);
    assertThat(outcome(act(ID, "c1", "eve", ReviewAct.claim, "", T0.plusSeconds(9))))
        .isInstanceOf(Noted.class);
    assertThat(outcome(approve(ID, "c1", "eve")))
        .isEqualTo(new Refused(new Refusal.KeyReused("c1")));
  }

  @Test
  void refusesAnotherTextUnderAKnownKey() {
    take(act(ID, "c1", "eve", ReviewAct.comment, "reading", T0));

    assertThat(outcome(act(ID, "c1", "eve", ReviewAct.comment, "done", T0)))
        .isEqualTo(new Refused(new Refusal.KeyReused("c1")));
    assertThat(outcome(act(ID, "c1", "bob", ReviewAct.comment, "reading", T0)))
        .isEqualTo(new Refused(new Refusal.KeyReused("c1")));
    assertThat(outcome(act(ID, "c1", "eve", ReviewAct.comment, "reading", T0)))
        .isInstanceOf(Noted.class);
  }

  @Test
  void refusesAnotherOutputUnderAKnownKeyAlsoAfterTheDecision() {
    ReviewCommand edit = edit("{\"summary\":\"salt\"}");
    ReviewCommand other = edit("{\"summary\":\"sand\"}");
    take(edit);

    assertThat(review).isInstanceOf(Review.Decided.class);
    assertThat(outcome(edit)).isInstanceOf(Outcome.Repeated.class);
    assertThat(outcome(other)).isEqualTo(new Refused(new Refusal.KeyReused("c1")));
  }

  private static ReviewCommand edit(String output) {
    return command(ID, "c1", "eve", Decision.edit_and_approve, "clearer", json(output));
  }

  @Test
  void changesNothingWhenACommentThatRenewedTheLeaseComesAgain() {
    take(act(ID, "c1", "eve", ReviewAct.claim, "", T0));
    ReviewCommand comment = act(ID, "c2", "eve", ReviewAct.comment, "reading", T0.plusSeconds(600));
    take(comment);

    assertThat(rules.decide(review, comment, null)).isEqualTo(new Ruling.Happened());
  }

  @Test
  void answersTheFirstOfSeveralApprovalsAgainBehindTheDecision() {
    quorum(2, 1);
    take(approve(ID, "c1", "eve"));
    take(approve(ID, "c2", "bob"));

    assertThat(outcome(approve(ID, "c1", "eve"))).isInstanceOf(Outcome.Repeated.class);
  }

  @Test
  void takesOnlyDecisionsWhenTheTrailIsFull() {
    Rules tight =
        new Rules(
            (schema, output) -> List.of(),
            (before, after) -> "[]",
            new ReviewLimits(LEASE, 2, Duration.ofDays(1), 1, 100));
    Review one = Samples.after(tight, review, act(ID, "c1", "eve", ReviewAct.comment, "a", T0));

    assertThat(Samples.outcome(tight, one, act(ID, "c2", "eve", ReviewAct.comment, "b", T0)))
        .isEqualTo(new Refused(new Refusal.TrailFull(1)));
    assertThat(Samples.outcome(tight, one, approve(ID, "c3", "eve"))).isInstanceOf(Accepted.class);
  }

  @Test
  void foldsNothingIntoAReviewThatIsDecided() {
    take(approve(ID, "c1", "eve"));
    By by = new By("c2", "bob", "editor", T0, "", null);

    assertThatThrownBy(() -> Evolution.evolve(review, new ReviewEvent.Commented(by, "late")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("found Commented: reviewId=" + ID);
  }

  private void quorum(int approvals, int rejections) {
    review =
        new Review.Open(
            request(ID)
                .setRule(
                    ReviewRule.newBuilder()
                        .setRole("editor")
                        .setQuorum(approvals)
                        .setRejections(rejections)
                        .build())
                .build());
  }

  private void take(ReviewCommand command) {
    assertThat(outcome(command)).isNotInstanceOf(Refused.class);
    review = Samples.after(rules, review, command);
  }

  private Outcome outcome(ReviewCommand command) {
    return Samples.outcome(rules, review, command);
  }

  private String problem(Review of, ReviewCommand command) {
    return Samples.outcome(rules, of, command)
            instanceof Refused(Refusal.NoDelegation(String message))
        ? message
        : "none";
  }

  private static ReviewCommand delegate(String id, String from, String to, Instant until) {
    return ReviewCommand.newBuilder(act(ID, id, from, ReviewAct.delegate, "", T0))
        .setTo(to)
        .setUntil(until)
        .build();
  }
}
