package io.ligature.approval.identity;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.approval.review.EditDiff;
import io.ligature.approval.review.Outcome;
import io.ligature.approval.review.Refusal;
import io.ligature.approval.review.Review;
import io.ligature.approval.review.Standing;
import io.ligature.approval.stream.JsonPatch;
import io.ligature.approval.stream.PublicReason;
import io.ligature.approval.stream.RefusedCommand;
import io.ligature.avro.EarlierAttempt;
import io.ligature.avro.Evidence;
import io.ligature.avro.Failure;
import io.ligature.avro.NeedsReview;
import io.ligature.avro.Payload;
import io.ligature.avro.ReviewDecision;
import io.ligature.avro.ReviewWithdrawn;
import io.ligature.schemas.wire.Payloads;
import io.ligature.schemas.wire.TrailLine;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Objects;
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
public class Masking implements PublicReason {

  /** Fields of an entry of a trail in which people and agents write. */
  private static final List<String> TEXTS = List.of("reason", "text", "message");

  private static final List<String> HASHES =
      List.of("hash", "previous", "request", "output", "seen");

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
              request,
              masked(gone.standing(), review.request(), request, mask),
              masked(gone.withdrawal(), mask));
    };
  }

  /**
   * Why a person is needed, without what is hidden: for lists and notifications, whoever reads
   * them.
   */
  @Override
  public String of(NeedsReview request) {
    Mask mask = new Mask(parsed(request.getOutputSchema()), settings.secretNames());
    learn(mask, request);
    return mask.text(request.getReason());
  }

  /** What a review remembers of refused commands. */
  public List<RefusedCommand> shown(
      List<RefusedCommand> refused, Review review, List<String> roles) {
    if (refused.isEmpty() || roles.contains(settings.sensitiveRole())) {
      return refused;
    }
    Mask mask = mask(review);
    return refused.stream()
        .map(
            each ->
                new RefusedCommand(
                    each.commandId(),
                    each.reviewer(),
                    each.decision(),
                    each.kind(),
                    mask.text(each.message()),
                    each.at()))
        .toList();
  }

  /**
   * The lines of a trail. Where something of the review is hidden from the reader they are marked
   * as masked and carry no hash: with the rest of a line known, a hash gives away a short text to
   * whoever tries them all.
   */
  public List<String> trail(Review review, List<TrailLine> lines, List<String> roles) {
    List<String> whole = lines.stream().map(TrailLine::text).toList();
    if (roles.contains(settings.sensitiveRole())) {
      return whole;
    }
    Mask mask = mask(review);
    List<ObjectNode> entries = lines.stream().map(line -> (ObjectNode) line.json()).toList();
    entries.forEach(entry -> mask.learnPatch(parsed(entry.path("diff").textValue())));
    if (!mask.isNeeded()) {
      return whole;
    }
    return entries.stream().map(entry -> masked(entry, mask).toString()).toList();
  }

  private static ObjectNode masked(ObjectNode entry, Mask mask) {
    ObjectNode masked = entry.deepCopy();
    masked.remove(HASHES);
    for (String field : TEXTS) {
      if (masked.path(field).isTextual()) {
        masked.put(field, mask.text(masked.path(field).textValue()));
      }
    }
    if (masked.path("diff").isTextual()) {
      masked.put("diff", mask.maskedPatch(parsed(masked.path("diff").textValue())).toString());
    }
    return masked.put("masked", true);
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
      case Outcome.Accepted(var decision) -> new Outcome.Accepted(masked(decision, review));
      case Outcome.Repeated(var decision) -> new Outcome.Repeated(masked(decision, review));
      case Outcome.Noted noted -> noted;
      case Outcome.Refused(Refusal.AlreadyDecided(var winner)) ->
          new Outcome.Refused(new Refusal.AlreadyDecided(masked(winner, review)));
      case Outcome.Refused(Refusal.NoLongerNeeded(String reason)) ->
          new Outcome.Refused(new Refusal.NoLongerNeeded(mask(review).text(reason)));
      case Outcome.Refused refused -> refused;
    };
  }

  /** The review may not know of the decision yet, whose reason may quote what it edited. */
  private ReviewDecision masked(ReviewDecision decision, Review review) {
    Mask mask = mask(review);
    mask.learn(json(decision.getEditedOutput()), true);
    return masked(decision, mask);
  }

  private Mask mask(Review review) {
    Mask mask = new Mask(parsed(review.request().getOutputSchema()), settings.secretNames());
    learn(mask, review.request());
    mask.learn(json(review.standing().edited()), true);
    if (review instanceof Review.Decided decided) {
      mask.learn(json(decided.decision().getEditedOutput()), true);
    }
    return mask;
  }

  private static void learn(Mask mask, NeedsReview request) {
    mask.learn(json(request.getSubject()), true);
    for (Evidence evidence : request.getEvidence()) {
      mask.learn(json(evidence.getInput()), false);
      mask.learn(json(evidence.getOutput()), true);
    }
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

  private static ReviewWithdrawn masked(ReviewWithdrawn withdrawal, Mask mask) {
    ReviewWithdrawn copy = copied(withdrawal, new ReviewWithdrawn());
    set(copy, "reason", mask.text(withdrawal.getReason()));
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

  private static JsonNode parsed(@Nullable String text) {
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
