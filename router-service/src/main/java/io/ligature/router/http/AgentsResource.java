package io.ligature.router.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.avro.AgentRegistration;
import io.ligature.router.stream.AgentPage;
import io.ligature.router.stream.RouterRuntime;
import io.ligature.schemas.wire.Payloads;
import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.SecurityContext;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The agents: registered, watched, drained and removed. */
@Path("/agents")
@Tag(name = "agents")
@Blocking
@Produces({MediaType.APPLICATION_JSON, "application/problem+json"})
public class AgentsResource {

  private static final Logger LOG = Logger.getLogger(AgentsResource.class);
  private static final int MOST = 1_000;

  private final RouterRuntime router;
  private final AgentRegistrar registrar;

  public AgentsResource(RouterRuntime router, AgentRegistrar registrar) {
    this.router = router;
    this.registrar = registrar;
  }

  @GET
  @RolesAllowed({"viewer", "operator", "admin"})
  @Operation(
      summary = "List agents by id, each with its live status",
      description = "Goes on behind the id given as cursor; next is null on the last page.")
  @APIResponse(responseCode = "200", description = "{agents: […], next}")
  public ObjectNode list(
      @QueryParam("cursor") @Nullable String cursor,
      @QueryParam("limit") @DefaultValue("100") int limit) {
    if (limit < 1 || limit > MOST) {
      throw Problem.invalid("Refused", List.of("limit: give 1 to " + MOST));
    }
    AgentPage page = router.agents(cursor, limit);
    ObjectNode body = Payloads.JSON.createObjectNode();
    ArrayNode agents = body.putArray("agents");
    page.agents().forEach(each -> agents.add(AgentView.of(each)));
    body.put("next", page.next());
    return body;
  }

  @GET
  @Path("/{id}")
  @RolesAllowed({"viewer", "operator", "admin"})
  @Operation(
      summary = "Show one agent with its live status",
      description = "The ETag is that of the registration; it does not change with the status.")
  @APIResponse(responseCode = "200", description = "The agent")
  @APIResponse(responseCode = "404", description = "There is none of that id")
  public Response show(@PathParam("id") String id) {
    AgentPage.Entry entry = known(id);
    return Response.ok(AgentView.of(entry)).tag(AgentRegistrar.tagOf(entry.registration())).build();
  }

  @PUT
  @Path("/{id}")
  @RolesAllowed({"operator", "admin"})
  @Consumes({MediaType.APPLICATION_JSON, Bodies.YAML, "application/x-yaml", "text/yaml"})
  @Operation(
      summary = "Register an agent, or put a new registration in the place of the old one",
      description =
          "Answers once the router itself routes with it; 'change' tells whether it was created,"
              + " changed or unchanged. Draining stays as it was where the body does not say. With"
              + " If-Match only in the place of the registration with that ETag, with"
              + " 'If-None-Match: *' only when there is none.")
  @APIResponse(responseCode = "201", description = "It is new")
  @APIResponse(responseCode = "200", description = "It was there")
  @APIResponse(responseCode = "400", description = "What is wrong stands in violations")
  @APIResponse(
      responseCode = "409",
      description =
          "It cannot stand in for the other agents of a capability: clashes has {capability,"
              + " agent, side, pointer, problem, remedy}")
  @APIResponse(responseCode = "412", description = "The registration is another by now")
  public Response put(
      @PathParam("id") String id,
      @Parameter(description = "Register it although its schemas clash with those of others")
          @QueryParam("force")
          @DefaultValue("false")
          boolean force,
      @Parameter(description = "Check everything and say what would happen, but change nothing")
          @QueryParam("dryRun")
          @DefaultValue("false")
          boolean dryRun,
      String body,
      @Context HttpHeaders headers,
      @Context SecurityContext security) {
    AgentRegistrar.Outcome outcome =
        registrar.register(
            id,
            Bodies.object(body, headers),
            actor(security),
            new AgentRegistrar.Terms(
                force,
                dryRun,
                headers.getHeaderString(HttpHeaders.IF_MATCH),
                headers.getHeaderString(HttpHeaders.IF_NONE_MATCH)));
    ObjectNode view = AgentView.of(outcome.registration());
    view.put("change", outcome.change().wireName());
    boolean created = outcome.change() == AgentRegistrar.Change.CREATED && !dryRun;
    return Response.status(created ? 201 : 200)
        .tag(AgentRegistrar.tagOf(outcome.registration()))
        .entity(view)
        .build();
  }

  @POST
  @Path("/{id}/drain")
  @RolesAllowed({"operator", "admin"})
  @Operation(summary = "Give the agent nothing new; it finishes what it has")
  public ObjectNode drain(@PathParam("id") String id, @Context SecurityContext security) {
    return draining(id, true, security);
  }

  @POST
  @Path("/{id}/resume")
  @RolesAllowed({"operator", "admin"})
  @Operation(summary = "Give the agent work again")
  public ObjectNode resume(@PathParam("id") String id, @Context SecurityContext security) {
    return draining(id, false, security);
  }

  @DELETE
  @Path("/{id}")
  @RolesAllowed({"operator", "admin"})
  @Operation(summary = "Remove an agent; what it has in flight still counts")
  @APIResponse(responseCode = "204", description = "It is gone")
  public void delete(@PathParam("id") String id, @Context SecurityContext security) {
    known(id);
    router.delete(id);
    LOG.infof("agent removed: agent=%s actor=%s", id, actor(security));
  }

  private ObjectNode draining(String id, boolean draining, SecurityContext security) {
    AgentRegistration agent = known(id).registration();
    AgentRegistration changed = AgentForm.draining(agent, draining, actor(security), router.now());
    router.put(changed);
    LOG.infof("agent draining=%s: agent=%s actor=%s", draining, id, actor(security));
    return AgentView.of(changed);
  }

  private AgentPage.Entry known(String id) {
    return router.agent(id).orElseThrow(() -> Problem.noAgent(id));
  }

  private static String actor(SecurityContext security) {
    return security.getUserPrincipal().getName();
  }
}
