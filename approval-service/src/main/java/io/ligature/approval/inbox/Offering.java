package io.ligature.approval.inbox;

import com.fasterxml.jackson.databind.JsonNode;
import io.ligature.approval.desk.Desk;
import io.ligature.approval.desk.Wish;
import io.ligature.approval.identity.Masking;
import io.ligature.approval.identity.Person;
import io.ligature.approval.review.Refusal;
import io.ligature.approval.review.Review;
import io.ligature.approval.review.Standing;
import io.ligature.approval.stream.ApprovalSettings;
import io.ligature.avro.Decision;
import io.ligature.avro.NeedsReview;
import io.ligature.avro.ReviewAct;
import io.ligature.schemas.wire.Payloads;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * Asks the rules what they would say to each thing a reader could do, so that the page offers that
 * and nothing else, and has no rule of its own.
 */
@ApplicationScoped
class Offering {

  static final String WORK = "work";
  static final String BUDGET = "budget";

  private static final JsonNode ANY = Payloads.JSON.createObjectNode();

  private final Desk desk;
  private final Masking masking;
  private final ApprovalSettings settings;

  Offering(Desk desk, Masking masking, ApprovalSettings settings) {
    this.desk = desk;
    this.masking = masking;
    this.settings = settings;
  }

  Offers of(Person person, Review review, Instant now) {
    return switch (review) {
      case Review.Decided any -> Offers.none("It is decided.");
      case Review.Withdrawn any -> Offers.none("The workflow no longer waits for it.");
      case Review.Open open -> open(person, open, now);
    };
  }

  private Offers open(Person person, Review.Open review, Instant now) {
    Optional<Refusal> approve = decide(person, review, Decision.approve);
    Optional<Refusal> reject = decide(person, review, Decision.reject);
    boolean claim = act(person, review, ReviewAct.claim);
    Standing.Hold hold = review.standing().holdAt(now);
    String noEdit = noEdit(person, review);
    return new Offers(
        approve.isEmpty(),
        reject.isEmpty(),
        noEdit.isEmpty(),
        decide(person, review, Decision.request_changes).isEmpty(),
        decide(person, review, Decision.abort).isEmpty(),
        claim && (hold == null || hold.depth() < settings.maxDelegations()),
        claim && (hold == null || !hold.who().equals(person.name())),
        act(person, review, ReviewAct.release),
        act(person, review, ReviewAct.comment),
        reject.map(Offering::words).orElse(""),
        noEdit);
  }

  private Optional<Refusal> decide(Person person, Review review, Decision decision) {
    return desk.objection(person, review, Wish.decide(decision, "because"));
  }

  private boolean act(Person person, Review review, ReviewAct act) {
    return desk.objection(person, review, Wish.act(act, "because")).isEmpty();
  }

  private String noEdit(Person person, Review.Open review) {
    NeedsReview request = review.request();
    if (request.getPurpose().equals(BUDGET)) {
      return "There is no output yet that could be edited.";
    }
    if (!request.getRule().getEdit()) {
      return "This review does not allow edits.";
    }
    if (masking.hides(review, person.roles())) {
      return "Parts of the output are hidden from you, so only someone with the role “"
          + masking.role()
          + "” can edit it.";
    }
    if (Showing.json(Screens.subject(review)).isEmpty() && !request.getPurpose().equals(WORK)) {
      return "There is no output that could be edited.";
    }
    return desk.objection(person, review, Wish.edit(Payloads.json(ANY), "because"))
        .filter(refusal -> !(refusal instanceof Refusal.InvalidEdit))
        .map(refusal -> "You cannot edit it now.")
        .orElse("");
  }

  /** To the reader; what the API says names addresses and fields that they do not know. */
  static String words(Refusal refusal) {
    return switch (refusal) {
      case Refusal.WrongRole(String needed) ->
          "Deciding needs the role '" + needed + "', which you do not have.";
      case Refusal.OwnWorkflow any ->
          "You started this workflow, and four eyes are asked for: someone else has to decide.";
      case Refusal.DecidedBefore any ->
          "You decided an earlier review of this workflow, and this one needs somebody else.";
      case Refusal.Expired any -> "Its time has run out.";
      case Refusal.Held(String who, Instant until) ->
          who + " has it until " + Moment.exact(until) + ", unless they release it before.";
      case Refusal.AlreadyVoted any ->
          "You have said what you want to come of it; now it needs somebody else.";
      case Refusal.Changed any -> "It has changed since you opened it.";
      case Refusal.Unseen any -> "The form has lost what you read; open the review again.";
      case Refusal.AlreadyDecided late ->
          late.winner().getReviewer()
              + " decided first: "
              + Screens.title(late.winner().getDecision()).toLowerCase(Locale.ROOT)
              + ".";
      case Refusal.NoLongerNeeded(String reason) ->
          "The workflow no longer waits for it: " + reason + ".";
      case Refusal.NotHeld any -> "Nobody has it, so there is nothing to release.";
      case Refusal.OutputMissing any -> "This is a task for a person: give the output.";
      case Refusal.Unknown any -> sentence(refusal);
      case Refusal.EditNotAllowed any -> sentence(refusal);
      case Refusal.InvalidEdit any -> sentence(refusal);
      case Refusal.ReasonMissing any -> sentence(refusal);
      case Refusal.Missing any -> sentence(refusal);
      case Refusal.NoDelegation any -> sentence(refusal);
      case Refusal.NoChanges any -> sentence(refusal);
      case Refusal.TrailFull any -> sentence(refusal);
      case Refusal.KeyReused any -> "This form was sent before; open the review again.";
      case Refusal.Malformed any -> sentence(refusal);
    };
  }

  private static String sentence(Refusal refusal) {
    String message = refusal.message();
    return message.substring(0, 1).toUpperCase(Locale.ROOT) + message.substring(1) + ".";
  }
}
