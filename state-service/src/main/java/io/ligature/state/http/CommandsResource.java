package io.ligature.state.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.ligature.avro.CancelWorkflow;
import io.ligature.avro.ExtendBudget;
import io.ligature.avro.PauseWorkflow;
import io.ligature.avro.Payload;
import io.ligature.avro.ResumeWorkflow;
import io.ligature.avro.RetryTask;
import io.ligature.avro.SignalWorkflow;
import io.ligature.avro.SkipTask;
import io.ligature.schemas.Money;
import io.ligature.state.StateRuntime;
import io.ligature.state.StateRuntime.Parts;
import io.ligature.state.engine.WorkflowRow;
import io.ligature.state.ingest.CommandOutcomes;
import io.ligature.state.stream.WorkflowQueries;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.specific.SpecificRecord;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Commands on workflows that there are. The engine decides what becomes of each. */
@Path("/workflows")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@RolesAllowed({Roles.OPERATOR, Roles.ADMIN})
@Tag(name = "commands")
@APIResponse(
    responseCode = "200",
    description = "It took effect",
    content = @Content(schema = @Schema(implementation = CommandsResource.Taken.class)))
@APIResponse(
    responseCode = "202",
    description = "It is on its way; the workflow's history will tell what became of it",
    content = @Content(schema = @Schema(implementation = CommandsResource.Taken.class)))
@APIResponse(responseCode = "400", description = "What is wrong, one violation each")
@APIResponse(responseCode = "404", description = "There is no such workflow")
@APIResponse(responseCode = "409", description = "It was rejected and changed nothing, and why")
public class CommandsResource {

  private static final Set<String> REASON = Set.of("reason");

  private final StateRuntime runtime;
  private final SecurityIdentity identity;

  /**
   * A command that was taken.
   *
   * @param commandId send the same again and it is still one command
   * @param sequence of the workflow, when the command has taken effect
   * @param status of the workflow, likewise
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Taken(
      String workflowId, String commandId, @Nullable Long sequence, @Nullable String status) {}

  /** Makes the record of a command. */
  @FunctionalInterface
  private interface Command {
    SpecificRecord of(String actor, Instant at);
  }

  public CommandsResource(StateRuntime runtime, SecurityIdentity identity) {
    this.runtime = runtime;
    this.identity = identity;
  }

  @POST
  @Path("/{id}/cancel")
  @Operation(
      summary = "Cancels a workflow",
      description =
          "Body: reason, compensate (true: what its tasks did is undone first, as their definition"
              + " says), and commandId if the request may be sent twice. What runs is cancelled.")
  public Response cancel(
      @PathParam("id") String id,
      @Nullable String body,
      @HeaderParam("traceparent") @Nullable String traceparent) {
    CommandForm form = form("a cancel", body, Set.of("reason", "compensate"));
    String reason = form.reason();
    boolean compensate = form.flag("compensate");
    return send(
        id,
        form,
        traceparent,
        (actor, at) -> new CancelWorkflow(form.commandId(), id, actor, reason, at, compensate));
  }

  @POST
  @Path("/{id}/pause")
  @Operation(
      summary = "Pauses a workflow",
      description = "Body: reason, commandId. Nothing new begins; what runs goes on to its end.")
  public Response pause(
      @PathParam("id") String id,
      @Nullable String body,
      @HeaderParam("traceparent") @Nullable String traceparent) {
    CommandForm form = form("a pause", body, REASON);
    String reason = form.reason();
    return send(
        id,
        form,
        traceparent,
        (actor, at) -> new PauseWorkflow(form.commandId(), id, actor, reason, at));
  }

  @POST
  @Path("/{id}/resume")
  @Operation(summary = "Lets a paused workflow go on", description = "Body: reason, commandId.")
  public Response resume(
      @PathParam("id") String id,
      @Nullable String body,
      @HeaderParam("traceparent") @Nullable String traceparent) {
    CommandForm form = form("a resume", body, REASON);
    String reason = form.reason();
    return send(
        id,
        form,
        traceparent,
        (actor, at) -> new ResumeWorkflow(form.commandId(), id, actor, reason, at));
  }

  @POST
  @Path("/{id}/signal")
  @Operation(
      summary = "Sends a workflow a signal",
      description =
          "Body: name, correlation (which of several waits of that name it is for; left out: the"
              + " first), payload (any JSON), commandId. One that nothing waits for yet is kept.")
  public Response signal(
      @PathParam("id") String id,
      @Nullable String body,
      @HeaderParam("traceparent") @Nullable String traceparent) {
    CommandForm form = form("a signal", body, Set.of("name", "correlation", "payload"));
    String name = form.name("name");
    String correlation = form.optionalName("correlation");
    Payload payload = form.payload("payload");
    return send(
        id,
        form,
        traceparent,
        (actor, at) ->
            new SignalWorkflow(form.commandId(), id, actor, name, correlation, payload, at));
  }

