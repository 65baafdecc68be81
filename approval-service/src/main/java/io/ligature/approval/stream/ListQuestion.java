package io.ligature.approval.stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.schemas.wire.Payloads;
import org.jspecify.annotations.Nullable;

/**
 * What one page of a list shall hold.
 *
 * @param after key of the review behind which it begins; null: from the beginning
 * @param most reviews on the page
 */
record ListQuestion(
    ReviewSummary.Status status, @Nullable String after, ReviewFilter filter, int most) {

  /** Ended reviews are shown with the newest first. */
  boolean newestFirst() {
    return status != ReviewSummary.Status.OPEN;
  }

  ObjectNode json() {
    ObjectNode json =
        Payloads.JSON
            .createObjectNode()
            .put("status", status.name())
            .put("after", after)
            .put("most", most);
    json.set("filter", filter.json());
    return json;
  }

  /**
   * @throws IllegalArgumentException when it is none
   */
  static ListQuestion of(JsonNode json) {
    return new ListQuestion(
        ReviewSummary.Status.valueOf(Wire.text(json, "status")),
        json.path("after").textValue(),
        ReviewFilter.of(json.path("filter")),
        json.path("most").asInt());
  }
}
