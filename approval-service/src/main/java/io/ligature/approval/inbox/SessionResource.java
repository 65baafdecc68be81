package io.ligature.approval.inbox;

import io.quarkus.oidc.OidcSession;
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
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.jwt.JsonWebToken;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** Begins and ends the session of the pages, whoever checks who people are. */
@Path("/inbox")
@Authenticated
@Blocking
@Produces(MediaType.TEXT_HTML)
public class SessionResource {

  private final PageFrames frames;
  private final SecurityIdentity identity;
  private final OidcSession issued;
  private final boolean tokens;

  public SessionResource(
      PageFrames frames,
      SecurityIdentity identity,
      OidcSession issued,
      @ConfigProperty(name = "quarkus.oidc.inbox.tenant-enabled") boolean tokens) {
    this.frames = frames;
    this.identity = identity;
    this.issued = issued;
    this.tokens = tokens;
  }

  @GET
  @Path("/login")
  @PermitAll
  @Operation(hidden = true)
  public Response login(@QueryParam("failed") boolean failed) {
    return tokens
        ? frames.page(
            200,
            "Logged out",
            frame ->
                Pages.problem(
                    frame,
                    "You are logged out",
                    "Open the inbox to log in with your issuer again."))
        : frames.page(200, "Log in", frame -> Pages.login(frame, failed));
  }

  @POST
  @Path("/logout")
  @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
  @Operation(hidden = true)
  public Response logout(String body) {
    frames.posted(body);
    if (identity.getPrincipal() instanceof JsonWebToken) {
      issued.logout().await().indefinitely();
    } else {
      FormAuthenticationMechanism.logout(identity);
    }
    return Response.seeOther(URI.create("/inbox/login")).build();
  }
}
