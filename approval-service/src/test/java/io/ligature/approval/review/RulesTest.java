package io.ligature.approval.review;

import static io.ligature.approval.review.Samples.T0;
import static io.ligature.approval.review.Samples.approve;
import static io.ligature.approval.review.Samples.command;
import static io.ligature.approval.review.Samples.json;
import static io.ligature.approval.review.Samples.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.ligature.approval.review.Outcome.Accepted;
import io.ligature.approval.review.Outcome.Refused;
import io.ligature.avro.Decision;
import io.ligature.avro.NeedsReview;
import io.ligature.avro.Payload;
import io.ligature.avro.ReviewCommand;
import io.ligature.avro.ReviewDecision;
import io.ligature.avro.ReviewRule;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RulesTest {

  private static final String ID = "w1:editorial-review:1";

  private final Rules rules = Samples.rules((schema, output) -> List.of());
  private final NeedsReview request = request(ID).build();
  private final Review.Open open = new Review.Open(request);

  @Test
  void acceptsTheFirstDecisionInTheRoleTheGateNames() {
    ReviewCommand command = approve(ID, "c1", "eve");

    assertThat(decide(open, command))
        .isEqualTo(
            new Accepted(
                ReviewDecision.newBuilder(command.getDecision()).setRole("editor").build()));
  }

  @Test
  void takesTheWorkflowFromTheReviewAndNotFromTheCommand() {
    ReviewCommand command = approve(ID, "c1", "eve");
    ReviewCommand forged =
        ReviewCommand.newBuilder(command)
            .setDecision(
                ReviewDecision.newBuilder(command.getDecision())
                    .setWorkflowId("other")
                    .setRootWorkflowId("other")
                    .build())
            .build();

    assertThat(decide(open, forged)).isEqualTo(decide(open, command));
  }

  @Test
  void knowsNoReviewThatIsNotThere() {
    assertThat(decide(null, approve(ID, "c1", "eve")))
        .isEqualTo(new Refused(new Refusal.Unknown(ID)));
  }

  @Test
  void knowsNoReviewOfAnotherTenant() {
    Review foreign = new Review.Open(request(ID).setTenant("acme").build());

    assertThat(decide(foreign, approve(ID, "c1", "eve")))
        .isEqualTo(new Refused(new Refusal.Unknown(ID)));
  }

  @Test
  void namesTheRoleThatIsMissing() {
    Review legal = new Review.Open(request(ID).setRule(Samples.rule("legal", false, true)).build());

    assertThat(decide(legal, approve(ID, "c1", "eve")))
        .isEqualTo(new Refused(new Refusal.WrongRole("legal")));
  }

  @Test
  void doesNotLetAnAdministratorDecideWithoutTheRole() {
    ReviewCommand command =
        ReviewCommand.newBuilder(approve(ID, "c1", "eve")).setRoles(List.of("admin")).build();

    assertThat(decide(open, command)).isEqualTo(new Refused(new Refusal.WrongRole("editor")));
  }

  @Test
  void wantsFourEyesWhereTheGateDoes() {
    NeedsReview strict = request(ID).setRule(Samples.rule("editor", true, true)).build();

    assertThat(decide(new Review.Open(strict), approve(ID, "c1", "stan")))
        .isEqualTo(new Refused(new Refusal.OwnWorkflow("stan")));
    assertThat(decide(new Review.Open(strict), approve(ID, "c1", "eve")))
        .isInstanceOf(Accepted.class);
  }

  @Test
  void letsTheRequesterDecideWhereTheGateDoesNotMind() {
    assertThat(decide(open, approve(ID, "c1", "stan"))).isInstanceOf(Accepted.class);
  }

  @Test
  void tellsALaterDecisionWhoWon() {
    ReviewDecision winner = approve(ID, "c1", "eve").getDecision();

    assertThat(decide(open.decided(winner), approve(ID, "c2", "bob")))
        .isEqualTo(new Refused(new Refusal.AlreadyDecided(winner)));
  }

  @Test
  void knowsTheWinningCommandAgain() {
    ReviewDecision winner = approve(ID, "c1", "eve").getDecision();

    assertThat(decide(open.decided(winner), approve(ID, "c1", "eve")))
        .isEqualTo(new Outcome.Repeated(winner));
  }

  @Test
  void doesNotTakeAnotherDecisionUnderTheSameKeyForARepetition() {
    ReviewDecision winner = approve(ID, "c1", "eve").getDecision();

    assertThat(decide(open.decided(winner), command(ID, "c1", "eve", Decision.reject, "no", null)))
        .isEqualTo(new Refused(new Refusal.AlreadyDecided(winner)));
  }

  @Test
  void doesNotTellWhoWonToOneWhoMayNotDecide() {
    ReviewDecision winner = approve(ID, "c1", "eve").getDecision();
    ReviewCommand stranger =
        ReviewCommand.newBuilder(approve(ID, "c2", "sam")).setRoles(List.of()).build();

    assertThat(decide(open.decided(winner), stranger))
        .isEqualTo(new Refused(new Refusal.WrongRole("editor")));
  }

  @Test
  void refusesWhenTheWorkflowNoLongerWaits() {
    assertThat(decide(open.withdrawn(Samples.withdrawn(ID)), approve(ID, "c1", "eve")))
        .isEqualTo(new Refused(new Refusal.NoLongerNeeded("the workflow was cancelled")));
  }

  @Test
  void refusesFromTheInstantOfExpiryOn() {
    NeedsReview ending = request(ID).setExpiresAt(T0.plusSeconds(60)).build();
    NeedsReview longer = request(ID).setExpiresAt(T0.plusSeconds(61)).build();

    assertThat(decide(new Review.Open(ending), approve(ID, "c1", "eve")))
        .isEqualTo(new Refused(new Refusal.Expired(T0.plusSeconds(60))));
    assertThat(decide(new Review.Open(longer), approve(ID, "c1", "eve")))
        .isInstanceOf(Accepted.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  "})
  void wantsAReasonForARejection(String reason) {
    assertThat(decide(open, command(ID, "c1", "eve", Decision.reject, reason, null)))
        .isEqualTo(new Refused(new Refusal.ReasonMissing()));
  }

  @Test
  void wantsNoReasonForAnApproval() {
    assertThat(decide(open, command(ID, "c1", "eve", Decision.approve, "", null)))
        .isInstanceOf(Accepted.class);
  }

  @Test
  void keepsTheEditedOutput() {
    Payload edited = json("{\"summary\":\"salt\"}");

    assertThat(decide(open, command(ID, "c1", "eve", Decision.edit_and_approve, "", edited)))
        .isInstanceOfSatisfying(
            Accepted.class,
            accepted -> assertThat(accepted.decision().getEditedOutput()).isEqualTo(edited));
  }

  @Test
  void refusesAnEditTheSchemaRefuses() {
    Rules strict = Samples.rules((schema, output) -> List.of("/summary: " + schema));

    assertThat(
            Samples.outcome(
                strict, open, command(ID, "c1", "eve", Decision.edit_and_approve, "", json("{}"))))
        .isEqualTo(new Refused(new Refusal.InvalidEdit(List.of("/summary: " + Samples.SCHEMA))));
  }

  @Test
  void refusesAnEditWhereNoneIsAllowed() {
    NeedsReview fixed = request(ID).setRule(Samples.rule("editor", false, false)).build();

    assertThat(
            decide(
                new Review.Open(fixed),
                command(ID, "c1", "eve", Decision.edit_and_approve, "", json("{}"))))
        .isEqualTo(new Refused(new Refusal.EditNotAllowed()));
  }

  @Test
  void refusesToApproveWhatAPersonHasYetToDo() {
    Review.Open work = new Review.Open(request(ID).setSubject(null).setPurpose("work").build());

    assertThat(decide(work, approve(ID, "c1", "eve")))
        .isEqualTo(new Refused(new Refusal.OutputMissing()));
    assertThat(decide(work, command(ID, "c2", "eve", Decision.edit_and_approve, "", json("{}"))))
        .isInstanceOf(Accepted.class);
  }

  @Test
  void refusesAnEditWithoutOutput() {
    assertThat(decide(open, command(ID, "c1", "eve", Decision.edit_and_approve, "", null)))
        .isEqualTo(new Refused(new Refusal.Malformed("edit_and_approve needs the edited output")));
  }

  @ParameterizedTest
  @EnumSource(
      value = Decision.class,
      names = {"approve", "reject"})
  void refusesAnOutputThatIsSmuggledIntoAnotherDecision(Decision decision) {
    assertThat(decide(open, command(ID, "c1", "eve", decision, "x", json("{}"))))
        .isEqualTo(new Refused(new Refusal.Malformed("only edit_and_approve carries an output")));
  }

  @Test
  void refusesOneWhoSignsAsTheRulesDo() {
    assertThat(decide(open, approve(ID, "c1", "policy")))
        .isEqualTo(
            new Refused(
                new Refusal.Malformed("'policy' is how the rules sign; no person has the name")));
  }

  @Test
  void letsThoseDecideWhoAreNamedWhateverTheirRole() {
    Review named =
        new Review.Open(
            request(ID)
                .setRule(ReviewRule.newBuilder().setRole("").setUsers(List.of("nia")).build())
                .build());

    assertThat(decide(named, Samples.as(approve(ID, "c1", "nia"), "starter")))
        .isInstanceOfSatisfying(
            Accepted.class,
            accepted -> assertThat(accepted.decision().getRole()).isEqualTo("named"));
    assertThat(decide(named, approve(ID, "c1", "eve")))
        .isEqualTo(new Refused(new Refusal.WrongRole("named")));
  }

  @Test
  void letsEachOfSeveralRolesDecide() {
    Review both =
        new Review.Open(
            request(ID)
                .setRule(ReviewRule.newBuilder().setRole("legal").setRoles(List.of("risk")).build())
                .build());

    assertThat(decide(both, Samples.as(approve(ID, "c1", "rob"), "risk")))
        .isInstanceOfSatisfying(
            Accepted.class,
            accepted -> assertThat(accepted.decision().getRole()).isEqualTo("risk"));
    assertThat(decide(both, approve(ID, "c1", "eve")))
        .isEqualTo(new Refused(new Refusal.WrongRole("legal' or 'risk")));
  }

  @Test
  void wantsSomebodyElseThanBeforeWhereTheGateDoes() {
    Review strict =
        new Review.Open(
            request(ID)
                .setRule(ReviewRule.newBuilder().setRole("editor").setOtherThanBefore(true).build())
                .build());

    assertThat(rules.decide(strict, approve(ID, "c1", "eve"), "w1:first:1"))
        .isEqualTo(new Ruling.Refused(new Refusal.DecidedBefore("w1:first:1")));
    assertThat(rules.decide(open, approve(ID, "c1", "eve"), "w1:first:1"))
        .isInstanceOf(Ruling.Happens.class);
  }

  @ParameterizedTest
  @EnumSource(
      value = Decision.class,
      names = {"request_changes", "abort"})
  void wantsAReasonWhereSomeoneHasToActOnIt(Decision decision) {
    assertThat(decide(open, command(ID, "c1", "eve", decision, " ", null)))
        .isInstanceOfSatisfying(
            Refused.class,
            refused -> assertThat(refused.refusal()).isInstanceOf(Refusal.Missing.class));
  }

  @Test
  void endsTheWorkflowWhenOneReviewerAborts() {
    assertThat(decide(open, command(ID, "c1", "eve", Decision.abort, "a trap", null)))
        .isInstanceOfSatisfying(
            Accepted.class,
            accepted -> assertThat(accepted.decision().getDecision()).isEqualTo(Decision.abort));
  }

  @Test
  void asksForChangesAsOftenAsTheRuleAllows() {
    NeedsReview.Builder result =
        request(ID)
            .setMayChange(true)
            .setRule(ReviewRule.newBuilder().setRole("editor").setMaxChanges(2).build());
    ReviewCommand wish =
        command(ID, "c1", "eve", Decision.request_changes, "name the sources", null);

    assertThat(decide(new Review.Open(result.setChanges(1).build()), wish))
        .isInstanceOf(Accepted.class);
    assertThat(decide(new Review.Open(result.setChanges(2).build()), wish))
        .isEqualTo(
            new Refused(
                new Refusal.NoChanges(
                    "changes were asked for 2 times, which is as often as the definition allows;"
                        + " approve, edit or reject what there is")));
    assertThat(decide(open, wish))
        .isEqualTo(
            new Refused(
                new Refusal.NoChanges(
                    "nothing runs again for this review; approve, edit or reject what there is")));
  }

  @Test
  void refusesWhenItIsNoLongerTheVersionThatWasRead() {
    assertThat(decide(open, Samples.ifVersion(approve(ID, "c1", "eve"), 7)))
        .isEqualTo(new Refused(new Refusal.Changed(0)));
    assertThat(decide(open, Samples.ifVersion(approve(ID, "c1", "eve"), 0)))
        .isInstanceOf(Accepted.class);
  }

  @Test
  void refusesTextsThatAreTooLong() {
    String most = "x".repeat(ReviewLimits.DEFAULTS.maxText());

    assertThat(decide(open, command(ID, "c1", "eve", Decision.reject, most, null)))
        .isInstanceOf(Accepted.class);
    assertThat(decide(open, command(ID, "c1", "eve", Decision.reject, most + "x", null)))
        .isEqualTo(new Refused(new Refusal.Malformed("the text is longer than 4000 characters")));
  }

  private Outcome decide(@Nullable Review review, ReviewCommand command) {
    return Samples.outcome(rules, review, command);
  }
}
