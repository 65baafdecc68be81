package io.ligature.local.client;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.schemas.wire.Payloads;
import java.time.Duration;

/** A workflow's whole audit trail, put together from its pages. */
final class AuditTrail {

  private static final Duration POLL = Duration.ofMillis(100);

  /** The newest events are readable only once they are committed. */
  private static final Duration UNTIL_COMMITTED = Duration.ofSeconds(5);

  private AuditTrail() {}

  /** {@code complete} is false when the newest events were not committed in time. */
  static ObjectNode of(Api state, String id) throws InterruptedException {
    ObjectNode whole = Payloads.JSON.createObjectNode().put("workflowId", id);
    ArrayNode events = whole.putArray("events");
    long after = 0;
    long waiting = System.nanoTime();
    while (true) {
      JsonNode page = state.get(Watcher.path(id) + "/history?after=" + after);
      for (JsonNode event : page.path("events")) {
        events.add(event);
        after = event.path("sequence").asLong();
      }
      boolean complete = page.path("complete").asBoolean(true);
      boolean patienceIsOver = System.nanoTime() - waiting > UNTIL_COMMITTED.toNanos();
      if (complete ? !page.hasNonNull("next") : patienceIsOver) {
        return whole.put("complete", complete);
      }
      if (!complete) {
        Thread.sleep(POLL);
      } else {
        waiting = System.nanoTime();
      }
    }
  }
}
