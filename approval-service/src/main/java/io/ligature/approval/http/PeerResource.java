package io.ligature.approval.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.approval.stream.PeerSeal;
import io.ligature.approval.stream.PeerSettings;
import io.ligature.approval.stream.ReviewRuntime;
import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/**
 * Answers other instances of this service. No user and no role is let in: a question carries a seal
 * that only those who know the shared secret can make. Without a secret there is no such address.
 */
@Path("/peer")
@PermitAll
@Blocking
@Consumes(MediaType.APPLICATION_JSON)
@Produces({MediaType.APPLICATION_JSON, "application/problem+json"})
public class PeerResource {

  private final ReviewRuntime reviews;
  private final Optional<PeerSeal> seal;
  private final Clock clock = Clock.systemUTC();

  public PeerResource(ReviewRuntime reviews, PeerSettings settings) {
    this.reviews = reviews;
    this.seal = settings.secret().map(secret -> new PeerSeal(secret, settings.maxSkew()));
  }

  @POST
  @Path("/rows")
  @Operation(hidden = true)
  public ObjectNode rows(@HeaderParam(PeerSeal.HEADER) @Nullable String given, String body) {
    return answer("/peer/rows", given, body);
  }

  @POST
  @Path("/list")
  @Operation(hidden = true)
  public ObjectNode list(@HeaderParam(PeerSeal.HEADER) @Nullable String given, String body) {
    return answer("/peer/list", given, body);
  }

  private ObjectNode answer(String path, @Nullable String given, String body) {
    if (seal.isEmpty()) {
      throw Problem.noSuchAddress();
    }
    if (!seal.get().holds(given, clock.instant(), path, body)) {
      throw Problem.notAPeer();
    }
    try {
      return reviews.answerPeer(path, body);
    } catch (IllegalArgumentException e) {
      throw Problem.invalid(String.valueOf(e.getMessage()));
    }
  }
}
