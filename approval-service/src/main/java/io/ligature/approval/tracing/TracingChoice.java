package io.ligature.approval.tracing;

import io.opentelemetry.api.OpenTelemetry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Spans are made where the settings of OpenTelemetry want them. */
@ApplicationScoped
class TracingChoice {

  @Produces
  @Singleton
  Tracing tracing(
      OpenTelemetry telemetry,
      @ConfigProperty(name = "quarkus.otel.sdk.disabled", defaultValue = "false")
          boolean disabled) {
    return disabled ? Tracing.OFF : new OpenTelemetryTracing(telemetry);
  }
}
