package io.ligature.approval.tracing;

import io.ligature.schemas.wire.CloudEvents;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Spans of OpenTelemetry, each in the trace of what led to it. */
public final class OpenTelemetryTracing implements Tracing {

  private static final W3CTraceContextPropagator W3C = W3CTraceContextPropagator.getInstance();
  private static final TextMapGetter<String> GETTER =
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

  public OpenTelemetryTracing(OpenTelemetry telemetry) {
    this.tracer = telemetry.getTracer("io.ligature.approval");
  }

  @Override
  public Step begin(
      Kind kind, String name, Map<String, String> about, @Nullable String traceparent) {
    Context parent =
        traceparent == null ? Context.current() : W3C.extract(Context.root(), traceparent, GETTER);
    SpanBuilder builder = tracer.spanBuilder(name).setParent(parent).setSpanKind(kindOf(kind));
    about.forEach(builder::setAttribute);
    Span span = builder.startSpan();
    Map<String, String> carrier = new HashMap<>();
    W3C.inject(parent.with(span), carrier, (map, key, value) -> carrier.put(key, value));
    return new Traced(span, carrier.getOrDefault(CloudEvents.TRACEPARENT, traceparent));
  }

  private static SpanKind kindOf(Kind kind) {
    return switch (kind) {
      case TAKEN -> SpanKind.CONSUMER;
      case DUE -> SpanKind.INTERNAL;
      case CALL -> SpanKind.CLIENT;
    };
  }

  private static final class Traced implements Step {

    private final Span span;
    private final @Nullable String traceparent;

    /** Another thread may close it than the one that said so. */
    private volatile String outcome = FAULT;

    private volatile boolean good;

    Traced(Span span, @Nullable String traceparent) {
      this.span = span;
      this.traceparent = traceparent;
    }

    @Override
    public @Nullable String traceparent() {
      return traceparent;
    }

    @Override
    public void came(String word, boolean isGood) {
      outcome = word;
      good = isGood;
    }

    @Override
    public void close() {
      span.setAttribute(OUTCOME, outcome);
      if (!good) {
        span.setStatus(StatusCode.ERROR, outcome);
      }
      span.end();
    }
  }
}
