package io.ligature.approval.stream;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.flipkart.zjsonpatch.JsonDiff;
import io.ligature.approval.review.EditDiff;
import io.ligature.avro.Payload;
import io.ligature.schemas.wire.Payloads;
import org.jspecify.annotations.Nullable;

/** Tells edits as JSON Patch (RFC 6902). */
public final class JsonPatch implements EditDiff {

  @Override
  public String between(@Nullable Payload before, Payload after) {
    return JsonDiff.asJson(parse(before), Payloads.parse(after)).toString();
  }

  /** What is not JSON is replaced as a whole. */
  private static JsonNode parse(@Nullable Payload payload) {
    if (payload == null || payload.getInline() == null) {
      return NullNode.instance;
    }
    try {
      return Payloads.parse(payload);
    } catch (IllegalArgumentException e) {
      return NullNode.instance;
    }
  }
}
