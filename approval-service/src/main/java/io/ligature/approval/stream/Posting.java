package io.ligature.approval.stream;

import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/** Walks over the rows under one prefix, in either direction; a place is a key without it. */
final class Posting implements AutoCloseable {

  /** Rows that are read before the store is asked to jump, which costs as much as these. */
  private static final int STEPS_BEFORE_JUMP = 12;

  private final ReadOnlyKeyValueStore<String, byte[]> store;
  private final String prefix;
  private final boolean newestFirst;
  private KeyValueIterator<String, byte[]> rows;
  private @Nullable String place;

  /**
   * @param after place behind which it begins; null: with the first
   */
  Posting(
      ReadOnlyKeyValueStore<String, byte[]> store,
      String prefix,
      @Nullable String after,
      boolean newestFirst) {
    this.store = store;
    this.prefix = prefix;
    this.newestFirst = newestFirst;
    this.rows = open(after);
    next();
    if (after != null && after.equals(place)) {
      next();
    }
  }

  /** Where it is; null: at the end. */
  @Nullable String place() {
    return place;
  }

  /** Goes on to that place, or to the first behind it. */
  void seek(String target) {
    for (int step = 0; step < STEPS_BEFORE_JUMP && isBefore(target); step++) {
      next();
    }
    if (isBefore(target)) {
      rows.close();
      rows = open(target);
      next();
    }
  }

  void next() {
    place = rows.hasNext() ? rows.next().key.substring(prefix.length()) : null;
  }

  private boolean isBefore(String target) {
    return place != null
        && (newestFirst ? place.compareTo(target) > 0 : place.compareTo(target) < 0);
  }

  /** Both ends of a range are inclusive; places begin with digits. */
  private KeyValueIterator<String, byte[]> open(@Nullable String from) {
    if (newestFirst) {
      return store.reverseRange(prefix, prefix + (from == null ? "~" : from));
    }
    return store.range(from == null ? prefix : prefix + from, prefix + "~");
  }

  @Override
  public void close() {
    rows.close();
  }
}
