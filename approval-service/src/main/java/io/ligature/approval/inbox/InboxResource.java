package io.ligature.approval.inbox;

import com.fasterxml.jackson.databind.JsonNode;
import io.ligature.approval.desk.Desk;
import io.ligature.approval.desk.Source;
import io.ligature.approval.desk.Statuses;
import io.ligature.approval.desk.WellFormed;
import io.ligature.approval.desk.Wish;
import io.ligature.approval.identity.Masking;
import io.ligature.approval.identity.Person;
import io.ligature.approval.inbox.Drafts.Draft;
import io.ligature.approval.review.Outcome;
import io.ligature.approval.review.Refusal;
import io.ligature.approval.review.Review;
import io.ligature.approval.stream.ApprovalSettings;
import io.ligature.approval.stream.ReviewPage;
import io.ligature.approval.stream.ReviewRuntime;
import io.ligature.approval.stream.ReviewSummary;
import io.ligature.approval.stream.UnavailableException;
import io.ligature.avro.Decision;
import io.ligature.schemas.wire.Payloads;
import io.quarkus.security.Authenticated;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.UUID;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jspecify.annotations.Nullable;

/**
 * The pages of the inbox. Links and forms alone carry all of it; scripts only save reloads. A
 * decision takes two steps, so that no slip of a finger is one.
 */
@Path("/inbox")
@Authenticated
@Blocking
@Produces(MediaType.TEXT_HTML)
public class InboxResource {

  private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{1,200}");
  private static final int MOST_REASON = 4_000;
  private static final String STORED =
      "Your decision is stored but has not taken effect yet; load this page again soon.";
  private static final String NO_REASON = "Say why, for whoever reads the workflow's record.";

  private final Desk desk;
  private final ReviewRuntime reviews;
  private final ApprovalSettings settings;
  private final Screens screens;
  private final Drafts drafts;
  private final PageFrames frames;
  private final Masking masking;
  private final SecurityIdentity identity;
  private final Clock clock = Clock.systemUTC();

  public InboxResource(
      Desk desk,
      ReviewRuntime reviews,
      ApprovalSettings settings,
      Screens screens,
      Drafts drafts,
      PageFrames frames,
      Masking masking,
      SecurityIdentity identity) {
    this.desk = desk;
    this.reviews = reviews;
    this.settings = settings;
    this.screens = screens;
    this.drafts = drafts;
    this.frames = frames;
    this.masking = masking;
    this.identity = identity;
  }

  @GET
  @Operation(hidden = true)
  public Response list(
      @QueryParam("status") @Nullable String status,
      @QueryParam("q") @Nullable String text,
      @QueryParam("due") @Nullable String due,
      @QueryParam("mine") boolean mine,
      @QueryParam("cursor") @Nullable String cursor) {
    Person person = Person.of(identity);
    Instant now = clock.instant();
    ListQuery query = ListQuery.of(status, text, due, mine);
    ReviewPage page =
        reviews.list(
            query.index(), query.key(cursor), query.filter(person, now), settings.pageSize());
    ListScreen screen =
        new ListScreen(
            query,
            page.reviews().stream().map(summary -> row(summary, now)).toList(),
            page.next() == null ? null : query.address(page.next()),
            cursor == null ? null : query.address(null));
    return frames.page(200, "Inbox", frame -> Pages.list(frame, screen));
  }

  @GET
  @Path("/reviews/{id}")
  @Operation(hidden = true)
  public Response show(@PathParam("id") String id) {
    Person person = Person.of(identity);
    return shown(200, person, seen(person, id), "");
  }

  @GET
  @Path("/reviews/{id}/{action: approve|reject}")
  @Operation(hidden = true)
  public Response ask(@PathParam("id") String id, @PathParam("action") String action) {
    Person person = Person.of(identity);
    Review review = seen(person, id);
    ReviewScreen screen = screen(person, review);
    if (!screen.decidable()) {
      return shown(409, person, review, screen.closed());
    }
    return confirm(
        200, person, review, decision(action), "", null, UUID.randomUUID().toString(), "");
  }

