package io.ligature.router.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.avro.Candidate;
import io.ligature.router.routing.Decision;
import io.ligature.router.routing.Decision.Assigned;
import io.ligature.router.routing.Decision.Unplaced;
import io.ligature.router.stream.Explained;
import io.ligature.router.stream.Explained.Parts;
import io.ligature.router.stream.RouterRuntime;
import io.ligature.schemas.wire.Payloads;
import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Says what routing would do. */
@Path("/route")
@Tag(name = "routing")
@Blocking
@Produces({MediaType.APPLICATION_JSON, "application/problem+json"})
public class RouteResource {

  private final RouterRuntime router;

  public RouteResource(RouterRuntime router) {
    this.router = router;
  }

  @POST
  @Path("/explain")
  @RolesAllowed({"viewer", "operator", "admin"})
  @Consumes({MediaType.APPLICATION_JSON, Bodies.YAML, "application/x-yaml", "text/yaml"})
  @Operation(
      summary = "Explain what would be chosen now, and why each other candidate would not",
      description =
          "Body: the fields of an envelope: capability, and optionally tenant, inputBytes or input,"
              + " maxCost, remaining, excludedAgents, prefer, avoid, pin, sticky, workflowId,"
              + " attempt, largerContextThan, priority, qualityThreshold, notAfter. Assigns"
              + " nothing.")
  @APIResponse(
      responseCode = "200",
      description =
          "{decision: assigned|unplaced, agent, reason, filter, retryAt, expired, candidates:"
              + " [{agent, score, droppedBy, reason, parts: {price, acceptance, reviewShare,"
              + " meanCost, latency, calls}}]}")
  public ObjectNode explain(String body, @Context HttpHeaders headers) {
    ExplainForm form = ExplainForm.read(Bodies.object(body, headers));
    ObjectNode view = view(router.explain(form.request()));
    Instant notAfter = form.notAfter();
    view.put("expired", notAfter != null && !notAfter.isAfter(router.now()));
    return view;
  }

  private static ObjectNode view(Explained explained) {
    Decision decision = explained.decision();
    ObjectNode view = Payloads.JSON.createObjectNode();
    switch (decision) {
      case Assigned assigned ->
          view.put("decision", "assigned").put("agent", assigned.agent().id());
      case Unplaced unplaced -> {
        view.put("decision", "unplaced").put("reason", unplaced.reason());
        view.put("filter", unplaced.label());
        Instant retryAt = unplaced.retryAt();
        view.put("retryAt", retryAt == null ? null : retryAt.toString());
      }
    }
    ArrayNode candidates = view.putArray("candidates");
    for (Candidate candidate : decision.candidates()) {
      Parts parts = explained.parts().get(candidate.getAgent());
      candidates.add(CandidateView.of(candidate, parts));
    }
    return view;
  }
}
