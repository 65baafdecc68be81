package io.ligature.router.routing;

import io.ligature.avro.TaskEnvelope;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A task on its way to an agent.
 *
 * @param origin where it was read, so that it can be ticked off there
 * @param since when the router read it
 */
public record Waiting(TaskEnvelope envelope, RoutingRequest request, Origin origin, Instant since) {

  /**
   * @param key of the record, the root workflow id
   * @param traceparent trace context it came with; null: none
   */
  public record Origin(int partition, long offset, String key, @Nullable String traceparent) {}

  public String id() {
    return envelope.getId();
  }

  public String tenant() {
    return request.tenant();
  }

  public int priority() {
    return envelope.getPriority();
  }
}
