package io.ligature.approval.inbox;

import io.quarkus.security.Authenticated;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.vertx.http.runtime.security.FormAuthenticationMechanism;
import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** The way in and out. */
@Path("/inbox")
@Authenticated
@Blocking
@Produces(MediaType.TEXT_HTML)
public class SessionResource {

  private final PageFrames frames;
  private final SecurityIdentity identity;

  public SessionResource(PageFrames frames, SecurityIdentity identity) {
    this.frames = frames;
    this.identity = identity;
  }

  @GET
  @Path("/login")
  @PermitAll
  @Operation(hidden = true)
  public Response login(@QueryParam("failed") boolean failed) {
    return frames.page(200, "Log in", frame -> Pages.login(frame, failed));
  }

  @POST
  @Path("/logout")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  @Operation(hidden = true)
  public Response logout(String body) {
    frames.posted(body);
    FormAuthenticationMechanism.logout(identity);
    return Response.seeOther(URI.create("/inbox/login")).build();
  }
}
