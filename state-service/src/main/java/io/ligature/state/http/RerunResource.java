package io.ligature.state.http;

import io.ligature.avro.Budget;
import io.ligature.avro.KeptResult;
import io.ligature.avro.Payload;
import io.ligature.avro.RerunOrigin;
import io.ligature.avro.StartAccepted;
import io.ligature.avro.WorkflowDefinition;
import io.ligature.avro.WorkflowStart;
import io.ligature.schemas.Money;
import io.ligature.state.StateRuntime;
import io.ligature.state.StateRuntime.Parts;
import io.ligature.state.StateSettings;
import io.ligature.state.engine.DefinitionRef;
import io.ligature.state.engine.Ledger;
import io.ligature.state.engine.Plan;
import io.ligature.state.engine.Slot;
import io.ligature.state.engine.TaskState;
import io.ligature.state.engine.WorkflowRow;
import io.ligature.state.ingest.StartCheck;
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
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Runs a workflow that has ended again, as a new one that keeps some of its results. */
@Path("/workflows")
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "commands")
public class RerunResource {

  private static final Set<String> FIELDS = Set.of("newWorkflowId", "fromTask", "reason");

  private final StateRuntime runtime;
  private final SecurityIdentity identity;

  /**
   * A workflow that is on its way.
   *
   * @param origin the workflow it comes from
   * @param kept tasks whose results it keeps
   */
  public record Rerun(String workflowId, String commandId, String origin, List<String> kept) {}

  /** What was asked for. */
  private record Question(
      String id, String newId, String commandId, String fromTask, String reason) {}

  /** The new workflow's start, and the tasks whose results it keeps. */
  private record Again(StartAccepted accepted, List<String> kept) {}

  public RerunResource(StateRuntime runtime, SecurityIdentity identity) {
    this.runtime = runtime;
    this.identity = identity;
  }

  @POST
  @Path("/{id}/rerun")
  @Consumes(MediaType.APPLICATION_JSON)
  @RolesAllowed({Roles.OPERATOR, Roles.ADMIN})
  @Operation(
      summary = "Runs a workflow that has ended again from one of its tasks, as a new workflow",
      description =
          "Body: fromTask (one of the definition's own tasks), reason, newWorkflowId (made up when"
              + " absent; the same for the same commandId), commandId. The new workflow has the"
              + " same definition version, input, budget, priority and labels, and keeps the"
              + " results of all tasks that ended well or were skipped, but fromTask and all that"
              + " come after it. A known workflow id is a duplicate and changes nothing.")
  @APIResponse(
      responseCode = "202",
      description = "It is on its way; Location is its view",
      content = @Content(schema = @Schema(implementation = Rerun.class)))
  @APIResponse(responseCode = "400", description = "What is wrong, one violation each")
  @APIResponse(responseCode = "404", description = "There is no such workflow")
  @APIResponse(
      responseCode = "409",
      description = "It has not ended, never ran, or its definition is gone")
  public Response rerun(
      @PathParam("id") String id,
      @Nullable String body,
      @HeaderParam("traceparent") @Nullable String traceparent) {
    Question question = question(id, body);
    Parts parts = runtime.parts();
    Caller caller = Caller.of(identity);
    checkEnded(caller.workflow(parts.queries(), id));
    Again again = again(parts, caller, question);
    if (!new Starts(parts, http().startVisibleWait()).put(again.accepted, traceparent)) {
      throw ApiProblem.invalid(
          "The re-run is too large",
          List.of(
              "fromTask: with its definitions, its input and the results that would be kept it is"
                  + " larger than a record; begin with an earlier task"));
    }
    return Response.accepted(new Rerun(question.newId, question.commandId, id, again.kept))
        .location(UriBuilder.fromPath("/workflows/{id}").build(question.newId))
        .build();
  }

  private Question question(String id, @Nullable String body) {
    CommandForm form =
        new CommandForm(
            "a re-run",
            body == null ? "" : body,
            FIELDS,
            CommandForm.Limits.of(runtime.settings()));
    String reason = form.reason();
    String fromTask = form.name("fromTask");
    String given = form.optionalName("newWorkflowId");
    form.check();
    String newId = given == null ? madeUp(id, form.commandId()) : given;
    StartCheck.idViolation(newId)
        .ifPresent(
            violation -> {
              throw ApiProblem.invalid(
                  "Not a re-run", List.of(violation.replaceFirst("^workflowId", "newWorkflowId")));
            });
    return new Question(id, newId, form.commandId(), fromTask, reason);
  }

