package io.ligature.approval.inbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.ligature.approval.identity.Person;
import io.ligature.approval.review.Review;
import io.ligature.approval.review.Reviewers;
import io.ligature.approval.stream.RefusedCommand;
import io.ligature.avro.Decision;
import io.ligature.avro.EarlierAttempt;
import io.ligature.avro.Evidence;
import io.ligature.avro.Failure;
import io.ligature.avro.Grade;
import io.ligature.avro.NeedsReview;
import io.ligature.avro.ReviewDecision;
import io.ligature.avro.ReviewRule;
import io.ligature.schemas.Money;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.ws.rs.core.UriBuilder;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** Makes the screen of a review from the review. */
@ApplicationScoped
class Screens {

  private static final double LOW = 0.5;
  private static final double HIGH = 0.8;

  private final InboxSettings settings;
  private final String currency;

  Screens(
      InboxSettings settings,
      @ConfigProperty(name = "ligature.currency", defaultValue = "USD") String currency) {
    this.settings = settings;
    this.currency = currency;
  }

  void start(@Observes StartupEvent event) {
    settings.check();
  }

  /** The id names a task path, which may hold what an address may not. */
  static String path(String reviewId) {
    return UriBuilder.fromPath("/inbox/reviews/{id}").build(reviewId).toString();
  }

  /**
   * @param review as the person may see it
   * @param neededRole role that would see what is hidden in it; empty: nothing is
   */
  ReviewScreen of(
      Review review, List<RefusedCommand> refused, String neededRole, Person person, Instant now) {
    NeedsReview request = review.request();
    ReviewRule rule = request.getRule();
    Instant expiry = request.getExpiresAt();
    return new ReviewScreen(
        path(request.getReviewId()),
        request.getReviewId(),
        Labels.of(request.getTask()),
        Labels.of(request.getDefinition()),
        request.getWorkflowId(),
        request.getRequester(),
        request.getReason(),
        status(review),
        new ReviewScreen.Rule(rule.getRole(), rule.getQuorum(), rule.getFourEyes(), rule.getEdit()),
        Moment.of(request.getRequestedAt(), now),
        expiry == null ? null : Moment.of(expiry, now),
        Showing.of(request.getSubject(), settings),
        Showing.json(request.getSubject()).map(value -> Showing.source(value, settings)).orElse(""),
        request.getEvidence().stream().map(this::evidence).toList(),
        request.getOnApproval(),
        request.getOnRejection(),
        money(request),
        history(review, refused, now),
        outcome(review, now),
        closed(review, person, now),
        noEdit(request, neededRole));
  }

  private static String noEdit(NeedsReview request, String neededRole) {
    if (!request.getRule().getEdit()) {
      return "This review does not allow edits.";
    }
    if (!neededRole.isEmpty()) {
      return "Parts of the output are hidden from you, so only someone with the role “"
          + neededRole
          + "” can edit it.";
    }
    return Showing.json(request.getSubject()).isPresent()
        ? ""
        : "There is no output that could be edited.";
  }

  private static String status(Review review) {
    return switch (review) {
      case Review.Open any -> "open";
      case Review.Decided any -> "decided";
      case Review.Withdrawn any -> "withdrawn";
    };
  }

  private static String closed(Review review, Person person, Instant now) {
    return switch (review) {
      case Review.Decided any -> "It is decided.";
      case Review.Withdrawn any -> "The workflow no longer waits for it.";
      case Review.Open open -> {
        NeedsReview request = open.request();
        if (person.mayDecide(review)) {
          Instant expiry = request.getExpiresAt();
          yield expiry != null && !now.isBefore(expiry) ? "Its time has run out." : "";
        }
        yield Reviewers.rolesOf(review).stream().anyMatch(person.roles()::contains)
            ? "You started this workflow, and four eyes are asked for: someone else has to decide."
            : "Deciding needs the role “"
                + request.getRule().getRole()
                + "”, which you do not have.";
      }
    };
  }

  private ReviewScreen.Evidence evidence(Evidence evidence) {
    Grade grade = evidence.getGrade();
    return new ReviewScreen.Evidence(
        Labels.of(evidence.getTask()),
        evidence.getCapability(),
        evidence.getAgent(),
        evidence.getModel(),
        amount(evidence.getCost()),
        confidence(evidence.getConfidence()),
        grade == null ? null : Labels.of(grade.name()),
        Showing.of(evidence.getInput(), settings),
        Showing.of(evidence.getOutput(), settings),
        evidence.getEarlierAttempts().stream().map(this::earlier).toList());
  }

  private static ReviewScreen.@Nullable Confidence confidence(@Nullable Double value) {
    return value == null
        ? null
        : new ReviewScreen.Confidence(
            value,
            Math.round(value * 100) + " %",
            value < LOW ? "low" : value < HIGH ? "middle" : "high");
  }

