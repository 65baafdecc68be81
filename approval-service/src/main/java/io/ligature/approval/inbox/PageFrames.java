package io.ligature.approval.inbox;

import io.ligature.approval.desk.Source;
import io.ligature.approval.stream.UnavailableException;
import io.quarkus.qute.TemplateInstance;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import jakarta.enterprise.context.RequestScoped;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.util.function.Function;

/** Puts content into the frame of the page, for one request. */
@RequestScoped
class PageFrames {

  private final Assets assets;
  private final FormGuard guard;
  private final SecurityIdentity identity;
  private final HttpHeaders headers;
  private final UriInfo uri;
  private final CurrentVertxRequest request;

  PageFrames(
      Assets assets,
      FormGuard guard,
      SecurityIdentity identity,
      HttpHeaders headers,
      UriInfo uri,
      CurrentVertxRequest request) {
    this.assets = assets;
    this.guard = guard;
    this.identity = identity;
    this.headers = headers;
    this.uri = uri;
    this.request = request;
  }

  Response page(int status, String title, Function<Frame, TemplateInstance> content) {
    String token = guard.token(headers);
    String user = identity.isAnonymous() ? "" : identity.getPrincipal().getName();
    String html = content.apply(assets.frame(title, user, token)).render();
    boolean secure = uri.getBaseUri().getScheme().equals("https");
    return Response.status(status)
        .type("text/html;charset=UTF-8")
        .cookie(guard.cookie(token, secure))
        .entity(html)
        .build();
  }

  Response problem(PageProblem problem) {
    return page(
        problem.status(),
        problem.title(),
        frame -> Pages.problem(frame, problem.title(), problem.detail()));
  }

  /** The API says the same in its own way, so that each page has to ask for this one. */
  Response unavailable(UnavailableException unavailable) {
    return problem(new PageProblem(503, "Not now", "Try again soon: " + unavailable.problem()));
  }

  /** Address and program of who asks. */
  String client() {
    return Source.client(
        request.getCurrent().request().remoteAddress(),
        headers.getHeaderString(HttpHeaders.USER_AGENT));
  }

  /** A form of ours. */
  Posted posted(String body) {
    Posted posted = Posted.read(body);
    guard.check(headers, posted);
    return posted;
  }
}
