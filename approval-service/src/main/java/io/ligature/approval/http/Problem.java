package io.ligature.approval.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.approval.desk.Statuses;
import io.ligature.approval.review.Refusal;
import io.ligature.approval.stream.UnavailableException;
import io.ligature.schemas.wire.Payloads;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.List;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** An answer that says what is wrong, as RFC 9457 has it. */
final class Problem extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int status;
  private final transient ObjectNode body;

  private Problem(int status, String title, String detail, List<String> violations) {
    super(detail);
    this.status = status;
    this.body = Payloads.JSON.createObjectNode();
    body.put("type", "about:blank").put("title", title).put("status", status);
    body.put("detail", detail);
    if (!violations.isEmpty()) {
      violations.forEach(body.putArray("violations")::add);
    }
  }

  static Problem invalid(String detail) {
    return new Problem(400, "Not a valid request", detail, List.of());
  }

  static Problem noSuchAddress() {
    return new Problem(404, "No such address", "there is nothing here", List.of());
  }

  static Problem notAPeer() {
    return new Problem(
        401,
        "Not another instance",
        "this address is for instances of this service that share ligature.approval.peers.secret"
            + " and the time",
        List.of());
  }

  static Problem notJson(String type) {
    return new Problem(
        415, "Not JSON", "Content-Type: '" + type + "': send application/json", List.of());
  }

  /** Says in one status and one text why a command changed nothing. */
  static Problem of(Refusal refusal) {
    Problem problem =
        switch (refusal) {
          case Refusal.Unknown any -> plain("No such review", refusal);
          case Refusal.WrongRole any -> plain("Not your role", refusal);
          case Refusal.OwnWorkflow any -> plain("Four eyes", refusal);
          case Refusal.AlreadyDecided any -> plain("Already decided", refusal);
          case Refusal.NoLongerNeeded any -> plain("No longer needed", refusal);
          case Refusal.Expired any -> plain("Expired", refusal);
          case Refusal.EditNotAllowed any -> plain("No edits", refusal);
          case Refusal.InvalidEdit edit ->
              new Problem(
                  Statuses.of(refusal),
                  "The edit is not valid",
                  refusal.message(),
                  edit.violations());
          case Refusal.OutputMissing any -> plain("An output is missing", refusal);
          case Refusal.Missing any -> plain("Something is missing", refusal);
          case Refusal.Held any -> plain("Somebody has it", refusal);
          case Refusal.NotHeld any -> plain("Nobody has it", refusal);
          case Refusal.AlreadyVoted any -> plain("Said already", refusal);
          case Refusal.DecidedBefore any -> plain("Four eyes", refusal);
          case Refusal.Changed any -> plain("The review has changed", refusal);
          case Refusal.Unseen any -> plain("Say what you read", refusal);
          case Refusal.NoDelegation any -> plain("Not to be handed over so", refusal);
          case Refusal.NoChanges any -> plain("No changes", refusal);
          case Refusal.TrailFull any -> plain("The trail is full", refusal);
          case Refusal.KeyReused any -> plain("The key is used", refusal);
          case Refusal.ReasonMissing any -> plain("A reason is missing", refusal);
          case Refusal.Malformed any -> plain("Not a valid request", refusal);
        };
    if (refusal instanceof Refusal.WrongRole wrong) {
      problem.body.put("role", wrong.needed());
    }
    problem.body.put("kind", refusal.kind());
    if (refusal instanceof Refusal.Held(String who, Instant until)) {
      problem.body.put("who", who).put("until", until.toString());
    }
    if (refusal instanceof Refusal.AlreadyDecided decided) {
      problem.body.set("winner", ReviewView.decision(decided.winner()));
    }
    return problem;
  }

  private static Problem plain(String title, Refusal refusal) {
    return new Problem(Statuses.of(refusal), title, refusal.message(), List.of());
  }

  int status() {
    return status;
  }

  ObjectNode body() {
    return body;
  }

  private Response response() {
    return Response.status(status).type("application/problem+json").entity(body.toString()).build();
  }

  /** Turns exceptions into answers. */
  static final class Mappers {

    @ServerExceptionMapper
    Response problem(Problem problem) {
      return problem.response();
    }

    @ServerExceptionMapper
    Response unavailable(UnavailableException unavailable) {
      return new Problem(503, "Not now", unavailable.problem(), List.of()).response();
    }
  }
}
