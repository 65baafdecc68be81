package io.ligature.state.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.avro.StartAccepted;
import io.ligature.avro.WorkflowDefinition;
import io.ligature.avro.WorkflowEvent;
import io.ligature.avro.WorkflowStart;
import io.ligature.schemas.wire.Payloads;
import io.ligature.state.StateRuntime;
import io.ligature.state.StateRuntime.Parts;
import io.ligature.state.engine.WorkflowRow;
import io.ligature.state.engine.WorkflowStatus;
import io.ligature.state.ingest.StartCheck;
import io.ligature.state.stream.HistoryReader;
import io.ligature.state.stream.WorkflowQueries;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.EntityTag;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Request;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.utils.Bytes;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Workflows: start, list, and look at them. */
@Path("/workflows")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "workflows")
public class WorkflowsResource {

  private final StateRuntime runtime;
  private final SecurityIdentity identity;

  /** A workflow that was asked for. */
  public record Started(String workflowId) {}

  /**
   * @param next cursor of the next page; absent: this is the last
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record WorkflowPage(List<WorkflowView> workflows, @Nullable String next) {}

  public WorkflowsResource(StateRuntime runtime, SecurityIdentity identity) {
    this.runtime = runtime;
    this.identity = identity;
  }

  @POST
  @Consumes(MediaType.APPLICATION_JSON)
  @RolesAllowed({Roles.STARTER, Roles.ADMIN})
  @Operation(
      summary = "Starts a workflow",
      description =
          "Body: workflowId (made up when absent), definition, version (newest when absent), input,"
              + " priority, budget {maxCost, onExceeded}, deadline, labels. A known workflow id is a"
              + " duplicate and changes nothing.")
  @APIResponse(responseCode = "202", description = "It is on its way; Location is its view")
  @APIResponse(responseCode = "400", description = "What is wrong, one violation each")
  @APIResponse(responseCode = "404", description = "There is no such definition or version")
  public Response start(String body, @HeaderParam("traceparent") @Nullable String traceparent) {
    WorkflowStart start = StartForm.read(body, Caller.of(identity));
    Parts parts = runtime.parts();
    WorkflowDefinition definition =
        parts.catalog().surely(start.getDefinition(), start.getVersion()).orElse(null);
    StartAccepted accepted =
        switch (parts.check().check(start, definition, now())) {
          case StartCheck.Accepted(StartAccepted record) -> record;
          case StartCheck.UnknownDefinition(String message) ->
              throw ApiProblem.noDefinition(message);
          case StartCheck.Refused(List<String> violations) ->
              throw ApiProblem.invalid("The start breaks rules", violations);
        };
    Duration wait = runtime.settings().state().http().startVisibleWait();
    if (!new Starts(parts, wait).put(accepted, traceparent)) {
      throw ApiProblem.invalid(
          "The start is too large",
          List.of("input: with its definitions it is larger than a record; pass a reference"));
    }
    String id = start.getWorkflowId();
    return Response.accepted(new Started(id)).location(URI.create("/workflows/" + id)).build();
  }

  @GET
  @RolesAllowed({Roles.VIEWER, Roles.OPERATOR, Roles.ADMIN})
  @Operation(
      summary = "Lists workflows, newest first",
      description =
          "Over the partitions this instance has. Shows the newest state, also of a transaction"
              + " that is not committed yet. A page may be short and still have a next one.")
  public WorkflowPage list(
      @QueryParam("status") @Nullable String status,
      @QueryParam("definition") @Nullable String definition,
      @QueryParam("limit") @DefaultValue("50") int limit,
      @QueryParam("cursor") @Nullable String cursor) {
    Caller caller = Caller.of(identity);
    WorkflowQueries.Page page =
        runtime
            .parts()
            .queries()
            .list(
                new WorkflowQueries.Question(
                    statuses(status),
                    row ->
                        caller.sees(row.tenant())
                            && (definition == null || row.definition().name().equals(definition)),
                    cursor == null ? null : position(cursor),
                    pageSize(limit),
                    runtime.settings().state().http().maxScan()));
    Views views = views();
    Bytes next = page.next();
    return new WorkflowPage(
        page.workflows().stream().map(views::brief).toList(),
        next == null ? null : Base64.getUrlEncoder().withoutPadding().encodeToString(next.get()));
  }

  @GET
  @Path("/{id}")
  @RolesAllowed({Roles.VIEWER, Roles.OPERATOR, Roles.ADMIN})
  @Operation(
      summary = "One workflow with all its tasks",
      description =
          "Shows the newest state as it is between two transitions, also of a transaction that is not"
              + " committed yet: after a fault a moment of it may be undone and done again. The ETag"
              + " is its sequence.")
  @APIResponse(responseCode = "304", description = "Nothing has happened since")
  @APIResponse(responseCode = "404", description = "There is no such workflow")
  public Response show(@PathParam("id") String id, @Context Request request) {
    Parts parts = runtime.parts();
    WorkflowRow row = Caller.of(identity).workflow(parts.queries(), id);
    Response.ResponseBuilder unchanged = request.evaluatePreconditions(tag(row));
    if (unchanged != null) {
      return unchanged.build();
    }
    WorkflowQueries.Found found =
        parts.queries().find(id).orElseThrow(() -> ApiProblem.noWorkflow(id));
    return Response.ok(views().full(found)).tag(tag(found.workflow())).build();
  }

  @GET
  @Path("/{id}/history")
  @RolesAllowed({Roles.VIEWER, Roles.OPERATOR, Roles.ADMIN})
  @Operation(
      summary = "The audit trail of a workflow, in order",
      description =
          "Read from the events topic itself, committed events only. Fields: workflowId, events"
              + " [{sequence, at, type, actor, cause, causeId, body}], complete (false: the newest"
              + " are not committed yet), next (give it as 'after' for the next page).")
  @APIResponse(responseCode = "404", description = "There is no such workflow")
  public JsonNode history(
      @PathParam("id") String id,
      @QueryParam("after") @DefaultValue("0") long after,
      @QueryParam("limit") @DefaultValue("200") int limit) {
    if (after < 0) {
      throw ApiProblem.invalid("Not a page", List.of("after: give a sequence, 0 or more"));
    }
    Parts parts = runtime.parts();
    WorkflowRow row = Caller.of(identity).workflow(parts.queries(), id);
    HistoryReader.Part part =
        new HistoryReader.Part(
            id, row.rootWorkflowId(), row.startedAt(), row.sequence(), after, pageSize(limit));
    HistoryReader.History history = parts.history().read(part);
    ObjectNode answer = Payloads.JSON.createObjectNode().put("workflowId", id);
    ArrayNode events = answer.putArray("events");
    history.events().forEach(event -> events.add(json(event)));
    answer.put("complete", history.complete());
    if (part.last() < row.sequence()) {
      answer.put("next", part.last());
    }
    return answer;
  }

  private static ObjectNode json(WorkflowEvent event) {
    ObjectNode json = Payloads.JSON.createObjectNode();
    json.put("sequence", event.getSequence());
    json.put("at", event.getAt().toString());
    SpecificRecord body = (SpecificRecord) event.getBody();
    json.put("type", body.getSchema().getName());
    json.put("actor", event.getActor());
    json.put("cause", event.getCause());
    json.put("causeId", event.getCauseId());
    json.set("body", AvroJson.of(body));
    return json;
  }

  private static Set<WorkflowStatus> statuses(@Nullable String word) {
    if (word == null || word.isEmpty()) {
      return EnumSet.allOf(WorkflowStatus.class);
    }
    Optional<WorkflowStatus> found =
        EnumSet.allOf(WorkflowStatus.class).stream()
            .filter(status -> status.wireName().equals(word))
            .findFirst();
    return Set.of(
        found.orElseThrow(
            () ->
                ApiProblem.invalid(
                    "Not a status",
                    List.of(
                        "status: '"
                            + word
                            + "' is none of "
                            + EnumSet.allOf(WorkflowStatus.class).stream()
                                .map(WorkflowStatus::wireName)
                                .toList()))));
  }

  private static Bytes position(String cursor) {
    try {
      return Bytes.wrap(Base64.getUrlDecoder().decode(cursor));
    } catch (IllegalArgumentException e) {
      throw ApiProblem.invalid(
          "Not a cursor", List.of("cursor: give the 'next' of a page as it is"));
    }
  }

  private int pageSize(int limit) {
    int most = runtime.settings().state().http().maxPage();
    if (limit < 1 || limit > most) {
      throw ApiProblem.invalid(
          "Not a page size", List.of("limit: " + limit + " is outside 1 to " + most));
    }
    return limit;
  }

  private Views views() {
    return new Views(runtime.settings().currency());
  }

  private Instant now() {
    return runtime.clock().instant().truncatedTo(ChronoUnit.MILLIS);
  }

  private static EntityTag tag(WorkflowRow row) {
    return new EntityTag(Long.toString(row.sequence()));
  }
}
