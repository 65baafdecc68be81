package io.ligature.router.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.avro.Calibration;
import io.ligature.avro.TaskAssignment;
import io.ligature.router.stream.RouterRuntime;
import io.ligature.schemas.AttemptId;
import io.ligature.schemas.wire.Payloads;
import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Who got an attempt, and why. */
@Path("/assignments")
@Tag(name = "routing")
@Blocking
@Produces({MediaType.APPLICATION_JSON, "application/problem+json"})
public class AssignmentsResource {

  private final RouterRuntime router;

  public AssignmentsResource(RouterRuntime router) {
    this.router = router;
  }

  @GET
  @Path("/{attempt: .+}")
  @RolesAllowed({"viewer", "operator", "admin"})
  @Operation(
      summary = "Show the agent that an attempt was given to, and why not the others",
      description =
          "The attempt id is {workflow id}/{task path}#{attempt}, '#' encoded as %23. Reads the"
              + " log of assignments back, as far as search-limit and its retention reach.")
  @APIResponse(
      responseCode = "200",
      description =
          "{attempt, workflowId, task, capability, agent, agentVersion, pool, assignedAt, times,"
              + " calibration, candidates: […], shadows: […]}")
  @APIResponse(responseCode = "404", description = "None was found")
  public ObjectNode show(@PathParam("attempt") String attempt) {
    AttemptId id = parsed(attempt);
    List<TaskAssignment> found = router.assignments(id);
    List<TaskAssignment> real = found.stream().filter(each -> !each.getShadow()).toList();
    if (real.isEmpty()) {
      throw new Problem(
          404,
          "No such assignment",
          "no assignment of '"
              + id
              + "' is among the last records of its partition; it was never assigned, is older, or"
              + " is spelt otherwise",
          List.of());
    }
    ObjectNode view = view(id, real.getLast());
    view.put("times", real.size());
    ArrayNode shadows = view.putArray("shadows");
    found.stream()
        .filter(TaskAssignment::getShadow)
        .forEach(
            each ->
                shadows
                    .addObject()
                    .put("agent", each.getAgent())
                    .put("assignedAt", each.getAssignedAt().toString()));
    return view;
  }

  private static AttemptId parsed(String attempt) {
    try {
      return AttemptId.parse(attempt);
    } catch (IllegalArgumentException e) {
      throw Problem.invalid("Not an attempt id", List.of(String.valueOf(e.getMessage())));
    }
  }

  private static ObjectNode view(AttemptId id, TaskAssignment assignment) {
    ObjectNode view = Payloads.JSON.createObjectNode();
    view.put("attempt", id.toString()).put("workflowId", id.workflowId()).put("task", id.task());
    view.put("capability", assignment.getEnvelope().getCapability());
    view.put("agent", assignment.getAgent());
    view.put("agentVersion", assignment.getAgentVersion());
    view.put("pool", assignment.getPool());
    view.put("assignedAt", assignment.getAssignedAt().toString());
    Calibration curve = assignment.getCalibration();
    if (curve == null) {
      view.putNull("calibration");
    } else {
      view.putObject("calibration").put("verdicts", curve.getVerdicts());
    }
    ArrayNode candidates = view.putArray("candidates");
    assignment.getCandidates().forEach(each -> candidates.add(CandidateView.of(each)));
    return view;
  }
}
