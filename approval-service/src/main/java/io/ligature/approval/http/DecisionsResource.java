package io.ligature.approval.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.ligature.approval.desk.WellFormed;
import io.ligature.approval.desk.Wish;
import io.ligature.approval.identity.Person;
import io.ligature.avro.Decision;
import io.ligature.avro.Payload;
import io.ligature.schemas.wire.Payloads;
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

/** What ends a review, or counts towards its end. */
@Path("/reviews")
@Tag(name = "reviews")
@Authenticated
@Blocking
@Consumes({MediaType.APPLICATION_JSON, MediaType.WILDCARD})
@Produces({MediaType.APPLICATION_JSON, "application/problem+json"})
@APIResponse(responseCode = "202", description = "Stored, but not in effect in time; ask again")
@APIResponse(responseCode = "403", description = "You lack the role, or four eyes forbid it")
@APIResponse(responseCode = "404", description = "Your tenant has none of that id")
@APIResponse(responseCode = "412", description = "It is not the version of If-Match")
@APIResponse(
    responseCode = "409",
    description =
        "Decided, withdrawn or expired before; somebody else has it; or you said so already")
@APIResponse(responseCode = "428", description = "The settings want If-Match, and there is none")
public class DecisionsResource {

  private final Decisions decisions;
  private final SecurityIdentity identity;

  public DecisionsResource(Decisions decisions, SecurityIdentity identity) {
    this.decisions = decisions;
    this.identity = identity;
  }

  @POST
  @Path("/{id}/approve")
  @Operation(
      summary = "Approve what is shown",
      description = "Body {reason}, may be left out. Answers when it has taken effect.")
  @APIResponse(
      responseCode = "200",
      description = "The decision, or {status, version, standing} while more reviewers are needed")
  public Response approve(
      @PathParam("id") String id, @BeanParam Asked asked, @Nullable String body) {
    DecisionBody said = DecisionBody.read(asked.json(body), Set.of("reason"));
    return take(id, Wish.decide(Decision.approve, said.reason()), asked);
  }

  @POST
  @Path("/{id}/reject")
  @Operation(
      summary = "Reject what is shown",
      description = "Body {reason}; a reason is needed. Answers when it has taken effect.")
  @APIResponse(
      responseCode = "200",
      description = "The decision, or {status, version, standing} while more reviewers are needed")
  @APIResponse(responseCode = "422", description = "The reason is missing")
  public Response reject(
      @PathParam("id") String id, @BeanParam Asked asked, @Nullable String body) {
    DecisionBody said = DecisionBody.read(asked.json(body), Set.of("reason"));
    return take(id, Wish.decide(Decision.reject, said.reason()), asked);
  }

  @POST
  @Path("/{id}/edit-and-approve")
  @Operation(
      summary = "Approve an output of your own in the place of the one shown",
      description =
          "Body {output, reason}; the output is checked against the review's output schema. Earlier approvals were of another output and no longer count.")
  @APIResponse(
      responseCode = "200",
      description = "The decision, or {status, version, standing} while more reviewers are needed")
  @APIResponse(responseCode = "422", description = "Edits are not allowed, or violations say why")
  public Response editAndApprove(
      @PathParam("id") String id, @BeanParam Asked asked, @Nullable String body) {
    DecisionBody said = DecisionBody.read(asked.json(body), Set.of("output", "reason"));
    return take(id, Wish.edit(output(said), said.reason()), asked);
  }

  @POST
  @Path("/{id}/request-changes")
  @Operation(
      summary = "Have the task done again with your wishes in its context",
      description = "Body {reason}; it says what shall change.")
  @APIResponse(responseCode = "200", description = "The decision")
  @APIResponse(
      responseCode = "422",
      description = "Nothing runs again, it was asked for too often, or the reason is missing")
  public Response requestChanges(
      @PathParam("id") String id, @BeanParam Asked asked, @Nullable String body) {
    DecisionBody said = DecisionBody.read(asked.json(body), Set.of("reason"));
    return take(id, Wish.decide(Decision.request_changes, said.reason()), asked);
  }

  @POST
  @Path("/{id}/abort")
  @Operation(summary = "End the whole workflow", description = "Body {reason}; a reason is needed.")
  @APIResponse(responseCode = "200", description = "The decision")
  @APIResponse(responseCode = "422", description = "The reason is missing")
  public Response abort(@PathParam("id") String id, @BeanParam Asked asked, @Nullable String body) {
    DecisionBody said = DecisionBody.read(asked.json(body), Set.of("reason"));
    return take(id, Wish.decide(Decision.abort, said.reason()), asked);
  }

  private Response take(String id, Wish wish, Asked asked) {
    return decisions.take(Person.of(identity), id, wish, asked);
  }

  private static Payload output(DecisionBody said) {
    JsonNode output = said.output();
    if (output == null) {
      throw Problem.invalid("'output' is missing: give the whole output as it shall be");
    }
    String problem = WellFormed.problem(output);
    if (problem != null) {
      throw Problem.invalid("'output'" + problem);
    }
    return Payloads.json(output);
  }
}
