package io.ligature.approval.inbox;

import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;

/** Serves the styles and scripts; nothing in them is secret, and the login page needs them. */
@Path("/inbox/assets/{hash}/{name}")
@PermitAll
public class AssetsResource {

  private static final String FOR_GOOD = "public, max-age=31536000, immutable";

  private final Assets assets;

  public AssetsResource(Assets assets) {
    this.assets = assets;
  }

  @GET
  @Operation(hidden = true)
  public Response get(@PathParam("hash") String hash, @PathParam("name") String name) {
    return assets
        .find(hash, name)
        .map(
            asset ->
                Response.ok(asset.content())
                    .type(asset.type())
                    .header("Cache-Control", FOR_GOOD)
                    .tag(hash)
                    .build())
        .orElseGet(() -> Response.status(Response.Status.NOT_FOUND).build());
  }
}
