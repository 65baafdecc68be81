package io.ligature.approval.inbox;

import io.ligature.approval.stream.UnavailableException;
import io.quarkus.security.Authenticated;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** The page of a review: all there is to know before deciding, on one screen. */
@Path("/inbox/reviews/{id}")
@Authenticated
@Blocking
@Produces(MediaType.TEXT_HTML)
public class ReadingResource {

  private final ReviewPages pages;
  private final PageFrames frames;

  public ReadingResource(ReviewPages pages, PageFrames frames) {
    this.pages = pages;
    this.frames = frames;
  }

  @GET
  @Operation(hidden = true)
  public Response show(@PathParam("id") String id) {
    return pages.shown(200, pages.seen(id), Told.NOTHING);
  }

  @ServerExceptionMapper
  Response unavailable(UnavailableException unavailable) {
    return frames.unavailable(unavailable);
  }
}
