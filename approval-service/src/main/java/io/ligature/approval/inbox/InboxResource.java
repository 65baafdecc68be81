package io.ligature.approval.inbox;

import io.ligature.approval.identity.Person;
import io.ligature.approval.stream.ApprovalSettings;
import io.ligature.approval.stream.ReviewFilter;
import io.ligature.approval.stream.ReviewPage;
import io.ligature.approval.stream.ReviewRuntime;
import io.ligature.approval.stream.ReviewScope;
import io.ligature.approval.stream.ReviewSummary;
import io.ligature.approval.stream.UnavailableException;
import io.quarkus.security.Authenticated;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jspecify.annotations.Nullable;

/**
 * The list of the inbox. Links and forms alone carry all of the page; scripts only save reloads,
 * and ask for the list again to keep it up to date.
 */
@Path("/inbox")
@Authenticated
@Blocking
@Produces(MediaType.TEXT_HTML)
public class InboxResource {

  private final ReviewRuntime reviews;
  private final ApprovalSettings settings;
  private final InboxSettings page;
  private final PageFrames frames;
  private final SecurityIdentity identity;
  private final Clock clock = Clock.systemUTC();

  public InboxResource(
      ReviewRuntime reviews,
      ApprovalSettings settings,
      InboxSettings page,
      PageFrames frames,
      SecurityIdentity identity) {
    this.reviews = reviews;
    this.settings = settings;
    this.page = page;
    this.frames = frames;
    this.identity = identity;
  }

  @GET
  @Operation(hidden = true)
  public Response list(
      @QueryParam("status") @Nullable String status,
      @QueryParam("q") @Nullable String text,
      @QueryParam("due") @Nullable String due,
      @QueryParam("mine") boolean mine,
      @QueryParam("held") @Nullable String held,
      @QueryParam("cursor") @Nullable String cursor) {
    Person person = Person.of(identity);
    Instant now = clock.instant();
    ListQuery query = ListQuery.of(status, text, due, mine, held);
    String after = query.key(cursor);
    ReviewPage found =
        reviews.list(query.index(), after, query.filter(person, now), settings.pageSize());
    ListScreen screen =
        new ListScreen(
            query,
            found.reviews().stream().map(each -> ListScreen.Row.of(each, person, now)).toList(),
            query.address(after),
            found.next() == null ? null : query.address(found.next()),
            after == null ? null : query.address(null),
            page.refresh().toMillis(),
            page.idle().toMillis());
    return frames.page(200, "Inbox", frame -> Pages.list(frame, screen));
  }

  /**
   * Leads to the oldest review that the reader may decide and nobody else has; else to the list.
   */
  @GET
  @Path("/next")
  @Operation(hidden = true)
  public Response next() {
    Person person = Person.of(identity);
    Instant now = clock.instant();
    ReviewFilter mine =
        new ReviewFilter(person.scope().reaching(ReviewScope.Reach.DECIDABLE), Map.of(), now);
    String address =
        reviews.list(ReviewSummary.Status.OPEN, null, mine, settings.pageSize()).reviews().stream()
            .filter(summary -> isFree(summary, person, now))
            .map(summary -> Screens.path(summary.content().path("reviewId").asText()))
            .findFirst()
            .orElse("/inbox?mine=true");
    return Response.seeOther(URI.create(address)).build();
  }

  private static boolean isFree(ReviewSummary summary, Person person, Instant now) {
    String holder = ListQuery.holder(summary, now);
    return (holder.isEmpty() || holder.equals(person.name()))
        && !summary.wasActedOnBy(person.name());
  }

  @ServerExceptionMapper
  Response unavailable(UnavailableException unavailable) {
    return frames.unavailable(unavailable);
  }
}
