package io.ligature.approval.identity;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.ligature.approval.review.EditDiff;
import io.ligature.approval.review.Outcome;
import io.ligature.approval.review.Refusal;
import io.ligature.approval.review.Review;
import io.ligature.approval.review.Standing;
import io.ligature.approval.stream.JsonPatch;
import io.ligature.avro.EarlierAttempt;
import io.ligature.avro.Evidence;
import io.ligature.avro.Failure;
import io.ligature.avro.NeedsReview;
import io.ligature.avro.Payload;
import io.ligature.avro.ReviewDecision;
import io.ligature.schemas.wire.Payloads;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.apache.avro.specific.SpecificRecordBase;
import org.jspecify.annotations.Nullable;

/**
 * Hides what not every reviewer may see, in the review itself, so that whatever shows it shows no
 * more: the API, the page and its comparisons.
 *
 * <p>Hidden are fields that the output schema marks with {@code "x-sensitive": true} or {@code
 * "writeOnly": true}, members whose name says that they hold a secret, and the texts of both
 * wherever else they stand.
 */
@ApplicationScoped
public class Masking {

  private final IdentitySettings settings;
  private final EditDiff diffs = new JsonPatch();

  public Masking(IdentitySettings settings) {
    this.settings = settings;
  }

  /** The role that sees everything. */
  public String role() {
    return settings.sensitiveRole();
  }

  /** The review as someone with these roles may see it. */
  public Review shown(Review review, List<String> roles) {
    if (roles.contains(settings.sensitiveRole())) {
      return review;
    }
    Mask mask = mask(review);
    NeedsReview request = masked(review.request(), mask);
    return switch (review) {
      case Review.Open open ->
          new Review.Open(request, masked(open.standing(), review.request(), request, mask));
      case Review.Decided decided ->
          new Review.Decided(
              request,
              masked(decided.standing(), review.request(), request, mask),
              masked(decided.decision(), mask));
      case Review.Withdrawn gone ->
          new Review.Withdrawn(
              request, masked(gone.standing(), review.request(), request, mask), gone.withdrawal());
    };
  }

  /**
   * Whether something of what is to be approved is hidden from someone with these roles. They
   * cannot edit it, for an edit takes the place of the whole.
   */
  public boolean hides(Review review, List<String> roles) {
    if (roles.contains(settings.sensitiveRole())) {
      return false;
    }
    Payload subject = review.request().getSubject();
    return subject != null && !subject.equals(payload(subject, mask(review), true));
  }

  /** An outcome names the decision that was made, which may hold an edited output. */
  public Outcome shown(Outcome outcome, Review review, List<String> roles) {
    if (roles.contains(settings.sensitiveRole())) {
      return outcome;
    }
    return switch (outcome) {
      case Outcome.Accepted accepted ->
          new Outcome.Accepted(masked(accepted.decision(), mask(review)));
      case Outcome.Repeated repeated ->
          new Outcome.Repeated(masked(repeated.decision(), mask(review)));
      case Outcome.Noted noted -> noted;
      case Outcome.Refused refused ->
          refused.refusal() instanceof Refusal.AlreadyDecided decided
              ? new Outcome.Refused(
                  new Refusal.AlreadyDecided(masked(decided.winner(), mask(review))))
              : refused;
    };
  }

  /** Hides in other texts about the review what someone with these roles may not see in it. */
  public UnaryOperator<String> hiding(Review review, List<String> roles) {
    return roles.contains(settings.sensitiveRole()) ? text -> text : mask(review)::text;
  }

  private Mask mask(Review review) {
    Mask mask = new Mask(schema(review.request().getOutputSchema()), settings.secretNames());
    mask.learn(json(review.request().getSubject()), true);
    review
        .request()
        .getEvidence()
        .forEach(
            evidence -> {
              mask.learn(json(evidence.getInput()), false);
              mask.learn(json(evidence.getOutput()), false);
            });
    mask.learn(json(review.standing().edited()), true);
    if (review instanceof Review.Decided decided) {
      mask.learn(json(decided.decision().getEditedOutput()), true);
    }
    return mask;
  }

