package io.ligature.router.http;

import io.ligature.router.stream.RouterRuntime;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Up while the router knows its agents, is in its group, and can write. */
@Readiness
@ApplicationScoped
public class RouterReadiness implements HealthCheck {

  private final RouterRuntime router;

  public RouterReadiness(RouterRuntime router) {
    this.router = router;
  }

  @Override
  public HealthCheckResponse call() {
    return HealthCheckResponse.named("router").status(router.ready()).build();
  }
}
