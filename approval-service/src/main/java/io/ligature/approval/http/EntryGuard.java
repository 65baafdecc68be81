package io.ligature.approval.http;

import io.ligature.approval.identity.LoginGuard;
import io.ligature.schemas.wire.Payloads;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * Looks at every request before anything else does: the API's, the page's and the login's.
 *
 * <p>Refused are bodies that say they are too long, what changes something and comes from another
 * site's page (a browser that knows a password sends it along, whoever asks), and passwords from
 * where too many wrong ones came from.
 */
@ApplicationScoped
class EntryGuard {

  private static final int BEFORE_ALL_ELSE = 10_000;
  private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");

  private final LoginGuard logins;
  private final long mostBytes;

  EntryGuard(
      LoginGuard logins,
      @ConfigProperty(name = "quarkus.http.limits.max-body-size") MemorySize mostBytes) {
    this.logins = logins;
    this.mostBytes = mostBytes.asLongValue();
  }

  void register(@Observes Filters filters) {
    filters.register(this::check, BEFORE_ALL_ELSE);
  }

  private void check(RoutingContext context) {
    HttpServerRequest request = context.request();
    if (isTooLong(request.getHeader("Content-Length"))) {
      context.response().putHeader("Connection", "close");
      refuse(
          context,
          413,
          "Too long",
          "a body may have " + mostBytes + " bytes (quarkus.http.limits.max-body-size)");
      return;
    }
    if (!READING.contains(request.method().name()) && isForeign(request)) {
      refuse(
          context,
          403,
          "Another site's request",
          "what changes something must come from a page of this service");
      return;
    }
    Optional<Duration> wait = logins.wait(context);
    if (wait.isPresent()) {
      context.response().putHeader("Retry-After", Long.toString(wait.get().toSeconds() + 1));
      refuse(
          context,
          429,
          "Too many wrong passwords",
          "too many wrong passwords came from this address; try again in "
              + (wait.get().toSeconds() + 1)
              + " s");
      return;
    }
    context.next();
  }

  private boolean isTooLong(@Nullable String length) {
    try {
      return length != null && Long.parseLong(length) > mostBytes;
    } catch (NumberFormatException e) {
      return true;
    }
  }

  private static boolean isForeign(HttpServerRequest request) {
    String site = request.getHeader("Sec-Fetch-Site");
    return site == null
        ? isForeign(request.getHeader("Origin"), request.authority())
        : !site.equals("same-origin") && !site.equals("none");
  }

  /** Clients that are no browsers send no origin. */
  private static boolean isForeign(@Nullable String origin, @Nullable HostAndPort host) {
    if (origin == null) {
      return false;
    }
    try {
      return host == null || !host.toString().equals(URI.create(origin).getRawAuthority());
    } catch (IllegalArgumentException e) {
      return true;
    }
  }

  private static void refuse(RoutingContext context, int status, String title, String detail) {
    context
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", "application/problem+json")
        .putHeader("Cache-Control", "no-store")
        .putHeader("X-Content-Type-Options", "nosniff")
        .end(
            Payloads.JSON
                .createObjectNode()
                .put("type", "about:blank")
                .put("title", title)
                .put("status", status)
                .put("detail", detail)
                .toString());
  }
}
