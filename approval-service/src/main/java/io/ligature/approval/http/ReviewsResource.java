package io.ligature.approval.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.approval.identity.Masking;
import io.ligature.approval.review.Refusal;
import io.ligature.approval.review.Review;
import io.ligature.approval.review.Rules;
import io.ligature.approval.stream.ApprovalSettings;
import io.ligature.approval.stream.ReviewPage;
import io.ligature.approval.stream.ReviewRuntime;
import io.ligature.approval.stream.ReviewSummary.Status;
import io.ligature.avro.Decision;
import io.ligature.schemas.wire.Payloads;
import io.quarkus.security.Authenticated;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/**
 * Reviews: listed, shown and decided. Anyone who is known may ask; what they see and may do depends
 * on the role that each review names.
 */
@Path("/reviews")
@Tag(name = "reviews")
@Authenticated
@Blocking
@Produces({MediaType.APPLICATION_JSON, "application/problem+json"})
public class ReviewsResource {

  private static final String KEY = "Idempotency-Key";

  private final ReviewRuntime reviews;
  private final Decisions decisions;
  private final ApprovalSettings settings;
  private final SecurityIdentity identity;
  private final String currency;
  private final Masking masking;

  public ReviewsResource(
      ReviewRuntime reviews,
      Decisions decisions,
      ApprovalSettings settings,
      SecurityIdentity identity,
      Masking masking,
      @ConfigProperty(name = "ligature.currency", defaultValue = "USD") String currency) {
    this.reviews = reviews;
    this.decisions = decisions;
    this.settings = settings;
    this.identity = identity;
    this.masking = masking;
    this.currency = currency;
  }

  @GET
  @Operation(
      summary =
          "List the reviews you may decide, or all of your tenant's as viewer, operator, admin",
      description =
          "Open ones with the oldest first, others with the newest first. A page may hold fewer"
              + " reviews than asked for and still have a next one.")
  @APIResponse(responseCode = "200", description = "{reviews: […], next}")
  public ObjectNode list(
      @QueryParam("status") @DefaultValue("open") String status,
      @QueryParam("limit") @Nullable Integer limit,
      @QueryParam("cursor") @Nullable String cursor) {
    Caller caller = Caller.of(identity);
    Status wanted = status(status);
    int most = limit == null ? settings.pageSize() : limit;
    if (most < 1 || most > settings.maxPageSize()) {
      throw Problem.invalid("limit: give 1 to " + settings.maxPageSize());
    }
    ReviewPage page =
        reviews.list(
            wanted,
            cursor == null ? null : key(cursor, wanted),
            summary -> caller.maySee(summary.tenant(), summary.role()),
            most);
    ObjectNode body = Payloads.JSON.createObjectNode();
    ArrayNode list = body.putArray("reviews");
    page.reviews().forEach(summary -> list.add(summary.content()));
    String next = page.next();
    body.put(
        "next",
        next == null
            ? null
            : Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(next.getBytes(StandardCharsets.UTF_8)));
    return body;
  }

  @GET
  @Path("/{id}")
  @Operation(summary = "Show one review with everything that is known for deciding it")
  @APIResponse(responseCode = "200", description = "The review")
  @APIResponse(responseCode = "403", description = "You lack the role that decides it")
  @APIResponse(responseCode = "404", description = "Your tenant has none of that id")
  public ObjectNode show(@PathParam("id") String id) {
    Caller caller = Caller.of(identity);
    Review review =
        reviews
            .find(id)
            .filter(found -> found.request().getTenant().equals(caller.tenant()))
            .orElseThrow(() -> Problem.of(new Refusal.Unknown(id)));
    String role = review.request().getRule().getRole();
    if (!caller.maySee(review.request().getTenant(), role)) {
      throw Problem.of(new Refusal.WrongRole(role));
    }
    boolean mayDecide =
        review instanceof Review.Open
            && Rules.mayDecide(review.request(), caller.name(), caller.roles());
    return ReviewView.of(
        masking.shown(review, caller.roles()), reviews.refused(id), mayDecide, currency);
  }

