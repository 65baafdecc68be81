package io.ligature.approval.review;

import io.ligature.avro.Payload;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether an edited output is what the review's schema says. */
@FunctionalInterface
public interface OutputCheck {

  /**
   * @param schema JSON Schema as text; null: any JSON
   * @return what is wrong, one entry each; empty when nothing is
   */
  List<String> violations(@Nullable String schema, Payload output);

  /**
   * The same for the edit of an output, which may not bring along what nobody looked at.
   *
   * @param before the output under review; null: there is none
   */
  default List<String> violations(
      @Nullable String schema, @Nullable Payload before, Payload output) {
    return violations(schema, output);
  }
}
