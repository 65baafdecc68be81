package io.ligature.state.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.schemas.wire.Payloads;
import io.ligature.state.Unavailable;
import io.ligature.state.ingest.DefinitionWriter;
import io.ligature.state.stream.WorkflowQueries;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriBuilder;
import jakarta.ws.rs.core.UriInfo;
import java.net.URI;
import java.util.List;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** A refusal, answered as {@code application/problem+json} (RFC 9457). */
final class ApiProblem extends RuntimeException {

  static final String MEDIA_TYPE = "application/problem+json";

  private static final Logger LOG = Logger.getLogger(ApiProblem.class);

  private final int status;
  private final String title;
  private final List<String> violations;

  ApiProblem(int status, String title, String detail, List<String> violations) {
    super(detail);
    this.status = status;
    this.title = title;
    this.violations = List.copyOf(violations);
  }

  ApiProblem(int status, String title, String detail) {
    this(status, title, detail, List.of());
  }

  static ApiProblem invalid(String title, List<String> violations) {
    return new ApiProblem(400, title, violations.getFirst(), violations);
  }

  /** The engine took the command, and it changed nothing. */
  static ApiProblem rejected(String reason) {
    return new ApiProblem(409, "The command was rejected", reason);
  }

  static ApiProblem noWorkflow(String workflowId) {
    return new ApiProblem(
        404,
        "No such workflow",
        "no workflow has the id '"
            + workflowId
            + "', or it is not yours; GET /workflows lists them, and one that was started a moment"
            + " ago may take a moment");
  }

  static ApiProblem noDefinition(String detail) {
    return new ApiProblem(404, "No such definition", detail);
  }

  List<String> violations() {
    return violations;
  }

  Response.ResponseBuilder answer() {
    ObjectNode body = Payloads.JSON.createObjectNode();
    body.put("type", "about:blank").put("title", title).put("status", status);
    body.put("detail", getMessage());
    if (!violations.isEmpty()) {
      violations.forEach(body.putArray("violations")::add);
    }
    return Response.status(status).type(MEDIA_TYPE).entity(body.toString());
  }

  /** Turns exceptions into answers. */
  static final class Mappers {

    @ServerExceptionMapper
    Response problem(ApiProblem problem) {
      return problem.answer().build();
    }

    @ServerExceptionMapper
    Response unavailable(Unavailable unavailable) {
      return notNow(unavailable);
    }

    @ServerExceptionMapper
    Response notReady(WorkflowQueries.NotReadyException notReady) {
      return notNow(notReady);
    }

    @ServerExceptionMapper
    Response busy(DefinitionWriter.TooBusyException busy) {
      return notNow(busy);
    }

    /** The same request at the instance that has the workflow; the method stays as it is. */
    @ServerExceptionMapper
    Response elsewhere(WorkflowQueries.ElsewhereException elsewhere, UriInfo uri) {
      URI there =
          UriBuilder.fromUri(uri.getRequestUri())
              .host(elsewhere.host().host())
              .port(elsewhere.host().port())
              .build();
      return Response.temporaryRedirect(there).build();
    }

    @ServerExceptionMapper
    Response forbidden(ForbiddenException forbidden) {
      return new ApiProblem(
              403,
              "Not allowed",
              "starting needs the role starter, reading viewer, commands on workflows and putting"
                  + " definitions operator; admin may do all")
          .answer()
          .build();
    }

    @ServerExceptionMapper({UnauthorizedException.class, AuthenticationFailedException.class})
    Response unauthorized(SecurityException unauthorized) {
      return new ApiProblem(401, "Who are you?", "give a user and a password (HTTP Basic)")
          .answer()
          .header(HttpHeaders.WWW_AUTHENTICATE, "Basic realm=\"ligature\"")
          .build();
    }

    @ServerExceptionMapper
    Response refused(WebApplicationException refused) {
      Response response = refused.getResponse();
      return new ApiProblem(
              response.getStatus(),
              response.getStatusInfo().getReasonPhrase(),
              String.valueOf(refused.getMessage()))
          .answer()
          .build();
    }

    @ServerExceptionMapper
    Response fault(RuntimeException fault) {
      LOG.errorf(fault, "a request failed");
      return new ApiProblem(
              500, "A fault of this service", "the request failed; the service's log says why")
          .answer()
          .build();
    }

    private static Response notNow(RuntimeException why) {
      return new ApiProblem(503, "Not now", String.valueOf(why.getMessage()))
          .answer()
          .header(HttpHeaders.RETRY_AFTER, 1)
          .build();
    }
  }
}
