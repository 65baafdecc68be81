package io.ligature.router.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.router.stream.RouterRuntime;
import io.ligature.schemas.wire.Payloads;
import io.quarkus.security.ForbiddenException;
import jakarta.ws.rs.core.Response;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** An answer that says what is wrong, as RFC 9457 has it. */
@SuppressWarnings("serial") // it is answered here and travels nowhere
final class Problem extends RuntimeException {

  private final int status;
  private final String title;
  private final List<String> violations;
  private final Map<String, JsonNode> more = new LinkedHashMap<>();

  Problem(int status, String title, String detail, List<String> violations) {
    super(detail);
    this.status = status;
    this.title = title;
    this.violations = List.copyOf(violations);
  }

  static Problem invalid(String title, List<String> violations) {
    return new Problem(400, title, violations.getFirst(), violations);
  }

  static Problem noAgent(String id) {
    return new Problem(
        404,
        "No such agent",
        "no agent has the id '" + id + "'; GET /agents lists them",
        List.of());
  }

  /** A field beyond those of the standard. */
  Problem with(String field, JsonNode value) {
    more.put(field, value);
    return this;
  }

  private Response response() {
    ObjectNode body = Payloads.JSON.createObjectNode();
    body.put("type", "about:blank").put("title", title).put("status", status);
    body.put("detail", getMessage());
    if (!violations.isEmpty()) {
      violations.forEach(body.putArray("violations")::add);
    }
    more.forEach(body::set);
    return Response.status(status).type("application/problem+json").entity(body.toString()).build();
  }

  /** Turns exceptions into answers. */
  static final class Mappers {

    @ServerExceptionMapper
    Response problem(Problem problem) {
      return problem.response();
    }

    @ServerExceptionMapper
    Response unavailable(RouterRuntime.UnavailableException unavailable) {
      return new Problem(
              503, "Not now", String.valueOf(unavailable.getMessage()), List.<String>of())
          .response();
    }

    @ServerExceptionMapper
    Response forbidden(ForbiddenException forbidden) {
      return new Problem(
              403,
              "Not allowed",
              "reading agents needs the role viewer, operator or admin; changing them operator or"
                  + " admin",
              List.<String>of())
          .response();
    }
  }
}
