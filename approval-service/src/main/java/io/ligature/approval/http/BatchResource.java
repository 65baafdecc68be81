package io.ligature.approval.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.approval.desk.Wish;
import io.ligature.approval.identity.Person;
import io.ligature.approval.review.Refusal;
import io.ligature.approval.stream.ApprovalSettings;
import io.ligature.approval.stream.ReviewRuntime;
import io.ligature.approval.stream.ReviewScope;
import io.ligature.approval.stream.ReviewSummary;
import io.ligature.approval.stream.UnavailableException;
import io.ligature.avro.Decision;
import io.ligature.schemas.wire.Payloads;
import io.quarkus.security.Authenticated;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.ParameterIn;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** One decision about all reviews that a filter names; each is decided and recorded by itself. */
@Path("/review-batches")
@Tag(name = "reviews")
@Authenticated
@Blocking
@Produces({MediaType.APPLICATION_JSON, "application/problem+json"})
public class BatchResource {

  private static final String KEY =
      "The same key again decides no review twice, but those that have come since as well";
  private static final String DRY_RUN = "true: only list what would be decided";

  private final ReviewRuntime reviews;
  private final Decisions decisions;
  private final ApprovalSettings settings;
  private final SecurityIdentity identity;

  public BatchResource(
      ReviewRuntime reviews,
      Decisions decisions,
      ApprovalSettings settings,
      SecurityIdentity identity) {
    this.reviews = reviews;
    this.decisions = decisions;
    this.settings = settings;
    this.identity = identity;
  }

  @POST
  @Path("/approve")
  @Consumes({MediaType.APPLICATION_JSON, MediaType.WILDCARD})
  @Operation(
      summary = "Approve all open reviews that the filter names and you may decide",
      description =
          "Body {reason, versions}, may be left out. The oldest are decided first, at most"
              + " ligature.approval.max-batch; with dryRun=true they are only listed, with their"
              + " versions. The same Idempotency-Key decides none of them twice. With versions,"
              + " {reviewId: version} of those that were read, what changed (412) or came since"
              + " (428) is left alone.")
  @Parameter(name = "Idempotency-Key", in = ParameterIn.HEADER, description = KEY)
  @Parameter(name = "If-Match", in = ParameterIn.HEADER, hidden = true)
  @APIResponse(responseCode = "200", description = "{results: [{reviewId, status, …}], more}")
  @APIResponse(responseCode = "400", description = "The filter or another parameter is wrong")
  public ObjectNode approve(
      @BeanParam Filters filters,
      @QueryParam("dryRun")
          @Parameter(description = DRY_RUN, schema = @Schema(type = SchemaType.BOOLEAN))
          @Nullable String dryRun,
      @BeanParam Asked asked,
      @Nullable String body) {
    return batch(Decision.approve, filters, dryRun, asked, body);
  }

  @POST
  @Path("/reject")
  @Consumes({MediaType.APPLICATION_JSON, MediaType.WILDCARD})
  @Operation(
      summary = "Reject all open reviews that the filter names and you may decide",
      description = "Body {reason, versions}; a reason is needed. Otherwise as approve.")
  @Parameter(name = "Idempotency-Key", in = ParameterIn.HEADER, description = KEY)
  @Parameter(name = "If-Match", in = ParameterIn.HEADER, hidden = true)
  @APIResponse(responseCode = "200", description = "{results: [{reviewId, status, …}], more}")
  @APIResponse(
      responseCode = "400",
      description = "The reason is missing, or the filter or another parameter is wrong")
  public ObjectNode reject(
      @BeanParam Filters filters,
      @QueryParam("dryRun")
          @Parameter(description = DRY_RUN, schema = @Schema(type = SchemaType.BOOLEAN))
          @Nullable String dryRun,
      @BeanParam Asked asked,
      @Nullable String body) {
    return batch(Decision.reject, filters, dryRun, asked, body);
  }

  private ObjectNode batch(
      Decision decision,
      Filters filters,
      @Nullable String wantsDryRun,
      Asked asked,
      @Nullable String body) {
    Person caller = Person.of(identity);
    boolean dryRun = isDry(wantsDryRun);
    asked.refuseVersion();
    DecisionBody said = DecisionBody.read(asked.json(body), Set.of("reason", "versions"));
    String reason = said.reason();
    if (decision == Decision.reject && reason.isBlank()) {
      throw Problem.invalid("'reason' is missing: a rejection needs one");
    }
    var page =
        reviews.list(
            ReviewSummary.Status.OPEN,
            null,
            filters
                .only("dryRun")
                .filter(caller.scope().reaching(ReviewScope.Reach.DECIDABLE), Instant.now()),
            settings.maxBatch());
    ObjectNode answer = Payloads.JSON.createObjectNode().put("dryRun", dryRun);
    ArrayNode results = answer.putArray("results");
    String key = asked.commandId();
    for (ReviewSummary summary : page.reviews()) {
      ObjectNode result = results.addObject();
      String id = summary.content().path("reviewId").asText();
      result.put("reviewId", id);
      if (dryRun) {
        result.put("version", summary.content().path("version").asLong());
      } else if (said.versions() != null && !said.versions().containsKey(id)) {
        refused(Problem.of(new Refusal.Unseen()), result);
      } else {
        Long version = said.versions() == null ? null : said.versions().get(id);
        Asked part = asked.under(partOf(key, id), version);
        decide(caller, id, Wish.decide(decision, reason), part, result);
      }
    }
    answer.put("more", page.next() != null);
    return answer;
  }

  /** Anything but a clear word could decide what somebody only wanted to look at. */
  private static boolean isDry(@Nullable String word) {
    return switch (word) {
      case null -> false;
      case "false" -> false;
      case "true" -> true;
      default -> throw Problem.invalid("dryRun: '" + word + "' is none of true, false");
    };
  }

  private void decide(Person caller, String id, Wish wish, Asked asked, ObjectNode result) {
    try {
      var response = decisions.take(caller, id, wish, asked);
      result.put("status", response.getStatus());
      result.set("answer", (ObjectNode) response.getEntity());
    } catch (Problem problem) {
      refused(problem, result);
    } catch (UnavailableException unavailable) {
      result.put("status", 503).put("problem", unavailable.problem());
    }
  }

  private static void refused(Problem problem, ObjectNode result) {
    result.put("status", problem.status());
    result.set("problem", problem.body());
  }

  /** A key of its own for each, the same when the batch is sent again. */
  private static String partOf(String key, String reviewId) {
    byte[] both = (key + "\n" + reviewId).getBytes(StandardCharsets.UTF_8);
    return "batch-" + Payloads.sha256(both).substring(0, 32);
  }
}
