package io.ligature.schemas.wire;

import io.ligature.avro.Payload;
import java.util.Optional;

/**
 * The largest payload that is put on a topic; it stays below the broker's record limit, so that no
 * record is ever refused behind our back.
 *
 * @param maxBytes setting {@code ligature.payload.max-bytes}
 */
public record PayloadLimit(int maxBytes) {

  public static final int DEFAULT_MAX_BYTES = 900_000;

  public PayloadLimit {
    if (maxBytes < 1) {
      throw new IllegalArgumentException(
          "ligature.payload.max-bytes: " + maxBytes + " is not a size; give at least 1");
    }
  }

  /** What is wrong and what to do; empty when the payload fits. */
  public Optional<String> violation(String what, Payload payload) {
    return violation(what, payload.getSize());
  }

  public Optional<String> violation(String what, long bytes) {
    if (bytes <= maxBytes) {
      return Optional.empty();
    }
    return Optional.of(
        what
            + " has "
            + bytes
            + " bytes, more than ligature.payload.max-bytes ("
            + maxBytes
            + "); pass a reference to it instead of its content, or raise the limit together with"
            + " the topics' max.message.bytes");
  }
}
