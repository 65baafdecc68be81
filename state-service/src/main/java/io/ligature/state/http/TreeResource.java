package io.ligature.state.http;

import io.ligature.state.StateRuntime;
import io.ligature.state.StateRuntime.Parts;
import io.ligature.state.StateSettings;
import io.ligature.state.stream.WorkflowQueries;
import io.quarkus.security.identity.SecurityIdentity;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What is inside of a workflow: the tasks inside of its tasks, and its child workflows. */
@Path("/workflows")
@Produces(MediaType.APPLICATION_JSON)
@RolesAllowed({Roles.VIEWER, Roles.OPERATOR, Roles.ADMIN})
@Tag(name = "workflows")
public class TreeResource {

  private final StateRuntime runtime;
  private final SecurityIdentity identity;

  public TreeResource(StateRuntime runtime, SecurityIdentity identity) {
    this.runtime = runtime;
    this.identity = identity;
  }

  @GET
  @Path("/{id}/tasks")
  @Operation(
      summary = "A workflow's tasks that something has happened to, by path",
      description =
          "Also those inside of others, such as fan[7].draft~2; without what they made. 'after' is"
              + " the path behind which the page begins.")
  @APIResponse(responseCode = "404", description = "There is no such workflow")
  public WorkflowView.TaskPage tasks(
      @PathParam("id") String id,
      @QueryParam("after") @Nullable String after,
      @QueryParam("limit") @DefaultValue("50") int limit) {
    Parts parts = visible(id, limit);
    WorkflowQueries.FoundPage page =
        parts.queries().tasks(id, after, limit).orElseThrow(() -> ApiProblem.noWorkflow(id));
    return new WorkflowView.TaskPage(Views.page(page), page.page().next());
  }

  @GET
  @Path("/{id}/children")
  @Operation(
      summary = "A workflow's own child workflows, by id",
      description =
          "Those of its children are found under theirs. A page may be short and still have a next"
              + " one.")
  @APIResponse(responseCode = "404", description = "There is no such workflow")
  public WorkflowView.ChildPage children(
      @PathParam("id") String id,
      @QueryParam("after") @Nullable String after,
      @QueryParam("limit") @DefaultValue("50") int limit) {
    Parts parts = visible(id, limit);
    WorkflowQueries.ChildPage page = parts.queries().children(id, after, limit, http().maxScan());
    Views views = new Views(runtime.settings().currency());
    return new WorkflowView.ChildPage(
        page.children().stream().map(views::brief).toList(), page.next());
  }

  private Parts visible(String id, int limit) {
    int most = http().maxPage();
    if (limit < 1 || limit > most) {
      throw ApiProblem.invalid(
          "Not a page size", List.of("limit: " + limit + " is outside 1 to " + most));
    }
    Parts parts = runtime.parts();
    Caller.of(identity).workflow(parts.queries(), id);
    return parts;
  }

  private StateSettings.Http http() {
    return runtime.settings().state().http();
  }
}
