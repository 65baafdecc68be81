package io.ligature.approval.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.approval.identity.Masking;
import io.ligature.approval.identity.Person;
import io.ligature.approval.review.Refusal;
import io.ligature.approval.review.Review;
import io.ligature.approval.review.Reviewers;
import io.ligature.approval.stream.ApprovalSettings;
import io.ligature.approval.stream.ReviewPage;
import io.ligature.approval.stream.ReviewRuntime;
import io.ligature.approval.stream.ReviewSummary.Status;
import io.ligature.schemas.wire.Payloads;
import io.quarkus.security.Authenticated;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/**
 * Reviews: listed and shown. Anyone who is known may ask; what they see depends on the role that
 * each review names.
 */
@Path("/reviews")
@Tag(name = "reviews")
@Authenticated
@Blocking
@Produces({MediaType.APPLICATION_JSON, "application/problem+json"})
public class ReviewsResource {

  private final ReviewRuntime reviews;
  private final ApprovalSettings settings;
  private final SecurityIdentity identity;
  private final String currency;
  private final Masking masking;

  public ReviewsResource(
      ReviewRuntime reviews,
      ApprovalSettings settings,
      SecurityIdentity identity,
      Masking masking,
      @ConfigProperty(name = "ligature.currency", defaultValue = "USD") String currency) {
    this.reviews = reviews;
    this.settings = settings;
    this.identity = identity;
    this.masking = masking;
    this.currency = currency;
  }

  @GET
  @Operation(
      summary =
          "List the reviews you may decide, or all of your tenant's as viewer, operator, admin or"
              + " auditor",
      description =
          "Open ones with the oldest first, others with the newest first. A page may hold fewer"
              + " reviews than asked for and still have a next one.")
  @APIResponse(responseCode = "200", description = "{reviews: […], next}")
  @APIResponse(responseCode = "400", description = "A parameter is wrong or not known")
  public ObjectNode list(
      @QueryParam("status") @DefaultValue("open") String status,
      @BeanParam Filters filters,
      @QueryParam("limit") @Parameter(schema = @Schema(type = SchemaType.INTEGER, format = "int32"))
          @Nullable String limit,
      @QueryParam("cursor") @Nullable String cursor) {
    Person caller = Person.of(identity);
    Status wanted = status(status);
    int most = limit == null ? settings.pageSize() : limit(limit);
    ReviewPage page =
        reviews.list(
            wanted,
            cursor == null ? null : key(cursor, wanted),
            filters.only("status", "limit", "cursor").filter(caller.scope(), Instant.now()),
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
  @APIResponse(responseCode = "200", description = "The review; its ETag is its version")
  @APIResponse(responseCode = "403", description = "You lack the role that decides it")
  @APIResponse(responseCode = "404", description = "Your tenant has none of that id")
  public Response show(@PathParam("id") String id) {
    Review review = visible(id);
    Person caller = Person.of(identity);
    boolean mayDecide =
        review instanceof Review.Open && Reviewers.mayDecide(review, caller.name(), caller.roles());
    return Response.ok(
            ReviewView.of(
                masking.shown(review, caller.roles()),
                masking.shown(reviews.refused(id), review, caller.roles()),
                mayDecide,
                currency))
        .header("ETag", Decisions.etag(review.standing().version()))
        .build();
  }

  @GET
  @Path("/{id}/trail")
  @Produces("application/jsonl")
  @Operation(
      summary = "Show all that happened to a review, one JSON object a line",
      description =
          "Each line ends with the SHA-256 of itself without that field, and names the one of the"
              + " line before. Where parts of the review are hidden from you, lines are marked as"
              + " masked and carry no hashes.")
  @APIResponse(responseCode = "200", description = "The trail, oldest first")
  @APIResponse(responseCode = "403", description = "You may not see the review")
  @APIResponse(responseCode = "404", description = "Your tenant has none of that id")
  public String trail(@PathParam("id") String id) {
    Review review = visible(id);
    StringBuilder lines = new StringBuilder();
    masking
        .trail(review, reviews.trail(id), Person.of(identity).roles())
        .forEach(line -> lines.append(line).append('\n'));
    return lines.toString();
  }

  private Review visible(String id) {
    Person caller = Person.of(identity);
    Review review =
        reviews
            .find(id)
            .filter(found -> found.request().getTenant().equals(caller.tenant()))
            .orElseThrow(() -> Problem.of(new Refusal.Unknown(id)));
    if (!caller.maySee(review)) {
      throw Problem.of(new Refusal.WrongRole(review.request().getRule().getRole()));
    }
    return review;
  }

  private int limit(String number) {
    try {
      int limit = Integer.parseInt(number);
      if (limit >= 1 && limit <= settings.maxPageSize()) {
        return limit;
      }
    } catch (NumberFormatException e) {
      // Told below, as for any number that is too small or too large.
    }
    throw Problem.invalid("limit: give 1 to " + settings.maxPageSize());
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
