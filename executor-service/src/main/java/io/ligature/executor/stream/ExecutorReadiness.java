package io.ligature.executor.stream;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Up while the executor knows all agents and is in its group. */
@Readiness
@ApplicationScoped
public class ExecutorReadiness implements HealthCheck {

  private final ExecutorRuntime executor;

  public ExecutorReadiness(ExecutorRuntime executor) {
    this.executor = executor;
  }

  @Override
  public HealthCheckResponse call() {
    return HealthCheckResponse.named("executor").status(executor.ready()).build();
  }
}