  @POST
  @Path("/reviews/{id}/{action: approve|reject|edit-and-approve}")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  @Operation(hidden = true)
  public Response decide(
      @PathParam("id") String id, @PathParam("action") String action, String body) {
    Person person = Person.of(identity);
    Posted posted = frames.posted(body);
    Review review = seen(person, id);
    Decision decision = decision(action);
    String key = posted.text("key");
    if (!KEY.matcher(key).matches()) {
      throw PageProblem.invalid("The form has lost its key; open the review again.");
    }
    JsonNode output = null;
    if (decision == Decision.edit_and_approve) {
      if (masking.hides(review, person.roles())) {
        return shown(403, person, review, screen(person, review).noEdit());
      }
      Draft draft = drafts.read(person, review, posted, false);
      boolean writable = WellFormed.problem(draft.value()) == null;
      if (!draft.right() && (review instanceof Review.Open || !writable)) {
        return edit(422, person, review, draft);
      }
      output = draft.value();
    }
    String reason = posted.text("reason").replace("\r\n", "\n").strip();
    if (reason.length() > MOST_REASON) {
      String error = "Use at most " + MOST_REASON + " characters.";
      return confirm(422, person, review, decision, reason, output, key, error);
    }
    Form form = new Form(decision, reason, output, key);
    return desk.take(person, review, form.wish(), new Source(key, null, frames.client(), null))
        .map(outcome -> answer(outcome, person, review, form))
        .orElseGet(() -> shown(202, person, review, STORED));
  }

  /** What was sent, to be shown again when it cannot be taken. */
  private record Form(Decision decision, String reason, @Nullable JsonNode output, String key) {

    Wish wish() {
      return output == null
          ? Wish.decide(decision, reason)
          : Wish.edit(Payloads.json(output), reason);
    }
  }

  private Response answer(Outcome outcome, Person person, Review review, Form form) {
    URI page = URI.create(Screens.path(review.request().getReviewId()));
    return switch (outcome) {
      case Outcome.Accepted any -> Response.seeOther(page).build();
      case Outcome.Repeated any -> Response.seeOther(page).build();
      case Outcome.Noted any -> Response.seeOther(page).build();
      case Outcome.Refused(Refusal refusal) -> refused(refusal, person, review, form);
    };
  }

  private Response refused(Refusal refusal, Person person, Review review, Form form) {
    return switch (refusal) {
      case Refusal.ReasonMissing any -> again(person, review, form, NO_REASON);
      case Refusal.Missing missing -> again(person, review, form, missing.message());
      case Refusal.Unknown any -> throw PageProblem.unknown();
      case Refusal.AlreadyDecided late -> late(person, review, late);
      case Refusal.NoLongerNeeded late -> late(person, review, late);
      case Refusal.Expired late -> late(person, review, late);
      default -> shown(Statuses.of(refusal), person, review, refusal.message());
    };
  }

  private Response again(Person person, Review review, Form form, String error) {
    return confirm(
        422, person, review, form.decision(), form.reason(), form.output(), form.key(), error);
  }

  /** The review has changed since the form was opened, so it is shown as it is now. */
  private Response late(Person person, Review before, Refusal refusal) {
    Review now = reviews.find(before.request().getReviewId()).orElse(before);
    return shown(409, person, now, "Your decision came too late: " + refusal.message() + ".");
  }

  @GET
  @Path("/reviews/{id}/edit")
  @Operation(hidden = true)
  public Response edit(
      @PathParam("id") String id, @QueryParam("raw") @DefaultValue("false") boolean raw) {
    Person person = Person.of(identity);
    Review review = seen(person, id);
    ReviewScreen screen = screen(person, review);
    if (!screen.editable()) {
      return shown(409, person, review, screen.decidable() ? screen.noEdit() : screen.closed());
    }
    return edit(200, person, review, drafts.begin(person, review, raw));
  }