  /** A function of the command, so that the same command sent twice makes one workflow. */
  private static String madeUp(String id, String commandId) {
    return UUID.nameUUIDFromBytes((id + " " + commandId).getBytes(StandardCharsets.UTF_8))
        .toString();
  }

  private static void checkEnded(WorkflowRow row) {
    if (row.endedAt() == null) {
      throw new ApiProblem(
          409,
          "It has not ended",
          "the workflow is "
              + row.status().wireName()
              + "; cancel it or wait for its end, then run it again");
    }
    if (row.definition().version() == 0) {
      throw new ApiProblem(
          409,
          "It never ran",
          "the workflow is " + row.status().wireName() + "; start it anew under another id");
    }
  }

  private Again again(Parts parts, Caller caller, Question question) {
    WorkflowQueries.Found found =
        parts.queries().find(question.id).orElseThrow(() -> ApiProblem.noWorkflow(question.id));
    Plan plan = found.plan();
    if (plan == null) {
      throw new IllegalStateException("no plan of " + found.workflow().definition());
    }
    int maxBytes = runtime.settings().state().streams().maxRecordBytes();
    List<KeptResult> kept =
        new KeptResults(plan.definition(), maxBytes)
            .without(
                question.fromTask, states(found), task -> found.payloads().get(Slot.output(task)));
    RerunOrigin origin =
        new RerunOrigin(question.id, question.fromTask, caller.name(), question.reason, kept);
    StartAccepted fresh = checked(parts, start(found, caller, question.newId), found);
    StartAccepted accepted =
        new StartAccepted(
            fresh.getStart(),
            fresh.getDefinition(),
            fresh.getAcceptedAt(),
            fresh.getPins(),
            fresh.getChildren(),
            null,
            origin);
    return new Again(accepted, kept.stream().map(KeptResult::getTask).toList());
  }

  private static Map<String, TaskState> states(WorkflowQueries.Found found) {
    Map<String, TaskState> states = new HashMap<>();
    found.tasks().forEach((task, row) -> states.put(task, row.state()));
    return states;
  }

  private static WorkflowStart start(WorkflowQueries.Found found, Caller caller, String newId) {
    WorkflowRow row = found.workflow();
    Payload input = found.payloads().get(Slot.INPUT);
    if (input == null) {
      throw new IllegalStateException("no input of " + row.workflowId());
    }
    return WorkflowStart.newBuilder()
        .setWorkflowId(newId)
        .setDefinition(row.definition().name())
        .setVersion(row.definition().version())
        .setInput(input)
        .setRequester(caller.name())
        .setTenant(row.tenant())
        .setPriority(row.priority())
        .setBudget(budget(row.ledger()))
        .setLabels(row.labels())
        .build();
  }

  /** As it is now, with all that was added to it. */
  private static @Nullable Budget budget(Ledger ledger) {
    Money maxCost = ledger.maxCost();
    return maxCost == null ? null : new Budget(maxCost.toDecimal(), ledger.onExceeded());
  }

  private StartAccepted checked(Parts parts, WorkflowStart start, WorkflowQueries.Found found) {
    DefinitionRef ref = found.workflow().definition();
    WorkflowDefinition definition =
        parts
            .catalog()
            .surely(ref.name(), ref.version())
            .filter(text -> text.getSha256().equals(ref.sha256()))
            .orElse(null);
    return switch (parts.check().check(start, definition, runtime.clock().instant())) {
      case StartCheck.Accepted(StartAccepted record) -> record;
      case StartCheck.UnknownDefinition(String _) ->
          throw new ApiProblem(
              409,
              "Its definition is gone",
              "definition '"
                  + ref.name()
                  + "' no longer has version "
                  + ref.version()
                  + "; start the workflow anew with another one");
      case StartCheck.Refused(List<String> violations) ->
          throw ApiProblem.invalid("The re-run breaks rules", violations);
    };
  }

  private StateSettings.Http http() {
    return runtime.settings().state().http();
  }
}
