package io.ligature.approval.review;

import io.ligature.avro.Consequence;
import io.ligature.avro.Decision;
import io.ligature.avro.EarlierAttempt;
import io.ligature.avro.Evidence;
import io.ligature.avro.Failure;
import io.ligature.avro.Grade;
import io.ligature.avro.NeedsReview;
import io.ligature.avro.OnReviewExpiry;
import io.ligature.avro.Payload;
import io.ligature.avro.ReviewAct;
import io.ligature.avro.ReviewCommand;
import io.ligature.avro.ReviewDecision;
import io.ligature.avro.ReviewRule;
import io.ligature.avro.ReviewWithdrawn;
import io.ligature.avro.WorstCase;
import io.ligature.schemas.Money;
import io.ligature.schemas.wire.Payloads;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;

/** Reviews and commands that the tests change in one place each. */
public final class Samples {

  public static final Instant T0 = Instant.parse("2026-03-01T09:00:00Z");
  public static final String SCHEMA =
      "{\"type\":\"object\",\"required\":[\"summary\"],"
          + "\"properties\":{\"summary\":{\"type\":\"string\"}}}";

  private Samples() {}

  public static NeedsReview.Builder request(String id) {
    String workflow = id.substring(0, id.indexOf(':'));
    return NeedsReview.newBuilder()
        .setReviewId(id)
        .setWorkflowId(workflow)
        .setRootWorkflowId(workflow)
        .setDefinition("research-report")
        .setTask("editorial-review")
        .setTenant("default")
        .setRequester("stan")
        .setReason("the definition asks for it")
        .setRule(rule("editor", false, true))
        .setSubject(json("{\"summary\":\"wind\"}"))
        .setOutputSchema(SCHEMA)
        .setEvidence(List.of(evidence()))
        .setOnApproval(List.of("report"))
        .setOnRejection(List.of("the workflow fails"))
        .setSpent(Money.of("0.05").toDecimal())
        .setRemaining(Money.of("0.45").toDecimal())
        .setRequestedAt(T0)
        .setExpiresAt(null)
        .setConsequences(
            List.of(
                new Consequence(
                    "report",
                    "approval",
                    "agent",
                    "document.write",
                    24,
                    Money.of("0.1").toDecimal(),
                    Money.of("2.4").toDecimal(),
                    false)))
        .setWorstCases(
            List.of(
                new WorstCase("approval", Money.of("0.45").toDecimal(), 0, false),
                new WorstCase("rejection", Money.ZERO.toDecimal(), 0, false)));
  }

  public static ReviewRule rule(String role, boolean fourEyes, boolean edit) {
    return rule(role, 1, fourEyes, edit, List.of());
  }

  /** The builder looks for classes in loaders that know other copies of them. */
  public static ReviewRule rule(
      String role, int quorum, boolean fourEyes, boolean edit, List<String> users) {
    return new ReviewRule(
        role,
        quorum,
        fourEyes,
        edit,
        List.of(),
        users,
        1,
        false,
        3,
        List.of(),
        List.of(),
        OnReviewExpiry.reject,
        null);
  }

  private static Evidence evidence() {
    return new Evidence(
        "summarise",
        "text.summarise",
        json("{\"findings\":[]}"),
        json("{\"summary\":\"wind\"}"),
        "summarise-rank",
        "rank-1",
        Money.of("0.01").toDecimal(),
        0.83,
        Grade.clean,
        List.of(
            new EarlierAttempt(
                1,
                "summarise-lead",
                new Failure("low_confidence", "0.5 is below 0.7", null, false),
                Money.of("0.002").toDecimal())));
  }

  public static ReviewCommand approve(String reviewId, String commandId, String reviewer) {
    return command(reviewId, commandId, reviewer, Decision.approve, "fine", null);
  }

  public static ReviewCommand command(
      String reviewId,
      String commandId,
      String reviewer,
      Decision decision,
      String reason,
      Payload edited) {
    String workflow = reviewId.substring(0, reviewId.indexOf(':'));
    return new ReviewCommand(
        commandId,
        new ReviewDecision(
            commandId,
            reviewId,
            workflow,
            workflow,
            decision,
            reviewer,
            "?",
            reason,
            edited,
            T0.plusSeconds(60)),
        List.of("editor", "reviewer"),
        "default",
        ReviewAct.decide,
        null,
        null,
        null,
        null,
        "",
        null);
  }

  public static ReviewCommand act(
      String reviewId, String commandId, String who, ReviewAct act, String text, Instant at) {
    ReviewCommand command = command(reviewId, commandId, who, Decision.reject, text, null);
    ReviewDecision said = ReviewDecision.newBuilder(command.getDecision()).setDecidedAt(at).build();
    return ReviewCommand.newBuilder(command).setAct(act).setDecision(said).build();
  }

  public static ReviewCommand as(ReviewCommand command, String... roles) {
    return ReviewCommand.newBuilder(command).setRoles(List.of(roles)).build();
  }

  public static ReviewCommand at(ReviewCommand command, Instant at) {
    ReviewDecision said = ReviewDecision.newBuilder(command.getDecision()).setDecidedAt(at).build();
    return ReviewCommand.newBuilder(command).setDecision(said).build();
  }

  public static ReviewCommand ifVersion(ReviewCommand command, long version) {
    return ReviewCommand.newBuilder(command).setIfVersion(version).build();
  }

  public static Rules rules(OutputCheck outputs) {
    return new Rules(outputs, (before, after) -> "[]", ReviewLimits.DEFAULTS);
  }

  /** What comes of the command, as whoever sent it is told. */
  public static Outcome outcome(Rules rules, Review review, ReviewCommand command) {
    return Outcome.of(rules.decide(review, command, null), after(rules, review, command));
  }

  /** The review behind the command. */
  public static Review after(Rules rules, Review review, ReviewCommand command) {
    Review after = review;
    if (rules.decide(review, command, null) instanceof Ruling.Happens(List<ReviewEvent> events)) {
      for (ReviewEvent event : events) {
        after = Evolution.evolve(after, event);
      }
    }
    return after;
  }

  public static ReviewWithdrawn withdrawn(String reviewId) {
    return new ReviewWithdrawn(
        reviewId,
        reviewId.substring(0, reviewId.indexOf(':')),
        "the workflow was cancelled",
        T0.plusSeconds(30));
  }

  public static Payload json(String text) {
    return Payloads.of("application/json", text.getBytes(StandardCharsets.UTF_8));
  }
}
