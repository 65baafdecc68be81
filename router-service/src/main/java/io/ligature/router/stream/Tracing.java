package io.ligature.router.stream;

import io.ligature.avro.TaskEnvelope;
import io.ligature.schemas.wire.CloudEvents;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One span for each assignment; with tracing off, the trace context goes through as it came. */
final class Tracing {

  private static final TextMapGetter<String> TRACEPARENT =
      new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(String carrier) {
          return List.of(CloudEvents.TRACEPARENT);
        }

        @Override
        public @Nullable String get(@Nullable String carrier, String key) {
          return key.equals(CloudEvents.TRACEPARENT) ? carrier : null;
        }
      };

  private final Tracer tracer;

  Tracing(Tracer tracer) {
    this.tracer = tracer;
  }

  /** Returns the trace context to hand on. */
  @Nullable String routed(TaskEnvelope envelope, String agent, @Nullable String traceparent) {
    Context parent = Context.root();
    if (traceparent != null) {
      parent = W3CTraceContextPropagator.getInstance().extract(parent, traceparent, TRACEPARENT);
    }
    Span span =
        tracer
            .spanBuilder("route " + envelope.getCapability())
            .setParent(parent)
            .setSpanKind(SpanKind.PRODUCER)
            .setAttribute("ligature.attempt", envelope.getId())
            .setAttribute("ligature.agent", agent)
            .startSpan();
    span.end();
    SpanContext context = span.getSpanContext();
    return context.isValid()
        ? "00-"
            + context.getTraceId()
            + "-"
            + context.getSpanId()
            + "-"
            + context.getTraceFlags().asHex()
        : traceparent;
  }
}