  private ReviewScreen.Earlier earlier(EarlierAttempt attempt) {
    Failure failure = attempt.getFailure();
    return new ReviewScreen.Earlier(
        attempt.getAttempt(),
        attempt.getAgent(),
        amount(attempt.getCost()),
        failure == null ? null : Labels.of(failure.getKind()),
        failure == null
            ? null
            : Showing.of(TextNode.valueOf(String.valueOf(failure.getMessage())), settings));
  }

  private ReviewScreen.Money money(NeedsReview request) {
    BigDecimal spent = request.getSpent();
    BigDecimal left = request.getRemaining();
    int share = -1;
    if (left != null) {
      BigDecimal whole = spent.add(left);
      share =
          whole.signum() <= 0
              ? 100
              : spent
                  .multiply(BigDecimal.valueOf(100))
                  .divide(whole, 0, RoundingMode.HALF_UP)
                  .intValue();
    }
    return new ReviewScreen.Money(String.valueOf(amount(spent)), amount(left), currency, share);
  }

  private static List<ReviewScreen.Event> history(
      Review review, List<RefusedCommand> refused, Instant now) {
    NeedsReview request = review.request();
    List<Dated> events = new ArrayList<>();
    events.add(
        new Dated(
            request.getRequestedAt(),
            request.getRequester(),
            "The review was asked for",
            "in the workflow that " + request.getRequester() + " started"));
    for (RefusedCommand command : refused) {
      events.add(
          new Dated(
              command.at(),
              command.reviewer(),
              "Not taken: " + verb(command.decision()),
              command.message()));
    }
    switch (review) {
      case Review.Open any -> {}
      case Review.Decided decided -> {
        ReviewDecision decision = decided.decision();
        events.add(
            new Dated(
                decision.getDecidedAt(),
                decision.getReviewer(),
                title(decision.getDecision()),
                decision.getReason()));
      }
      case Review.Withdrawn gone ->
          events.add(
              new Dated(
                  gone.withdrawal().getWithdrawnAt(),
                  "",
                  "Withdrawn",
                  gone.withdrawal().getReason()));
    }
    return events.stream()
        .sorted(Comparator.comparing(Dated::at))
        .map(
            event ->
                new ReviewScreen.Event(
                    Moment.of(event.at(), now), event.who(), event.what(), event.detail()))
        .toList();
  }

  private record Dated(Instant at, String who, String what, String detail) {}

  private ReviewScreen.@Nullable Outcome outcome(Review review, Instant now) {
    return switch (review) {
      case Review.Open any -> null;
      case Review.Decided decided -> {
        ReviewDecision decision = decided.decision();
        yield new ReviewScreen.Outcome(
            tone(decision.getDecision()),
            title(decision.getDecision()),
            decision.getReviewer(),
            Moment.of(decision.getDecidedAt(), now),
            decision.getReason(),
            changes(review.request(), decision));
      }
      case Review.Withdrawn gone ->
          new ReviewScreen.Outcome(
              "neutral",
              "Withdrawn",
              "",
              Moment.of(gone.withdrawal().getWithdrawnAt(), now),
              gone.withdrawal().getReason(),
              null);
    };
  }

  ConfirmScreen confirm(
      ReviewScreen review,
      Decision decision,
      String reason,
      @Nullable JsonNode output,
      JsonNode before,
      String key,
      String error) {
    String action =
        switch (decision) {
          case approve -> "approve";
          case reject -> "reject";
          case edit_and_approve -> "edit-and-approve";
          case request_changes, abort ->
              throw new IllegalArgumentException("the page does not offer " + decision);
        };
    boolean rejects = decision == Decision.reject;
    return new ConfirmScreen(
        review,
        action,
        switch (action) {
          case "approve" -> "Approve this output?";
          case "reject" -> "Reject this output?";
          default -> "Approve your edited output?";
        },
        rejects ? "Reject it" : output == null ? "Approve it" : "Approve my edit",
        rejects ? review.onRejection() : review.onApproval(),
        rejects,
        reason,
        output == null ? null : output.toString(),
        output == null ? null : Changes.between(before, output, settings),
        key,
        error);
  }

  private @Nullable Changes changes(NeedsReview request, ReviewDecision decision) {
    JsonNode edited = Showing.json(decision.getEditedOutput()).orElse(null);
    JsonNode before = Showing.json(request.getSubject()).orElse(null);
    return edited == null || before == null ? null : Changes.between(before, edited, settings);
  }

  static String title(Decision decision) {
    return switch (decision) {
      case approve -> "Approved";
      case reject -> "Rejected";
      case edit_and_approve -> "Edited and approved";
      case request_changes -> "Changes requested";
      case abort -> "Workflow aborted";
    };
  }

  private static String tone(Decision decision) {
    return switch (decision) {
      case approve, edit_and_approve -> "good";
      case reject, abort -> "bad";
      case request_changes -> "neutral";
    };
  }

  private static String verb(String decision) {
    return Labels.of(decision).toLowerCase(Locale.ROOT);
  }

  private static @Nullable String amount(@Nullable BigDecimal amount) {
    return amount == null ? null : Money.of(amount).toString();
  }
}
