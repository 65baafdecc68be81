package io.ligature.approval.inbox;

import io.ligature.approval.identity.Masking;
import io.ligature.approval.identity.Person;
import io.ligature.approval.inbox.ConfirmScreen.Filled;
import io.ligature.approval.inbox.Drafts.Draft;
import io.ligature.approval.review.Review;
import io.ligature.approval.stream.UnavailableException;
import io.quarkus.security.Authenticated;
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
import java.util.Map;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jspecify.annotations.Nullable;

/** The edit form; a draft lives in the browser, and is checked whenever it is posted. */
@Path("/inbox/reviews/{id}/edit")
@Authenticated
@Blocking
@Produces(MediaType.TEXT_HTML)
public class EditingResource {

  private final Drafts drafts;
  private final ReviewPages pages;
  private final PageFrames frames;
  private final Masking masking;

  public EditingResource(Drafts drafts, ReviewPages pages, PageFrames frames, Masking masking) {
    this.masking = masking;
    this.drafts = drafts;
    this.pages = pages;
    this.frames = frames;
  }

  @GET
  @Operation(hidden = true)
  public Response edit(
      @PathParam("id") String id, @QueryParam("raw") @DefaultValue("false") boolean raw) {
    Review review = pages.seen(id);
    Offers offers = pages.offers(review);
    return offers.edit()
        ? form(200, review, drafts.begin(pages.reader(), review, raw), null)
        : pages.shown(409, review, Told.notice(refusal(offers)));
  }

  @POST
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  @Operation(hidden = true)
  public Response draft(@PathParam("id") String id, String body) {
    Person person = pages.reader();
    Posted posted = frames.posted(body);
    Review review = pages.seen(id);
    Offers offers = pages.offers(review);
    if (!offers.edit()) {
      return pages.shown(409, review, Told.refused(refusal(offers), written(review, posted)));
    }
    String wanted = posted.text("do");
    Draft draft =
        switch (wanted) {
          case "form" -> drafts.read(person, review, posted, false);
          case "json" -> drafts.read(person, review, posted, true);
          default -> drafts.read(person, review, posted, posted.text("mode").equals("json"));
        };
    if (wanted.startsWith("add:")) {
      draft = drafts.add(person, review, draft, wanted.substring("add:".length()));
    } else if (wanted.startsWith("remove:")) {
      draft = drafts.remove(person, review, draft, wanted.substring("remove:".length()));
    }
    if (!wanted.equals("continue")) {
      return form(200, review, draft, posted.version());
    }
    return draft.right()
        ? confirm(review, draft, posted.version())
        : form(422, review, draft, posted.version());
  }

  private Response confirm(Review review, Draft draft, @Nullable Long version) {
    Filled filled = Filled.empty(UUID.randomUUID().toString(), version, draft.value());
    return pages.confirm(200, review, Act.EDIT, filled, "", Map.of());
  }

  private Response form(int status, Review review, Draft draft, @Nullable Long version) {
    EditScreen screen = drafts.screen(review, pages.screen(review), draft, version);
    return frames.page(
        status, "Edit: " + screen.review().task(), frame -> Pages.edit(frame, screen));
  }

  /** An edit that comes too late; nothing of it when the reader has not seen all of the output. */
  private String written(Review review, Posted posted) {
    if (masking.hides(review, pages.reader().roles())) {
      return "";
    }
    Draft draft = drafts.read(pages.reader(), review, posted, false);
    String typed = draft.text();
    return typed == null ? Showing.pretty(draft.value()) : typed;
  }

  private static String refusal(Offers offers) {
    return offers.closed().isEmpty() ? offers.noEdit() : offers.closed();
  }

  @ServerExceptionMapper
  Response unavailable(UnavailableException unavailable) {
    return frames.unavailable(unavailable);
  }
}
