package io.ligature.state.stream;

import org.jspecify.annotations.Nullable;

/** Makes a span for each transition, where somebody looks at spans. */
public interface Tracing {

  /** No spans: the context of the input goes on to what it leads to. */
  Tracing OFF = (name, workflowId, traceparent) -> new Step(traceparent, () -> {});

  Step begin(String name, String workflowId, @Nullable String traceparent);

  /**
   * One transition.
   *
   * @param traceparent for the records it leads to; null when the input had none
   * @param end ends the span
   */
  record Step(@Nullable String traceparent, Runnable end) implements AutoCloseable {
    @Override
    public void close() {
      end.run();
    }
  }
}
