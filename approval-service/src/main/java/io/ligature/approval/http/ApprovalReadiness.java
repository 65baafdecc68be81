package io.ligature.approval.http;

import io.ligature.approval.stream.ReviewRuntime;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Up while the fold runs and decisions can be answered. */
@Readiness
@ApplicationScoped
public class ApprovalReadiness implements HealthCheck {

  private final ReviewRuntime reviews;

  public ApprovalReadiness(ReviewRuntime reviews) {
    this.reviews = reviews;
  }

  @Override
  public HealthCheckResponse call() {
    return HealthCheckResponse.named("approval").status(reviews.ready()).build();
  }
}
