package io.ligature.state.stream;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Spans of OpenTelemetry, one for each transition, in the trace of the input. */
public final class OpenTelemetryTracing implements Tracing {

  private static final String TRACEPARENT = "traceparent";
  private static final TextMapGetter<String> GETTER =
      new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(String carrier) {
          return List.of(TRACEPARENT);
        }

        @Override
        public @Nullable String get(@Nullable String carrier, String key) {
          return key.equals(TRACEPARENT) ? carrier : null;
        }
      };

  private final Tracer tracer;

  public OpenTelemetryTracing(OpenTelemetry telemetry) {
    this.tracer = telemetry.getTracer("io.ligature.state");
  }

  @Override
  public Tracing.Step begin(String name, String workflowId, @Nullable String traceparent) {
    W3CTraceContextPropagator w3c = W3CTraceContextPropagator.getInstance();
    Context parent =
        traceparent == null ? Context.root() : w3c.extract(Context.root(), traceparent, GETTER);
    Span span =
        tracer
            .spanBuilder("fold " + name)
            .setParent(parent)
            .setSpanKind(SpanKind.CONSUMER)
            .setAttribute("ligature.workflow.id", workflowId)
            .startSpan();
    Map<String, String> carrier = new HashMap<>();
    w3c.inject(parent.with(span), carrier, (map, key, value) -> carrier.put(key, value));
    return new Tracing.Step(carrier.getOrDefault(TRACEPARENT, traceparent), span::end);
  }
}
