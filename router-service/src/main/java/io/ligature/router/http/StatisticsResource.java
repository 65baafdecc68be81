package io.ligature.router.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.router.statistics.AgentAt;
import io.ligature.router.statistics.Figures;
import io.ligature.router.stream.CalibrationSettings;
import io.ligature.router.stream.RouterRuntime;
import io.ligature.schemas.wire.Payloads;
import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** How agents have done, as the events tell it. */
@Path("/agents")
@Tag(name = "statistics")
@Blocking
@Produces({MediaType.APPLICATION_JSON, "application/problem+json"})
public class StatisticsResource {

  private final RouterRuntime router;

  public StatisticsResource(RouterRuntime router) {
    this.router = router;
  }

  @GET
  @Path("/statistics")
  @RolesAllowed({"viewer", "operator", "admin"})
  @Operation(
      summary = "How all agents have done, by agent and capability",
      description =
          "Counts decay with the setting half-life, so they are no whole numbers. Partitions that"
              + " other routers count arrive a few seconds late.")
  @APIResponse(responseCode = "200", description = "{statistics: […]}")
  public ObjectNode all(@QueryParam("capability") @Nullable String capability) {
    return view(router.statistics(null, capability));
  }

  @GET
  @Path("/{id}/statistics")
  @RolesAllowed({"viewer", "operator", "admin"})
  @Operation(summary = "How one agent has done, by capability")
  @APIResponse(responseCode = "200", description = "{statistics: […]}")
  @APIResponse(responseCode = "404", description = "There is none of that id")
  public ObjectNode one(
      @PathParam("id") String id, @QueryParam("capability") @Nullable String capability) {
    return view(known(id, capability));
  }

  @GET
  @Path("/{id}/calibration")
  @RolesAllowed({"viewer", "operator", "admin"})
  @Operation(
      summary = "What one agent's claimed confidences have been worth, by capability",
      description =
          "Claimed against observed in ten bins, from the verdicts of validators and reviewers, and"
              + " the curve that corrects them once there are enough.")
  @APIResponse(
      responseCode = "200",
      description =
          "{agent, enabled, minVerdicts, capabilities: [{capability, verdicts, inUse, brierScore,"
              + " calibrationError, bins: […], curve}]}")
  @APIResponse(responseCode = "404", description = "There is none of that id")
  public ObjectNode calibration(
      @PathParam("id") String id, @QueryParam("capability") @Nullable String capability) {
    Map<AgentAt, Figures> figures = known(id, capability);
    CalibrationSettings settings = router.calibration();
    ObjectNode view = Payloads.JSON.createObjectNode();
    view.put("agent", id).put("enabled", settings.enabled());
    view.put("minVerdicts", settings.minVerdicts());
    ArrayNode capabilities = view.putArray("capabilities");
    figures.forEach(
        (at, each) ->
            capabilities.add(
                StatisticsView.calibration(at.capability(), each.reliability(), settings)));
    return view;
  }

  /** An agent that is gone may have left figures. */
  private Map<AgentAt, Figures> known(String id, @Nullable String capability) {
    Map<AgentAt, Figures> figures = router.statistics(id, capability);
    if (figures.isEmpty() && router.agent(id).isEmpty()) {
      throw Problem.noAgent(id);
    }
    return figures;
  }

  private static ObjectNode view(Map<AgentAt, Figures> figures) {
    ObjectNode view = Payloads.JSON.createObjectNode();
    ArrayNode list = view.putArray("statistics");
    figures.forEach((at, each) -> list.add(StatisticsView.of(at, each)));
    return view;
  }
}
