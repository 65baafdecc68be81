package io.ligature.state.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.avro.TaskPartial;
import io.ligature.schemas.wire.Payloads;
import io.ligature.state.StateRuntime;
import io.ligature.state.StateRuntime.Parts;
import io.ligature.state.StateSettings;
import io.ligature.state.engine.WorkflowRow;
import io.ligature.state.partial.PartialHub;
import io.ligature.state.partial.Piece;
import io.ligature.state.partial.Watch;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.Uni;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.sse.OutboundSseEvent;
import jakarta.ws.rs.sse.Sse;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Answers while they are being written. */
@Path("/workflows/{id}/partial")
@Tag(name = "workflows")
public class PartialResource {

  private static final String PARTIAL = "partial";
  private static final String DROPPED = "dropped";
  private static final String END = "end";

  private final StateRuntime runtime;
  private final SecurityIdentity identity;
  private final Executor waiters = Executors.newVirtualThreadPerTaskExecutor();

  public PartialResource(StateRuntime runtime, SecurityIdentity identity) {
    this.runtime = runtime;
    this.identity = identity;
  }

  @GET
  @Produces(MediaType.SERVER_SENT_EVENTS)
  @Blocking
  @RolesAllowed({Roles.VIEWER, Roles.OPERATOR, Roles.ADMIN})
  @Operation(
      summary = "What agents are writing, while they write it",
      description =
          "Server-sent events. 'partial': {attempt, executor, sequence, text, sentAt}, a piece of an"
              + " answer; pieces of one call come in their order, one that is made again begins anew"
              + " at 0. 'end': {reason}, the workflow has ended. 'dropped': {reason}, nothing more"
              + " comes, because it was taken too slowly or the service stops. Pieces are no part of"
              + " the state; what counts is the result.")
  @APIResponse(
      responseCode = "200",
      description = "A stream that ends with 'end' or 'dropped'",
      content =
          @Content(
              mediaType = MediaType.SERVER_SENT_EVENTS,
              schema = @Schema(type = SchemaType.STRING)))
  @APIResponse(responseCode = "404", description = "There is no such workflow")
  @APIResponse(responseCode = "429", description = "Too many are watching")
  public Multi<OutboundSseEvent> partial(
      @PathParam("id") String id,
      @Schema(
              description =
                  "begins with what was sent in that time, as ISO 8601 duration; from now on when"
                      + " left out")
          @QueryParam("since")
          @Nullable String since,
      @Context Sse sse) {
    Parts parts = runtime.parts();
    WorkflowRow row = Caller.of(identity).workflow(parts.queries(), id);
    Watch watch = watch(parts, row, since);
    return Multi.createBy()
        .repeating()
        .uni(
            () ->
                Uni.createFrom().item(() -> next(sse, watch, parts, id)).runSubscriptionOn(waiters))
        .whilst(event -> !END.equals(event.getName()) && !DROPPED.equals(event.getName()))
        .onTermination()
        .invoke(watch::close);
  }

  private Watch watch(Parts parts, WorkflowRow row, @Nullable String since) {
    Instant from = since == null ? null : runtime.clock().instant().minus(back(since));
    try {
      return parts.partials().watch(row.rootWorkflowId(), row.workflowId(), from);
    } catch (PartialHub.TooManyException e) {
      throw new ApiProblem(429, "Too many are watching", String.valueOf(e.getMessage()));
    }
  }

  private Duration back(String since) {
    Duration most = settings().maxBack();
    try {
      Duration back = Duration.parse(since);
      if (!back.isNegative() && back.compareTo(most) <= 0) {
        return back;
      }
    } catch (DateTimeException e) {
      // Told below, like one that is out of bounds.
    }
    throw ApiProblem.invalid(
        "Not a time",
        List.of("since: '" + since + "' is no ISO 8601 duration from PT0S to " + most));
  }

  private OutboundSseEvent next(Sse sse, Watch watch, Parts parts, String id) {
    Piece piece = watch.next(settings().heartbeat());
    if (piece != null) {
      return event(sse, PARTIAL, json(piece.partial()));
    }
    String dropped = watch.dropped();
    if (dropped != null) {
      return event(sse, DROPPED, reason(dropped));
    }
    try {
      WorkflowRow row = parts.queries().header(id).orElse(null);
      return row == null || row.isOpen()
          ? sse.newEventBuilder().comment("still here").build()
          : event(sse, END, reason("the workflow is " + row.status().wireName()));
    } catch (RuntimeException e) {
      return event(sse, DROPPED, reason("the workflow is elsewhere now; ask again"));
    }
  }

  private static OutboundSseEvent event(Sse sse, String name, ObjectNode data) {
    return sse.newEventBuilder().name(name).data(data.toString()).build();
  }

  private static ObjectNode reason(String reason) {
    return Payloads.JSON.createObjectNode().put("reason", reason);
  }

  private static ObjectNode json(TaskPartial partial) {
    return Payloads.JSON
        .createObjectNode()
        .put("attempt", partial.getId())
        .put("executor", partial.getExecutor())
        .put("sequence", partial.getSequence())
        .put("text", partial.getText())
        .put("sentAt", partial.getSentAt().toString());
  }

  private StateSettings.Partial settings() {
    return runtime.settings().state().partial();
  }
}
