package io.ligature.schemas.topics;

import java.util.List;

/** Topics exist already, but not as they are planned. */
public final class TopicMismatchException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  TopicMismatchException(List<String> mismatches) {
    super(
        "topics are not as planned: "
            + String.join("; ", mismatches)
            + ". Set ligature.topics.* to what exists, or use another ligature.topics.prefix, or"
            + " delete these topics if their data is not needed");
  }
}
