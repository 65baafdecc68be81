package io.ligature.state.http;

import io.ligature.state.StateRuntime;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Up while definitions are in view and workflows are folded. */
@Readiness
@ApplicationScoped
public class StateReadiness implements HealthCheck {

  private final StateRuntime runtime;

  public StateReadiness(StateRuntime runtime) {
    this.runtime = runtime;
  }

  @Override
  public HealthCheckResponse call() {
    return HealthCheckResponse.named("state")
        .status(runtime.ready())
        .withData("state", runtime.state())
        .build();
  }
}
