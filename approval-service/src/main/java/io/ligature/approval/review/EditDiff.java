package io.ligature.approval.review;

import io.ligature.avro.Payload;
import org.jspecify.annotations.Nullable;

/** What an edit changed. */
@FunctionalInterface
public interface EditDiff {

  /**
   * @param before null: there was nothing
   * @return a JSON Patch (RFC 6902) as text
   */
  String between(@Nullable Payload before, Payload after);
}