  @POST
  @Path("/{id}/tasks/{task}/retry")
  @Operation(
      summary = "Tries a failed task again",
      description =
          "Body: reason, input (replaces the task's; left out: unchanged), commandId. The task's"
              + " path is percent-encoded in the address.")
  public Response retry(
      @PathParam("id") String id,
      @PathParam("task") String path,
      @Nullable String body,
      @HeaderParam("traceparent") @Nullable String traceparent) {
    String task = CommandForm.task(path, limits());
    CommandForm form = form("a retry", body, Set.of("reason", "input"));
    String reason = form.reason();
    Payload input = form.payload("input");
    return send(
        id,
        form,
        traceparent,
        (actor, at) -> new RetryTask(form.commandId(), id, task, actor, reason, input, at));
  }

  @POST
  @Path("/{id}/tasks/{task}/skip")
  @Operation(
      summary = "Treats a task as skipped",
      description = "Body: reason, commandId. The task's path is percent-encoded in the address.")
  public Response skip(
      @PathParam("id") String id,
      @PathParam("task") String path,
      @Nullable String body,
      @HeaderParam("traceparent") @Nullable String traceparent) {
    String task = CommandForm.task(path, limits());
    CommandForm form = form("a skip", body, REASON);
    String reason = form.reason();
    return send(
        id,
        form,
        traceparent,
        (actor, at) -> new SkipTask(form.commandId(), id, task, actor, reason, at));
  }

  @POST
  @Path("/{id}/budget")
  @Operation(
      summary = "Raises a workflow's budget",
      description = "Body: amount (added to it), reason, commandId.")
  public Response extendBudget(
      @PathParam("id") String id,
      @Nullable String body,
      @HeaderParam("traceparent") @Nullable String traceparent) {
    CommandForm form = form("a budget's extension", body, Set.of("reason", "amount"));
    String reason = form.reason();
    Money amount = form.amount();
    return send(
        id,
        form,
        traceparent,
        (actor, at) ->
            new ExtendBudget(form.commandId(), id, amount.toDecimal(), actor, reason, at));
  }

  private CommandForm form(String what, @Nullable String body, Set<String> fields) {
    return new CommandForm(what, body == null ? "" : body, fields, limits());
  }

  private CommandForm.Limits limits() {
    return CommandForm.Limits.of(runtime.settings());
  }

  /** Checks what was read, puts the command on the inbox, and tells what came of it. */
  private Response send(
      String id, CommandForm form, @Nullable String traceparent, Command command) {
    form.check();
    Parts parts = runtime.parts();
    Caller caller = Caller.of(identity);
    WorkflowRow row = caller.workflow(parts.queries(), id);
    String commandId = form.commandId();
    Instant now = runtime.clock().instant().truncatedTo(ChronoUnit.MILLIS);
    boolean known = row.recentCommands().contains(commandId);
    if (!known) {
      SpecificRecord record = command.of(caller.name(), now);
      if (!row.isOpen() && !(record instanceof RetryTask)) {
        throw ApiProblem.rejected(
            "the workflow is " + row.status().wireName() + "; only a retry or a re-run goes on");
      }
      if (!parts.inbox().fits(record)) {
        throw ApiProblem.invalid(
            "The command is too large",
            List.of("body: it is larger than a record; pass a reference to large content"));
      }
      parts.inbox().put(row.rootWorkflowId(), commandId, record, traceparent);
    }
    CommandOutcomes.Question question =
        new CommandOutcomes.Question(
            id, row.rootWorkflowId(), commandId, known ? row.startedAt() : now);
    return switch (parts.outcomes().await(question)) {
      case CommandOutcomes.TookEffect() -> tookEffect(parts, id, commandId);
      case CommandOutcomes.Rejected(String reason) -> throw ApiProblem.rejected(reason);
      case CommandOutcomes.Unknown() -> onItsWay(id, commandId);
    };
  }

  private static Response tookEffect(Parts parts, String id, String commandId) {
    try {
      Optional<WorkflowRow> after = parts.queries().header(id);
      Long sequence = after.map(WorkflowRow::sequence).orElse(null);
      String status = after.map(row -> row.status().wireName()).orElse(null);
      return Response.ok(new Taken(id, commandId, sequence, status)).build();
    } catch (WorkflowQueries.NotReadyException | WorkflowQueries.ElsewhereException moved) {
      return Response.ok(new Taken(id, commandId, null, null)).build();
    }
  }

  private static Response onItsWay(String id, String commandId) {
    return Response.accepted(new Taken(id, commandId, null, null))
        .location(UriBuilder.fromPath("/workflows/{id}").build(id))
        .build();
  }
}
