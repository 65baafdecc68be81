package io.ligature.approval.inbox;

import io.quarkus.qute.TemplateInstance;
import io.quarkus.security.identity.SecurityIdentity;
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

  PageFrames(
      Assets assets, FormGuard guard, SecurityIdentity identity, HttpHeaders headers, UriInfo uri) {
    this.assets = assets;
    this.guard = guard;
    this.identity = identity;
    this.headers = headers;
    this.uri = uri;
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

  /** A form of ours. */
  Posted posted(String body) {
    Posted posted = Posted.read(body);
    guard.check(headers, posted);
    return posted;
  }
}