  @POST
  @Path("/{id}/approve")
  @Consumes({MediaType.APPLICATION_JSON, MediaType.WILDCARD})
  @Operation(
      summary = "Approve what is shown",
      description = "Body {reason}, may be left out. Answers when the decision has taken effect.")
  @APIResponse(responseCode = "200", description = "The decision")
  @APIResponse(responseCode = "202", description = "Stored, but not decided in time; ask again")
  @APIResponse(responseCode = "403", description = "You lack the role, or started the workflow")
  @APIResponse(responseCode = "404", description = "Your tenant has none of that id")
  @APIResponse(responseCode = "409", description = "Decided, withdrawn or expired before")
  public Response approve(
      @PathParam("id") String id,
      @HeaderParam(KEY) @Nullable String key,
      @HeaderParam("traceparent") @Nullable String traceparent,
      @Nullable String body) {
    DecisionBody said = DecisionBody.read(body, Set.of("reason"));
    return decisions.decide(
        Caller.of(identity), id, Decision.approve, said.reason(), null, key, traceparent);
  }

  @POST
  @Path("/{id}/reject")
  @Consumes({MediaType.APPLICATION_JSON, MediaType.WILDCARD})
  @Operation(
      summary = "Reject what is shown",
      description = "Body {reason}; a reason is needed. Answers when it has taken effect.")
  @APIResponse(responseCode = "200", description = "The decision")
  @APIResponse(responseCode = "202", description = "Stored, but not decided in time; ask again")
  @APIResponse(responseCode = "403", description = "You lack the role, or started the workflow")
  @APIResponse(responseCode = "404", description = "Your tenant has none of that id")
  @APIResponse(responseCode = "409", description = "Decided, withdrawn or expired before")
  @APIResponse(responseCode = "422", description = "The reason is missing")
  public Response reject(
      @PathParam("id") String id,
      @HeaderParam(KEY) @Nullable String key,
      @HeaderParam("traceparent") @Nullable String traceparent,
      @Nullable String body) {
    DecisionBody said = DecisionBody.read(body, Set.of("reason"));
    return decisions.decide(
        Caller.of(identity), id, Decision.reject, said.reason(), null, key, traceparent);
  }

  @POST
  @Path("/{id}/edit-and-approve")
  @Consumes({MediaType.APPLICATION_JSON, MediaType.WILDCARD})
  @Operation(
      summary = "Approve an output of your own in the place of the one shown",
      description =
          "Body {output, reason}; the output is checked against the review's output schema."
              + " Answers when it has taken effect.")
  @APIResponse(responseCode = "200", description = "The decision")
  @APIResponse(responseCode = "202", description = "Stored, but not decided in time; ask again")
  @APIResponse(responseCode = "403", description = "You lack the role, or started the workflow")
  @APIResponse(responseCode = "404", description = "Your tenant has none of that id")
  @APIResponse(responseCode = "409", description = "Decided, withdrawn or expired before")
  @APIResponse(responseCode = "422", description = "Edits are not allowed, or violations say why")
  public Response editAndApprove(
      @PathParam("id") String id,
      @HeaderParam(KEY) @Nullable String key,
      @HeaderParam("traceparent") @Nullable String traceparent,
      @Nullable String body) {
    DecisionBody said = DecisionBody.read(body, Set.of("output", "reason"));
    JsonNode output = said.output();
    if (output == null) {
      throw Problem.invalid("'output' is missing: give the whole output as it shall be");
    }
    return decisions.decide(
        Caller.of(identity),
        id,
        Decision.edit_and_approve,
        said.reason(),
        Payloads.json(output),
        key,
        traceparent);
  }

  private static Status status(String word) {
    return switch (word) {
      case "open" -> Status.OPEN;
      case "decided" -> Status.DECIDED;
      case "withdrawn" -> Status.WITHDRAWN;
      default ->
          throw Problem.invalid("status: '" + word + "' is none of open, decided, withdrawn");
    };
  }

  private static String key(String cursor, Status status) {
    try {
      String key = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
      if (key.startsWith(status.word() + "/")) {
        return key;
      }
    } catch (IllegalArgumentException e) {
      // Told below, as for any cursor that is not ours.
    }
    throw Problem.invalid("cursor: give the 'next' of a page of the same status");
  }
}
