package io.ligature.approval.tracing;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes a span for each thing the service does, where somebody looks at spans. A span says what was
 * done to which review and what came of it; what people or agents wrote never stands in one.
 */
public interface Tracing {

  String REVIEW = "ligature.review.id";
  String WORKFLOW = "ligature.workflow.id";
  String OUTCOME = "ligature.outcome";

  /** What a step ends with that did not get as far as saying what came of it. */
  String FAULT = "fault";

  /** No spans: the context that came in goes on to what it leads to. */
  Tracing OFF = (kind, name, about, traceparent) -> new Untraced(traceparent);

  /**
   * @param about attributes of the span
   * @param traceparent of what led to it; null: of the request that is being served, if any
   */
  Step begin(Kind kind, String name, Map<String, String> about, @Nullable String traceparent);

  /** Which side of a message or call it is. */
  enum Kind {
    /** A record was taken. */
    TAKEN,
    /** Nobody asked: its time had come. */
    DUE,
    /** Something outside of this process is called. */
    CALL
  }

  /** One thing that is done; closing it ends its span. */
  interface Step extends AutoCloseable {

    /** For the records and requests it leads to; null when there is none. */
    @Nullable String traceparent();

    /**
     * @param good false: an operator should look at it
     */
    void came(String outcome, boolean good);

    @Override
    void close();
  }

  /** Hands on what it was given. */
  record Untraced(@Nullable String traceparent) implements Step {
    @Override
    public void came(String outcome, boolean good) {
      // Nobody looks.
    }

    @Override
    public void close() {
      // There is nothing to end.
    }
  }
}
