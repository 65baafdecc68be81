package io.ligature.approval.inbox;

import com.fasterxml.jackson.databind.JsonNode;
import io.ligature.approval.desk.Desk;
import io.ligature.approval.desk.Source;
import io.ligature.approval.desk.Statuses;
import io.ligature.approval.desk.WellFormed;
import io.ligature.approval.desk.Wish;
import io.ligature.approval.identity.Masking;
import io.ligature.approval.inbox.ConfirmScreen.Filled;
import io.ligature.approval.inbox.Drafts.Draft;
import io.ligature.approval.review.Outcome;
import io.ligature.approval.review.Refusal;
import io.ligature.approval.review.Review;
import io.ligature.approval.stream.ApprovalSettings;
import io.ligature.approval.stream.ReviewRuntime;
import io.ligature.approval.stream.UnavailableException;
import io.ligature.schemas.wire.Payloads;
import io.quarkus.security.Authenticated;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jspecify.annotations.Nullable;

/**
 * What a reader does with a review. What ends the wait, or gives it to somebody, takes two steps,
 * so that no slip of a finger is one.
 */
@Path("/inbox/reviews/{id}")
@Authenticated
@Blocking
@Produces(MediaType.TEXT_HTML)
public class ActingResource {

  private static final String STORED =
      "It is stored but has not taken effect yet; load this page again soon.";
  private static final String NO_REASON = "Say why, for whoever reads the workflow's record.";
  private static final String NO_COMMENT =
      "Write something; an empty comment tells nobody anything.";
  private static final String CHANGED =
      "Nothing was done: the review has changed since you opened it. Look at what happened, then"
          + " say again what you want.";

  private final Desk desk;
  private final ReviewRuntime reviews;
  private final ApprovalSettings settings;
  private final Drafts drafts;
  private final Masking masking;
  private final ReviewPages pages;
  private final PageFrames frames;

  public ActingResource(
      Desk desk,
      ReviewRuntime reviews,
      ApprovalSettings settings,
      Drafts drafts,
      Masking masking,
      ReviewPages pages,
      PageFrames frames) {
    this.desk = desk;
    this.reviews = reviews;
    this.settings = settings;
    this.drafts = drafts;
    this.masking = masking;
    this.pages = pages;
    this.frames = frames;
  }

  @GET
  @Path("/{action: approve|reject|request-changes|abort|delegate}")
  @Operation(hidden = true)
  public Response ask(
      @PathParam("id") String id,
      @PathParam("action") String action,
      @QueryParam("version") @Nullable Long version) {
    Review review = pages.seen(id);
    Act act = Act.of(action);
    Offers offers = pages.offers(review);
    if (!offers.has(act)) {
      return pages.shown(409, review, Told.notice(offers.closed()));
    }
    Filled empty = Filled.empty(UUID.randomUUID().toString(), version, null);
    return pages.confirm(200, review, act, empty, "", Map.of());
  }

  @POST
  @Path(
      "/{action:"
          + " approve|reject|edit-and-approve|request-changes|abort|delegate|claim|release|comments}")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  @Operation(hidden = true)
  public Response act(@PathParam("id") String id, @PathParam("action") String action, String body) {
    Posted posted = frames.posted(body);
    Act act = Act.of(action);
    Review review = pages.seen(id, refusal -> turnedDown(id, act, refusal));
    JsonNode output = null;
    if (act == Act.EDIT) {
      if (masking.hides(review, pages.reader().roles())) {
        turnedDown(id, act, new Refusal.WrongRole(masking.role()));
        return pages.shown(403, review, Told.notice(pages.offers(review).noEdit()));
      }
      Draft draft = drafts.read(pages.reader(), review, posted, false);
      boolean writable = WellFormed.problem(draft.value()) == null;
      if (!draft.right() && (review instanceof Review.Open || !writable)) {
        Wish wish = Wish.edit(Payloads.json(draft.value()), filled(posted, null).reason());
        turnedDown(
            id,
            act,
            desk.objection(pages.reader(), review, wish)
                .orElseGet(() -> new Refusal.InvalidEdit(List.of())));
        return frames.page(
            422,
            "Edit",
            frame ->
                Pages.edit(
                    frame, drafts.screen(review, pages.screen(review), draft, posted.version())));
      }
      output = draft.value();
    }
    Filled filled = filled(posted, output);
    if (filled.reason().length() > settings.maxText()) {
      String error = "Use at most " + settings.maxText() + " characters.";
      turnedDown(id, act, new Refusal.Malformed(error));
      return again(422, review, act, filled, Map.of("reason", error));
    }
    Source source = new Source(filled.key(), filled.version(), frames.client(), null);
    return desk.take(pages.reader(), review, filled.wish(act, pages.now()), source)
        .map(outcome -> answer(outcome, review, act, filled))
        .orElseGet(() -> pages.shown(202, review, Told.notice(STORED)));
  }

