package io.ligature.router.stream;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Things to look at again at an instant. A thing that is over by then is looked at in vain. */
final class Timers {

  enum Kind {
    /** Tell the workflow that the task still waits. */
    REPORT,
    /** Give the task back. */
    PARK,
    /** Nobody waits for the task any more. */
    EXPIRE,
    /** The agent's pause ends. */
    PAUSE_ENDS,
    /** Nobody waits for the copy any more. */
    COPY_ENDS
  }

  /**
   * @param subject attempt, agent, or copy
   * @param offset of the ready record, which tells a task from the same one offered again; of a
   *     copy its partition
   */
  record Due(Instant at, Kind kind, String subject, long offset) {}

  private final PriorityQueue<Due> queue = new PriorityQueue<>(Comparator.comparing(Due::at));

  private final Set<Due> once = new HashSet<>();

  void set(Instant at, Kind kind, String subject, long offset) {
    queue.add(new Due(at, kind, subject, offset));
  }

  /** Sets what is not set already. */
  void setOnce(Instant at, Kind kind, String subject) {
    if (once.add(new Due(at, kind, subject, 0))) {
      set(at, kind, subject, 0);
    }
  }

  /** The next one that is due; null when none is. */
  @Nullable Due poll(Instant now) {
    Due next = queue.peek();
    if (next == null || next.at().isAfter(now)) {
      return null;
    }
    once.remove(next);
    return queue.poll();
  }

  @Nullable Instant next() {
    Due next = queue.peek();
    return next == null ? null : next.at();
  }
}
