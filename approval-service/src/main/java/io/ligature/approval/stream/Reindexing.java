package io.ligature.approval.stream;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jboss.logging.Logger;

/**
 * Gives the reviews of a version that knew no {@link Terms} their index rows, some at a time, and
 * then says so in a row. Until then lists read the partition as a whole.
 */
final class Reindexing {

  private static final Logger LOG = Logger.getLogger(Reindexing.class);

  private final int most;
  private final Deque<ReviewSummary.Status> left =
      new ArrayDeque<>(List.of(ReviewSummary.Status.values()));
  private String from = "";
  private long written;
  private boolean done;

  Reindexing(int most) {
    this.most = most;
  }

  /**
   * @return whether something was written
   */
  boolean goOn(KeyValueStore<String, byte[]> store, ReviewWriter writer) {
    if (done) {
      return false;
    }
    if (store.get(ReviewRows.INDEXED) != null) {
      done = true;
      return false;
    }
    int some = 0;
    while (some < most && !left.isEmpty()) {
      some += goOn(left.getFirst(), most - some, store, writer);
    }
    written += some;
    if (left.isEmpty()) {
      store.put(ReviewRows.INDEXED, new byte[0]);
      done = true;
      if (written > 0) {
        LOG.infof("reviews indexed again: count=%d", written);
      }
    }
    return true;
  }

  private int goOn(
      ReviewSummary.Status status,
      int room,
      KeyValueStore<String, byte[]> store,
      ReviewWriter writer) {
    List<ReviewSummary> some = new ArrayList<>();
    String first = from.isEmpty() ? status.prefix() : from + " ";
    try (KeyValueIterator<String, byte[]> rows = store.range(first, status.prefix() + "~")) {
      while (rows.hasNext() && some.size() < room) {
        var row = rows.next();
        some.add(ReviewSummary.read(row.key, row.value));
      }
    }
    some.forEach(writer::indexAgain);
    if (some.size() < room) {
      left.remove();
      from = "";
    } else {
      from = some.getLast().key();
    }
    return some.size();
  }
}
