package io.ligature.router.stream;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;

/** Which records of one partition are finished, in whatever order they finish. */
final class OffsetTracker {

  private final ArrayDeque<Long> begun = new ArrayDeque<>();
  private final Set<Long> finished = new HashSet<>();
  private long next;
  private long committed;

  /**
   * @param position where reading starts; everything before it is finished
   */
  OffsetTracker(long position) {
    this.next = position;
    this.committed = position;
  }

  /** A record was read; they come in order. */
  void begin(long offset) {
    if (offset < next) {
      throw new IllegalArgumentException("offset " + offset + " came after " + (next - 1));
    }
    begun.add(offset);
    next = offset + 1;
  }

  void finish(long offset) {
    finished.add(offset);
    while (!begun.isEmpty() && finished.remove(begun.peekFirst())) {
      begun.removeFirst();
    }
  }

  /** Every record before it is finished. */
  long position() {
    return begun.isEmpty() ? next : begun.getFirst();
  }

  boolean movedSinceCommit() {
    return position() > committed;
  }

  void committed(long position) {
    committed = Math.max(committed, position);
  }

  /** Records from the first unfinished one on, those among them that are finished included. */
  int span() {
    return begun.size();
  }
}