  private static NeedsReview masked(NeedsReview request, Mask mask) {
    NeedsReview copy = copied(request, new NeedsReview());
    set(copy, "subject", payload(request.getSubject(), mask, true));
    set(copy, "reason", mask.text(request.getReason()));
    set(copy, "evidence", request.getEvidence().stream().map(each -> masked(each, mask)).toList());
    return copy;
  }

  /** The difference is made anew of what may be seen. */
  private Standing masked(Standing standing, NeedsReview request, NeedsReview shown, Mask mask) {
    Payload edited = payload(standing.edited(), mask, true);
    boolean hidden =
        !Objects.equals(edited, standing.edited())
            || !Objects.equals(shown.getSubject(), request.getSubject());
    return new Standing(
        standing.entries(),
        standing.version(),
        standing.hold(),
        standing.votes().stream().map(vote -> masked(vote, mask)).toList(),
        edited,
        hidden && edited != null ? diffs.between(shown.getSubject(), edited) : standing.diff(),
        standing.reminders(),
        standing.escalations(),
        standing.refusals(),
        standing.actors(),
        standing.commands());
  }

  private static Standing.Vote masked(Standing.Vote vote, Mask mask) {
    return new Standing.Vote(
        vote.who(), vote.role(), vote.decision(), mask.text(vote.reason()), vote.at());
  }

  private static Evidence masked(Evidence evidence, Mask mask) {
    Evidence copy = copied(evidence, new Evidence());
    set(copy, "input", payload(evidence.getInput(), mask, false));
    set(copy, "output", payload(evidence.getOutput(), mask, true));
    set(
        copy,
        "earlierAttempts",
        evidence.getEarlierAttempts().stream().map(each -> masked(each, mask)).toList());
    return copy;
  }

  private static EarlierAttempt masked(EarlierAttempt attempt, Mask mask) {
    EarlierAttempt copy = copied(attempt, new EarlierAttempt());
    Failure failure = attempt.getFailure();
    if (failure != null) {
      Failure failed = copied(failure, new Failure());
      set(failed, "message", mask.text(failure.getMessage()));
      set(copy, "failure", failed);
    }
    return copy;
  }

  private static ReviewDecision masked(ReviewDecision decision, Mask mask) {
    ReviewDecision copy = copied(decision, new ReviewDecision());
    set(copy, "editedOutput", payload(decision.getEditedOutput(), mask, true));
    set(copy, "reason", mask.text(decision.getReason()));
    return copy;
  }

  /**
   * Unchanged when nothing in it is to be hidden. What is not JSON is never shown, only described.
   */
  private static @Nullable Payload payload(
      @Nullable Payload payload, Mask mask, boolean ofTheSchema) {
    JsonNode value = json(payload);
    JsonNode masked = mask.masked(value, ofTheSchema);
    return masked.equals(value) ? payload : Payloads.json(masked);
  }

  /** All fields, also those that a later version adds. */
  private static <T extends SpecificRecordBase> T copied(T original, T copy) {
    original.getSchema().getFields().forEach(f -> copy.put(f.pos(), original.get(f.pos())));
    return copy;
  }

  /** By name, for records have no setters, and their builders want classes of one loader. */
  private static void set(SpecificRecordBase record, String field, @Nullable Object value) {
    record.put(record.getSchema().getField(field).pos(), value);
  }

  private static JsonNode json(@Nullable Payload payload) {
    if (payload == null || payload.getInline() == null) {
      return MissingNode.getInstance();
    }
    try {
      return Payloads.parse(payload);
    } catch (IllegalArgumentException e) {
      return MissingNode.getInstance();
    }
  }

  private static JsonNode schema(@Nullable String text) {
    if (text == null) {
      return MissingNode.getInstance();
    }
    try {
      return Payloads.JSON.readTree(text);
    } catch (JsonProcessingException e) {
      return MissingNode.getInstance();
    }
  }
}