  private void turnedDown(String id, Act act, Refusal refusal) {
    desk.turnedDown(pages.reader(), id, act.action(), frames.client(), refusal);
  }

  private static Filled filled(Posted posted, @Nullable JsonNode output) {
    return new Filled(
        posted.key(),
        posted.version(),
        posted.text("reason").replace("\r\n", "\n").strip(),
        posted.text("to").strip(),
        posted.text("hours"),
        output);
  }

  private Response answer(Outcome outcome, Review review, Act act, Filled filled) {
    URI page = URI.create(Screens.path(review.request().getReviewId()));
    return switch (outcome) {
      case Outcome.Accepted any -> Response.seeOther(page).build();
      case Outcome.Repeated any -> Response.seeOther(page).build();
      case Outcome.Noted any -> Response.seeOther(page).build();
      case Outcome.Refused(Refusal refusal) -> refused(refusal, review, act, filled);
    };
  }

  private Response refused(Refusal refusal, Review review, Act act, Filled filled) {
    return switch (refusal) {
      case Refusal.ReasonMissing any ->
          again(422, review, act, filled, Map.of("reason", NO_REASON));
      case Refusal.Missing any when act == Act.DELEGATE ->
          again(422, review, act, filled, Map.of("to", "Say who shall have it."));
      case Refusal.Missing any when act == Act.COMMENT ->
          again(422, review, act, filled, Map.of("reason", NO_COMMENT));
      case Refusal.Missing any -> again(422, review, act, filled, Map.of("reason", NO_REASON));
      case Refusal.NoDelegation no ->
          again(422, review, act, filled, Map.of("to", Offering.words(no)));
      case Refusal.Unknown any -> throw PageProblem.unknown();
      case Refusal.Changed any -> changed(review, act, filled);
      case Refusal.AlreadyDecided late -> late(review, late, filled);
      case Refusal.NoLongerNeeded late -> late(review, late, filled);
      case Refusal.Expired late -> late(review, late, filled);
      default ->
          pages.shown(
              Statuses.of(refusal),
              now(review),
              Told.refused(Offering.words(refusal), filled.written()));
    };
  }

  /** What was written is not lost. */
  private Response again(
      int status, Review review, Act act, Filled filled, Map<String, String> errors) {
    if (act == Act.COMMENT) {
      String wrong = String.join(" ", errors.values());
      return pages.shown(
          status,
          review,
          pages.offers(review).comment()
              ? Told.comment(filled.reason(), wrong)
              : Told.refused(wrong, filled.reason()));
    }
    return pages.confirm(status, review, act, filled, "", errors);
  }

  private Response changed(Review before, Act act, Filled filled) {
    Review review = now(before);
    return pages.offers(review).has(act)
        ? pages.confirm(412, review, act, filled, CHANGED, Map.of())
        : pages.shown(412, review, Told.refused(pages.offers(review).closed(), filled.written()));
  }

  private Response late(Review before, Refusal refusal, Filled filled) {
    return pages.shown(
        409,
        now(before),
        Told.refused("You came too late: " + Offering.words(refusal), filled.written()));
  }

  /** It may have changed since it was looked up. */
  private Review now(Review before) {
    return reviews.find(before.request().getReviewId()).orElse(before);
  }

  @ServerExceptionMapper
  Response unavailable(UnavailableException unavailable) {
    return frames.unavailable(unavailable);
  }
}
