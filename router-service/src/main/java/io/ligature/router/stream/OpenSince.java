package io.ligature.router.stream;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.jspecify.annotations.Nullable;

/**
 * When the oldest attempt without a result was assigned, committed with a partition's offset: what
 * lies before the offset is finished for reading, but may still hold an agent.
 */
final class OpenSince {

  private static final String PREFIX = "open-since=";

  private OpenSince() {}

  static OffsetAndMetadata with(long offset, @Nullable Instant oldest) {
    return new OffsetAndMetadata(offset, oldest == null ? "" : PREFIX + oldest);
  }

  /** Null when nothing was open, or nothing is known. */
  static @Nullable Instant in(@Nullable OffsetAndMetadata committed) {
    if (committed == null || !committed.metadata().startsWith(PREFIX)) {
      return null;
    }
    try {
      return Instant.parse(committed.metadata().substring(PREFIX.length()));
    } catch (DateTimeParseException e) {
      // Written by a later version; the executors' reports still tell what is in flight.
      return null;
    }
  }
}
