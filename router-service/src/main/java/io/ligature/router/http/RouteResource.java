package io.ligature.router.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.avro.Candidate;
import io.ligature.router.routing.Decision;
import io.ligature.router.routing.Decision.Assigned;
import io.ligature.router.routing.Decision.Unplaced;
import io.ligature.router.routing.RoutingRequest;
import io.ligature.router.stream.RouterRuntime;
import io.ligature.schemas.Money;
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
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

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
          "Body: capability, and optionally tenant, maxCost, remaining, excludedAgents, inputBytes."
              + " Assigns nothing.")
  @APIResponse(
      responseCode = "200",
      description =
          "{decision: assigned|unplaced, agent, reason, filter, retryAt, candidates: […]}")
  public ObjectNode explain(String body, @Context HttpHeaders headers) {
    List<String> violations = new ArrayList<>();
    Fields fields = new Fields(Bodies.object(body, headers), "", violations);
    Long bytes = fields.whole("inputBytes", 0);
    RoutingRequest request =
        new RoutingRequest(
            fields.name("capability", null, AgentForm.ID),
            fields.text("tenant", "default"),
            bytes == null ? -1 : bytes,
            money(fields.amount("maxCost")),
            money(fields.amount("remaining")),
            Set.copyOf(fields.texts("excludedAgents")));
    fields.refuseUnknown();
    if (!violations.isEmpty()) {
      throw Problem.invalid("The request is refused", violations);
    }
    return view(router.explain(request));
  }

  private static ObjectNode view(Decision decision) {
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
      BigDecimal score = candidate.getScore();
      candidates
          .addObject()
          .put("agent", candidate.getAgent())
          .put("score", score == null ? null : Money.of(score).toString())
          .put("droppedBy", candidate.getDroppedBy())
          .put("reason", candidate.getReason());
    }
    return view;
  }

  private static @Nullable Money money(@Nullable BigDecimal amount) {
    return amount == null ? null : Money.of(amount);
  }
}
