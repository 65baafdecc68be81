package io.ligature.approval.tracing;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Scope;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OpenTelemetryTracingTest {

  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String PARENT = "00-" + TRACE + "-b7ad6b7169203331-01";

  private final InMemory exported = new InMemory();
  private final OpenTelemetrySdk telemetry =
      OpenTelemetrySdk.builder()
          .setTracerProvider(
              SdkTracerProvider.builder()
                  .addSpanProcessor(SimpleSpanProcessor.create(exported))
                  .build())
          .build();
  private final Tracing tracing = new OpenTelemetryTracing(telemetry);

  @AfterEach
  void close() {
    telemetry.close();
  }

  @Test
  void isAChildOfWhatLedToItAndTheParentOfWhatFollows() {
    String handedOn;
    try (Tracing.Step span =
        tracing.begin(
            Tracing.Kind.TAKEN, "review command", Map.of(Tracing.REVIEW, "w1:gate:1"), PARENT)) {
      span.came("decided", true);
      handedOn = String.valueOf(span.traceparent());
    }

    SpanData span = exported.only();
    assertThat(span.getName()).isEqualTo("review command");
    assertThat(span.getKind()).isEqualTo(SpanKind.CONSUMER);
    assertThat(span.getTraceId()).isEqualTo(TRACE);
    assertThat(span.getParentSpanId()).isEqualTo("b7ad6b7169203331");
    assertThat(handedOn).isEqualTo("00-" + TRACE + "-" + span.getSpanId() + "-01");
    assertThat(span.getAttributes().asMap())
        .isEqualTo(
            Map.of(
                AttributeKey.stringKey(Tracing.REVIEW),
                "w1:gate:1",
                AttributeKey.stringKey(Tracing.OUTCOME),
                "decided"));
    assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
  }

  @Test
  void beginsATraceWhereNothingIsKnown() {
    tracing.begin(Tracing.Kind.DUE, "review falls due", Map.of(), null).close();

    assertThat(exported.only().getParentSpanContext().isValid()).isFalse();
  }

  @Test
  void beginsATraceWhereTheContextIsNone() {
    tracing.begin(Tracing.Kind.TAKEN, "review command", Map.of(), "00-aa-bb-01").close();

    assertThat(exported.only().getParentSpanContext().isValid()).isFalse();
  }

  @Test
  void belongsToTheRequestThatIsServed() {
    var request = telemetry.getTracer("test").spanBuilder("GET /reviews").startSpan();
    try (Scope scope = request.makeCurrent()) {
      assertThat(scope).isNotNull();
      tracing.begin(Tracing.Kind.CALL, "ask peer list", Map.of(), null).close();
    }

    assertThat(exported.only().getParentSpanId()).isEqualTo(request.getSpanContext().getSpanId());
  }

  @Test
  void tellsAFaultThatNobodyCouldTell() {
    tracing.begin(Tracing.Kind.TAKEN, "review command", Map.of(), null).close();

    SpanData span = exported.only();
    assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    assertThat(span.getAttributes().get(AttributeKey.stringKey(Tracing.OUTCOME)))
        .isEqualTo("fault");
  }

  @Test
  void marksWhatAnOperatorShouldLookAt() {
    try (Tracing.Step span = tracing.begin(Tracing.Kind.CALL, "notify webhook", Map.of(), null)) {
      span.came("failed", false);
    }

    assertThat(exported.only().getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    assertThat(exported.only().getStatus().getDescription()).isEqualTo("failed");
  }

  @Test
  void handsOnWhatCameInWhereNobodyLooks() {
    Tracing blind = new OpenTelemetryTracing(OpenTelemetry.noop());

    for (Tracing each : List.of(blind, Tracing.OFF)) {
      try (Tracing.Step span = each.begin(Tracing.Kind.TAKEN, "review", Map.of(), PARENT)) {
        assertThat(span.traceparent()).isEqualTo(PARENT);
      }
      try (Tracing.Step span = each.begin(Tracing.Kind.TAKEN, "review", Map.of(), null)) {
        assertThat(span.traceparent()).isNull();
      }
    }
  }

  private static final class InMemory implements SpanExporter {

    private final List<SpanData> spans = new ArrayList<>();

    SpanData only() {
      assertThat(spans).hasSize(1);
      return spans.getFirst();
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> ended) {
      spans.addAll(ended);
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode flush() {
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode shutdown() {
      return CompletableResultCode.ofSuccess();
    }
  }
}
