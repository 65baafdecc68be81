package io.ligature.approval.http;

import io.ligature.approval.desk.Wish;
import io.ligature.approval.identity.Person;
import io.ligature.avro.ReviewAct;
import io.quarkus.security.Authenticated;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What reviewers do with a review beside deciding it: claim it, hand it on, talk about it. */
@Path("/reviews")
@Tag(name = "reviews")
@Authenticated
@Blocking
@Consumes({MediaType.APPLICATION_JSON, MediaType.WILDCARD})
@Produces({MediaType.APPLICATION_JSON, "application/problem+json"})
@APIResponse(responseCode = "200", description = "{commandId, reviewId, status, version, standing}")
@APIResponse(responseCode = "202", description = "Stored, but not in effect in time; ask again")
@APIResponse(responseCode = "403", description = "You lack the role, or four eyes forbid it")
@APIResponse(responseCode = "404", description = "Your tenant has none of that id")
@APIResponse(responseCode = "412", description = "It is not the version of If-Match")
public class CollaborationResource {

  private final Decisions decisions;
  private final SecurityIdentity identity;

  public CollaborationResource(Decisions decisions, SecurityIdentity identity) {
    this.decisions = decisions;
    this.identity = identity;
  }

  @POST
  @Path("/{id}/claim")
  @Operation(
      summary = "Take a review: nobody else decides it for a while",
      description = "No body. Commenting renews the lease; a decision or a release ends it.")
  @APIResponse(responseCode = "409", description = "Somebody else has it, or it is no longer open")
  public Response claim(@PathParam("id") String id, @BeanParam Asked asked, @Nullable String body) {
    DecisionBody said = DecisionBody.read(asked.json(body), Set.of());
    return take(id, Wish.act(ReviewAct.claim, said.text()), asked);
  }

  @POST
  @Path("/{id}/release")
  @Operation(
      summary = "Give a review back; operators and admins may release any",
      description = "No body.")
  @APIResponse(responseCode = "409", description = "Nobody has it, or somebody else")
  public Response release(
      @PathParam("id") String id, @BeanParam Asked asked, @Nullable String body) {
    DecisionBody said = DecisionBody.read(asked.json(body), Set.of());
    return take(id, Wish.act(ReviewAct.release, said.text()), asked);
  }

  @POST
  @Path("/{id}/delegate")
  @Operation(
      summary = "Hand a review to somebody who may decide it",
      description = "Body {to, until, reason}; until and reason may be left out.")
  @APIResponse(responseCode = "409", description = "Somebody else has it, or it is no longer open")
  @APIResponse(
      responseCode = "422",
      description = "It cannot be handed to them, so often or for so long")
  public Response delegate(
      @PathParam("id") String id, @BeanParam Asked asked, @Nullable String body) {
    DecisionBody said = DecisionBody.read(asked.json(body), Set.of("to", "until", "reason"));
    return take(
        id, Wish.delegate(said.to() == null ? "" : said.to(), said.until(), said.reason()), asked);
  }

  @POST
  @Path("/{id}/comments")
  @Operation(summary = "Say something about a review", description = "Body {text}.")
  @APIResponse(responseCode = "409", description = "It is no longer open")
  @APIResponse(responseCode = "422", description = "The text is missing")
  public Response comment(
      @PathParam("id") String id, @BeanParam Asked asked, @Nullable String body) {
    DecisionBody said = DecisionBody.read(asked.json(body), Set.of("text"));
    return take(id, Wish.act(ReviewAct.comment, said.text()), asked);
  }

  private Response take(String id, Wish wish, Asked asked) {
    return decisions.take(Person.of(identity), id, wish, asked);
  }
}
