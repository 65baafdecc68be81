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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RulesTest {

  private static final String ID = "w1:editorial-review:1";

  private final Rules rules = new Rules((schema, output) -> List.of());
  private final NeedsReview request = request(ID).build();
  private final Review.Open open = new Review.Open(request);

  @Test
  void acceptsTheFirstDecisionInTheRoleTheGateNames() {
    ReviewCommand command = approve(ID, "c1", "eve");

    assertThat(rules.decide(open, command))
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

    assertThat(rules.decide(open, forged)).isEqualTo(rules.decide(open, command));
  }

  @Test
  void knowsNoReviewThatIsNotThere() {
    assertThat(rules.decide(null, approve(ID, "c1", "eve")))
        .isEqualTo(new Refused(new Refusal.Unknown(ID)));
  }

  @Test
  void knowsNoReviewOfAnotherTenant() {
    Review foreign = new Review.Open(request(ID).setTenant("acme").build());

    assertThat(rules.decide(foreign, approve(ID, "c1", "eve")))
        .isEqualTo(new Refused(new Refusal.Unknown(ID)));
  }

  @Test
  void namesTheRoleThatIsMissing() {
    Review legal =
        new Review.Open(request(ID).setRule(new ReviewRule("legal", 1, false, true)).build());

    assertThat(rules.decide(legal, approve(ID, "c1", "eve")))
        .isEqualTo(new Refused(new Refusal.WrongRole("legal")));
  }

  @Test
  void doesNotLetAnAdministratorDecideWithoutTheRole() {
    ReviewCommand command =
        ReviewCommand.newBuilder(approve(ID, "c1", "eve")).setRoles(List.of("admin")).build();

    assertThat(rules.decide(open, command)).isEqualTo(new Refused(new Refusal.WrongRole("editor")));
  }

  @Test
  void wantsFourEyesWhereTheGateDoes() {
    NeedsReview strict = request(ID).setRule(new ReviewRule("editor", 1, true, true)).build();

    assertThat(rules.decide(new Review.Open(strict), approve(ID, "c1", "stan")))
        .isEqualTo(new Refused(new Refusal.OwnWorkflow("stan")));
    assertThat(rules.decide(new Review.Open(strict), approve(ID, "c1", "eve")))
        .isInstanceOf(Accepted.class);
  }

  @Test
  void letsTheRequesterDecideWhereTheGateDoesNotMind() {
    assertThat(rules.decide(open, approve(ID, "c1", "stan"))).isInstanceOf(Accepted.class);
  }

  @Test
  void tellsALaterDecisionWhoWon() {
    ReviewDecision winner = approve(ID, "c1", "eve").getDecision();

    assertThat(rules.decide(open.decided(winner), approve(ID, "c2", "bob")))
        .isEqualTo(new Refused(new Refusal.AlreadyDecided(winner)));
  }

  @Test
  void knowsTheWinningCommandAgain() {
    ReviewDecision winner = approve(ID, "c1", "eve").getDecision();

    assertThat(rules.decide(open.decided(winner), approve(ID, "c1", "eve")))
        .isEqualTo(new Outcome.Repeated(winner));
  }

  @Test
  void doesNotTakeAnotherDecisionUnderTheSameKeyForARepetition() {
    ReviewDecision winner = approve(ID, "c1", "eve").getDecision();

    assertThat(
            rules.decide(
                open.decided(winner), command(ID, "c1", "eve", Decision.reject, "no", null)))
        .isEqualTo(new Refused(new Refusal.AlreadyDecided(winner)));
  }

  @Test
  void doesNotTellWhoWonToOneWhoMayNotDecide() {
    ReviewDecision winner = approve(ID, "c1", "eve").getDecision();
    ReviewCommand stranger =
        ReviewCommand.newBuilder(approve(ID, "c2", "sam")).setRoles(List.of()).build();

    assertThat(rules.decide(open.decided(winner), stranger))
        .isEqualTo(new Refused(new Refusal.WrongRole("editor")));
  }

  @Test
  void refusesWhenTheWorkflowNoLongerWaits() {
    assertThat(rules.decide(open.withdrawn(Samples.withdrawn(ID)), approve(ID, "c1", "eve")))
        .isEqualTo(new Refused(new Refusal.NoLongerNeeded("the workflow was cancelled")));
  }

  @Test
  void refusesFromTheInstantOfExpiryOn() {
    NeedsReview ending = request(ID).setExpiresAt(T0.plusSeconds(60)).build();
    NeedsReview longer = request(ID).setExpiresAt(T0.plusSeconds(61)).build();

    assertThat(rules.decide(new Review.Open(ending), approve(ID, "c1", "eve")))
        .isEqualTo(new Refused(new Refusal.Expired(T0.plusSeconds(60))));
    assertThat(rules.decide(new Review.Open(longer), approve(ID, "c1", "eve")))
        .isInstanceOf(Accepted.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "  "})
  void wantsAReasonForARejection(String reason) {
    assertThat(rules.decide(open, command(ID, "c1", "eve", Decision.reject, reason, null)))
        .isEqualTo(new Refused(new Refusal.ReasonMissing()));
  }

  @Test
  void wantsNoReasonForAnApproval() {
    assertThat(rules.decide(open, command(ID, "c1", "eve", Decision.approve, "", null)))
        .isInstanceOf(Accepted.class);
  }

  @Test
  void keepsTheEditedOutput() {
    Payload edited = json("{\"summary\":\"salt\"}");

    assertThat(rules.decide(open, command(ID, "c1", "eve", Decision.edit_and_approve, "", edited)))
        .isInstanceOfSatisfying(
            Accepted.class,
            accepted -> assertThat(accepted.decision().getEditedOutput()).isEqualTo(edited));
  }

  @Test
  void refusesAnEditTheSchemaRefuses() {
    Rules strict = new Rules((schema, output) -> List.of("/summary: " + schema));

    assertThat(
            strict.decide(
                open, command(ID, "c1", "eve", Decision.edit_and_approve, "", json("{}"))))
        .isEqualTo(new Refused(new Refusal.InvalidEdit(List.of("/summary: " + Samples.SCHEMA))));
  }

  @Test
  void refusesAnEditWhereNoneIsAllowed() {
    NeedsReview fixed = request(ID).setRule(new ReviewRule("editor", 1, false, false)).build();

    assertThat(
            rules.decide(
                new Review.Open(fixed),
                command(ID, "c1", "eve", Decision.edit_and_approve, "", json("{}"))))
        .isEqualTo(new Refused(new Refusal.EditNotAllowed()));
  }

  @Test
  void refusesToApproveWhatAPersonHasYetToDo() {
    Review.Open work = new Review.Open(request(ID).setSubject(null).setPurpose("work").build());

    assertThat(rules.decide(work, approve(ID, "c1", "eve")))
        .isEqualTo(new Refused(new Refusal.OutputMissing()));
    assertThat(
            rules.decide(work, command(ID, "c2", "eve", Decision.edit_and_approve, "", json("{}"))))
        .isInstanceOf(Accepted.class);
  }

  @Test
  void refusesAnEditWithoutOutput() {
    assertThat(rules.decide(open, command(ID, "c1", "eve", Decision.edit_and_approve, "", null)))
        .isEqualTo(new Refused(new Refusal.Malformed("edit_and_approve needs the edited output")));
  }

  @ParameterizedTest
  @EnumSource(
      value = Decision.class,
      names = {"approve", "reject"})
  void refusesAnOutputThatIsSmuggledIntoAnotherDecision(Decision decision) {
    assertThat(rules.decide(open, command(ID, "c1", "eve", decision, "x", json("{}"))))
        .isEqualTo(new Refused(new Refusal.Malformed("only edit_and_approve carries an output")));
  }

  @ParameterizedTest
  @EnumSource(
      value = Decision.class,
      names = {"request_changes", "abort"})
  void refusesWhatThisVersionDoesNotDo(Decision decision) {
    assertThat(rules.decide(open, command(ID, "c1", "eve", decision, "x", null)))
        .isInstanceOfSatisfying(
            Refused.class,
            refused -> assertThat(refused.refusal()).isInstanceOf(Refusal.Malformed.class));
  }
}
