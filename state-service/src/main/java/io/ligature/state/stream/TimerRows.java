package io.ligature.state.stream;

import io.ligature.state.engine.Timer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The timers of one partition, as rows in order of their due time.
 *
 * <p>A fired timer leaves a tombstone, and a scan from the very beginning would step over all of
 * them at every look (60 ms at 200,000 tombstones). So each look begins at the hint: no timer is
 * due before it. Setting an earlier timer moves the hint back. A new instance of this class, that
 * is a newly assigned partition, begins at the beginning.
 */
final class TimerRows {

  private static final byte[] NOTHING = new byte[0];

  private final KeyValueStore<Bytes, byte[]> rows;
  private Bytes hint = RowKeys.timersFrom(Long.MIN_VALUE);

  TimerRows(KeyValueStore<Bytes, byte[]> rows) {
    this.rows = rows;
  }

  void set(Timer timer) {
    Bytes key = key(timer);
    rows.put(key, NOTHING);
    if (key.compareTo(hint) < 0) {
      hint = key;
    }
  }

  void remove(Timer timer) {
    rows.delete(key(timer));
  }

  /** Timers that are due by now, earliest first, at most so many. They stay until removed. */
  List<Timer> due(long nowMillis, int most) {
    Bytes end = RowKeys.timersFrom(nowMillis + 1);
    if (hint.compareTo(end) >= 0) {
      return List.of();
    }
    List<Timer> due = new ArrayList<>();
    Bytes next = end;
    try (KeyValueIterator<Bytes, byte[]> found = rows.range(hint, end)) {
      while (found.hasNext()) {
        KeyValue<Bytes, byte[]> row = found.next();
        if (row.key.compareTo(end) >= 0) {
          break;
        }
        if (due.size() == most) {
          next = row.key;
          break;
        }
        due.add(
            new Timer(
                RowKeys.timerWorkflow(row.key),
                RowKeys.timerTask(row.key),
                RowKeys.timerDue(row.key)));
      }
    }
    hint = next;
    return due;
  }

  private static Bytes key(Timer timer) {
    return RowKeys.timer(timer.due(), timer.workflowId(), timer.task());
  }
}
