package io.ligature.executor.stream;

import io.ligature.avro.TaskAssignment;
import io.ligature.schemas.wire.CloudEvents;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One span for each call; with tracing off, the trace context goes through as it came. */
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

  Span begin(TaskAssignment assignment, @Nullable String traceparent) {
    Context parent = Context.root();
    if (traceparent != null) {
      parent = W3CTraceContextPropagator.getInstance().extract(parent, traceparent, TRACEPARENT);
    }
    return tracer
        .spanBuilder("call " + assignment.getEnvelope().getCapability())
        .setParent(parent)
        .setSpanKind(SpanKind.CLIENT)
        .setAttribute("ligature.attempt", assignment.getEnvelope().getId())
        .setAttribute("ligature.agent", assignment.getAgent())
        .startSpan();
  }

  /** The trace context to hand on. */
  static @Nullable String traceparent(Span span, @Nullable String given) {
    SpanContext context = span.getSpanContext();
    return context.isValid()
        ? "00-"
            + context.getTraceId()
            + "-"
            + context.getSpanId()
            + "-"
            + context.getTraceFlags().asHex()
        : given;
  }

  static void end(Span span, String outcome, boolean good) {
    span.setAttribute("ligature.outcome", outcome);
    if (!good) {
      span.setStatus(StatusCode.ERROR, outcome);
    }
    span.end();
  }
}