  @POST
  @Path("/reviews/{id}/edit")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  @Operation(hidden = true)
  public Response draft(@PathParam("id") String id, String body) {
    Person person = Person.of(identity);
    Posted posted = frames.posted(body);
    Review review = seen(person, id);
    ReviewScreen screen = screen(person, review);
    if (!screen.editable()) {
      return shown(409, person, review, screen.decidable() ? screen.noEdit() : screen.closed());
    }
    String wanted = posted.text("do");
    boolean raw = posted.text("mode").equals("json");
    Draft draft =
        switch (wanted) {
          case "form" -> drafts.read(person, review, posted, false);
          case "json" -> drafts.read(person, review, posted, true);
          default -> drafts.read(person, review, posted, raw);
        };
    if (wanted.startsWith("add:")) {
      draft = drafts.add(person, review, draft, wanted.substring("add:".length()));
    } else if (wanted.startsWith("remove:")) {
      draft = drafts.remove(person, review, draft, wanted.substring("remove:".length()));
    }
    if (!wanted.equals("continue")) {
      return edit(200, person, review, draft);
    }
    return draft.right()
        ? confirm(
            200,
            person,
            review,
            Decision.edit_and_approve,
            "",
            draft.value(),
            UUID.randomUUID().toString(),
            "")
        : edit(422, person, review, draft);
  }

  @ServerExceptionMapper
  Response problem(PageProblem problem) {
    return frames.page(
        problem.status(),
        problem.title(),
        frame -> Pages.problem(frame, problem.title(), problem.detail()));
  }

  @ServerExceptionMapper
  Response unavailable(UnavailableException unavailable) {
    return frames.page(
        503,
        "Not now",
        frame -> Pages.problem(frame, "Not now", "Try again soon: " + unavailable.problem()));
  }

  /** What is of another tenant does not exist; what needs another role says which. */
  private Review seen(Person person, String id) {
    Review review = reviews.find(id).filter(person::belongsWith).orElseThrow(PageProblem::unknown);
    if (!person.maySee(review)) {
      throw new PageProblem(
          403,
          "This review is for others",
          "It is for those with the role “" + review.request().getRule().getRole() + "”.");
    }
    return review;
  }

  private ReviewScreen screen(Person person, Review review) {
    return screens.of(
        masking.shown(review, person.roles()),
        masking.shown(reviews.refused(review.request().getReviewId()), review, person.roles()),
        masking.hides(review, person.roles()) ? masking.role() : "",
        person,
        clock.instant());
  }

  private Response shown(int status, Person person, Review review, String notice) {
    ReviewScreen screen = screen(person, review);
    return frames.page(status, screen.task(), frame -> Pages.review(frame, screen, notice));
  }

  private Response edit(int status, Person person, Review review, Draft draft) {
    EditScreen screen = drafts.screen(review, screen(person, review), draft);
    return frames.page(
        status, "Edit: " + screen.review().task(), frame -> Pages.edit(frame, screen));
  }

  private Response confirm(
      int status,
      Person person,
      Review review,
      Decision decision,
      String reason,
      @Nullable JsonNode output,
      String key,
      String error) {
    ConfirmScreen screen =
        screens.confirm(
            screen(person, review), decision, reason, output, Drafts.original(review), key, error);
    return frames.page(status, screen.title(), frame -> Pages.confirm(frame, screen));
  }

  private static Decision decision(String action) {
    return switch (action) {
      case "approve" -> Decision.approve;
      case "reject" -> Decision.reject;
      default -> Decision.edit_and_approve;
    };
  }

  private static ListScreen.Row row(ReviewSummary summary, Instant now) {
    JsonNode content = summary.content();
    return new ListScreen.Row(
        Screens.path(content.path("reviewId").asText()),
        Labels.of(content.path("task").asText()),
        Labels.of(content.path("definition").asText()),
        content.path("reason").asText(),
        content.path("requester").asText(),
        summary.role(),
        Moment.of(Instant.parse(content.path("requestedAt").asText()), now),
        content.path("expiresAt").isTextual()
            ? Moment.of(Instant.parse(content.path("expiresAt").asText()), now)
            : null,
        content.has("decision")
            ? Screens.title(Decision.valueOf(content.path("decision").asText()))
            : "",
        content.path("reviewer").asText(""));
  }
}
