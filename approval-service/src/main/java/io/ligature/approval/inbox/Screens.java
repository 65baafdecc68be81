package io.ligature.approval.inbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.ligature.approval.identity.Person;
import io.ligature.approval.review.Review;
import io.ligature.approval.review.Reviewers;
import io.ligature.approval.review.Standing;
import io.ligature.avro.Decision;
import io.ligature.avro.EarlierAttempt;
import io.ligature.avro.Evidence;
import io.ligature.avro.Failure;
import io.ligature.avro.Grade;
import io.ligature.avro.NeedsReview;
import io.ligature.avro.Payload;
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
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** Makes the screen of a review from the review. */
@ApplicationScoped
class Screens {

  private static final double LOW = 0.5;
  private static final double HIGH = 0.8;

  /** Percent of the budget. */
  private static final int NEARLY_ALL = 90;

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
   * @param trail of it, oldest first, likewise
   */
  ReviewScreen of(Review review, Offers offers, List<String> trail, Person person, Instant now) {
    NeedsReview request = review.request();
    ReviewRule rule = request.getRule();
    Instant expiry = request.getExpiresAt();
    Payload subject = subject(review);
    return new ReviewScreen(
        path(request.getReviewId()),
        request.getReviewId(),
        review.standing().version(),
        Labels.of(request.getTask()),
        Labels.of(request.getDefinition()),
        request.getWorkflowId(),
        request.getRequester(),
        request.getReason(),
        request.getPurpose(),
        status(review),
        new ReviewScreen.Rule(
            Reviewers.rolesOf(review),
            rule.getUsers(),
            rule.getQuorum(),
            rule.getRejections(),
            rule.getFourEyes(),
            rule.getOtherThanBefore()),
        new Standings(person.name(), now).of(review),
        Moment.of(request.getRequestedAt(), now),
        expiry == null ? null : Moment.of(expiry, now),
        expiry == null ? "" : Standings.silence(rule.getOnExpiry()),
        Showing.of(subject, settings),
        Showing.json(subject).map(value -> Showing.source(value, settings)).orElse(""),
        edited(review),
        figures(request),
        request.getEvidence().stream().map(this::evidence).toList(),
        Forks.onApproval(request),
        Forks.onRejection(request),
        money(request),
        new Histories(now).of(trail),
        outcome(review, now),
        offers);
  }

  /** What is to be approved: what the workflow showed, or what an edit has made of it since. */
  static @Nullable Payload subject(Review review) {
    Payload edited = review.standing().edited();
    return edited == null ? review.request().getSubject() : edited;
  }

  private static String status(Review review) {
    return switch (review) {
      case Review.Open any -> "open";
      case Review.Decided any -> "decided";
      case Review.Withdrawn any -> "withdrawn";
    };
  }

  private ReviewScreen.@Nullable Edited edited(Review review) {
    Standing standing = review.standing();
    JsonNode after = Showing.json(standing.edited()).orElse(null);
    JsonNode before = Showing.json(review.request().getSubject()).orElse(null);
    if (after == null || before == null || !(review instanceof Review.Open)) {
      return null;
    }
    String who =
        standing.votes().stream()
            .filter(vote -> vote.decision() == Decision.edit_and_approve)
            .map(Standing.Vote::who)
            .reduce("", (earlier, later) -> later);
    return new ReviewScreen.Edited(who, Changes.between(before, after, settings));
  }

  /** About the result that is nearest to the review. */
  private List<ReviewScreen.Figure> figures(NeedsReview request) {
    List<ReviewScreen.Figure> figures = new ArrayList<>();
    if (!request.getEvidence().isEmpty()) {
      Evidence nearest = request.getEvidence().getFirst();
      ReviewScreen.Confidence confidence = confidence(nearest.getConfidence());
      figures.add(
          confidence == null
              ? new ReviewScreen.Figure("Sure to", "not told", "", "")
              : new ReviewScreen.Figure("Sure to", confidence.text(), "", confidence.level()));
      String agent = nearest.getAgent();
      String model = nearest.getModel();
      if (agent != null) {
        figures.add(
            new ReviewScreen.Figure("Made by", agent, model == null ? "" : "with " + model, ""));
      }
      String cost = amount(nearest.getCost());
      figures.add(
          new ReviewScreen.Figure(
              "Cost", cost == null ? "unknown" : cost + " " + currency, "", ""));
      int earlier = nearest.getEarlierAttempts().size();
      figures.add(
          new ReviewScreen.Figure(
              "Attempts",
              String.valueOf(earlier + 1),
              earlier == 0 ? "the first did" : earlier + " did not do",
              earlier == 0 ? "" : "middle"));
    }
    ReviewScreen.Money money = money(request);
    figures.add(
        new ReviewScreen.Figure(
            "Spent so far",
            money.spent() + " " + currency,
            money.left() == null ? "no budget is set" : money.left() + " " + currency + " are left",
            money.share() >= NEARLY_ALL ? "low" : ""));
    return figures;
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

  static String tone(Decision decision) {
    return switch (decision) {
      case approve, edit_and_approve -> "good";
      case reject, abort -> "bad";
      case request_changes -> "neutral";
    };
  }

  static @Nullable String amount(@Nullable BigDecimal amount) {
    return amount == null ? null : Money.of(amount).toString();
  }
}
