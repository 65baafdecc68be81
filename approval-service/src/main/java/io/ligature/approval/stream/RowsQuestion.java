package io.ligature.approval.stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.ligature.schemas.ChildId;
import io.ligature.schemas.wire.Payloads;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows of one partition, as they are: what is made of them is made where it is asked.
 *
 * @param root workflow whose partition is meant
 */
record RowsQuestion(String root, List<Range> ranges) {

  private static final int MOST_RANGES = 10;

  /** Both ends are in it. */
  record Range(String from, String to) {

    static Range of(String key) {
      return new Range(key, key);
    }

    static Range under(String prefix) {
      return new Range(prefix, prefix + "~");
    }
  }

  RowsQuestion {
    ranges = List.copyOf(ranges);
    if (ranges.size() > MOST_RANGES) {
      throw new IllegalArgumentException("expected at most " + MOST_RANGES + " ranges");
    }
  }

  /** All that makes a review, in an order that a writer beside it cannot spoil. */
  static RowsQuestion review(String id) {
    return new RowsQuestion(
        ChildId.rootOf(id),
        List.of(
            Range.of(ReviewRows.REQUEST + id),
            Range.under(ReviewRows.TRAIL + id + "/"),
            Range.of(ReviewRows.DECISION + id),
            Range.of(ReviewRows.WITHDRAWAL + id),
            Range.under(ReviewRows.OUTPUT + id + "/"),
            Range.under(ReviewRows.DIFF + id + "/")));
  }

  static RowsQuestion trail(String id) {
    return new RowsQuestion(ChildId.rootOf(id), List.of(Range.under(ReviewRows.TRAIL + id + "/")));
  }

  /** Who decided reviews of that workflow. */
  static RowsQuestion deciders(String workflowId) {
    return new RowsQuestion(
        ChildId.rootOf(workflowId), List.of(Range.under(ReviewRows.DECIDER + workflowId + "/")));
  }

  ObjectNode json() {
    ObjectNode json = Payloads.JSON.createObjectNode().put("root", root);
    ArrayNode all = json.putArray("ranges");
    ranges.forEach(range -> all.addArray().add(range.from()).add(range.to()));
    return json;
  }

  /**
   * @throws IllegalArgumentException when it is none
   */
  static RowsQuestion of(JsonNode json) {
    List<Range> ranges = new ArrayList<>();
    for (JsonNode range : json.path("ranges")) {
      if (!range.path(0).isTextual() || !range.path(1).isTextual()) {
        throw new IllegalArgumentException("expected a range as two keys, found " + range);
      }
      ranges.add(new Range(range.get(0).textValue(), range.get(1).textValue()));
    }
    return new RowsQuestion(Wire.text(json, "root"), ranges);
  }
}
