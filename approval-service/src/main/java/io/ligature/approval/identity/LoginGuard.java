package io.ligature.approval.identity;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/** Stops those who try passwords, on the API and at the login of the page. */
@ApplicationScoped
public class LoginGuard {

  private static final Logger LOG = Logger.getLogger(LoginGuard.class);
  private static final String LOGIN = "/j_security_check";
  private static final String UNKNOWN = "unknown";

  private final FailedLogins failures;
  private final MeterRegistry meters;
  private final String errorPage;
  private final Clock clock = Clock.systemUTC();

  public LoginGuard(
      IdentitySettings settings,
      MeterRegistry meters,
      @ConfigProperty(name = "quarkus.http.auth.form.error-page") String errorPage) {
    this.failures = new FailedLogins(settings.maxFailedLogins(), settings.failedLoginsWindow());
    this.meters = meters;
    this.errorPage = errorPage;
  }

  /** How long the password in the request is not looked at; empty: it is, or there is none. */
  public Optional<Duration> wait(RoutingContext context) {
    HttpServerRequest request = context.request();
    if (!bringsPassword(request)) {
      return Optional.empty();
    }
    String address =
        request.remoteAddress() == null ? UNKNOWN : request.remoteAddress().hostAddress();
    Optional<Duration> wait = failures.wait(address == null ? UNKNOWN : address, clock.instant());
    if (wait.isPresent()) {
      meters.counter("ligature.logins", "outcome", "not_looked_at").increment();
    } else {
      context.addHeadersEndHandler(any -> look(context, address == null ? UNKNOWN : address));
    }
    return wait;
  }

  private static boolean bringsPassword(HttpServerRequest request) {
    String authorization = request.getHeader("Authorization");
    return LOGIN.equals(request.path())
        || (authorization != null && authorization.toLowerCase(Locale.ROOT).startsWith("basic "));
  }

  private void look(RoutingContext context, String address) {
    String next = context.response().headers().get("Location");
    boolean wrong =
        context.response().getStatusCode() == 401 || (next != null && next.endsWith(errorPage));
    if (wrong) {
      meters.counter("ligature.logins", "outcome", "wrong").increment();
      if (failures.failed(address, clock.instant())) {
        LOG.warnf("too many wrong passwords, none is looked at for a while: address=%s", address);
      }
    }
  }
}
