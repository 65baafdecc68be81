package io.ligature.approval.inbox;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.util.Set;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;
import org.jspecify.annotations.Nullable;

/**
 * Refuses what changes something and comes from another site's page. It guards the API as well: a
 * browser that knows a password sends it along, whoever asks.
 */
final class SameOrigin {

  private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");

  @ServerRequestFilter(preMatching = true)
  @Nullable Response check(ContainerRequestContext request) {
    if (READING.contains(request.getMethod())) {
      return null;
    }
    String site = request.getHeaderString("Sec-Fetch-Site");
    boolean foreign =
        site == null
            ? foreign(request.getHeaderString("Origin"), request)
            : !site.equals("same-origin") && !site.equals("none");
    return foreign
        ? Response.status(403)
            .type("application/problem+json")
            .entity(
                "{\"type\":\"about:blank\",\"title\":\"Another site's request\",\"status\":403,"
                    + "\"detail\":\"what changes something must come from a page of this service\"}")
            .build()
        : null;
  }

  /** Clients that are no browsers send no origin. */
  private static boolean foreign(@Nullable String origin, ContainerRequestContext request) {
    if (origin == null) {
      return false;
    }
    try {
      return !String.valueOf(URI.create(origin).getRawAuthority())
          .equals(request.getHeaderString(HttpHeaders.HOST));
    } catch (IllegalArgumentException e) {
      return true;
    }
  }
}
