package io.ligature.executor.execution;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;

/** Which records of one partition are finished, in whatever order they finish. */
public final class OffsetTracker {

  private final ArrayDeque<Long> begun = new ArrayDeque<>();
  private final Set<Long> finished = new HashSet<>();
  private long next = -1;
  private long committed = -1;

  /** A record was read; they come in order. Offsets between records hold none of ours. */
  public void begin(long offset) {
    if (offset < next) {
      throw new IllegalArgumentException("offset " + offset + " came after " + (next - 1));
    }
    begun.add(offset);
    next = offset + 1;
  }

  public void finish(long offset) {
    finished.add(offset);
    while (!begun.isEmpty() && finished.remove(begun.peekFirst())) {
      begun.removeFirst();
    }
  }

  /** Every record before it is finished; negative when none was read. */
  public long position() {
    return begun.isEmpty() ? next : begun.getFirst();
  }

  public boolean movedSinceCommit() {
    return position() > committed;
  }

  public void committed(long position) {
    committed = Math.max(committed, position);
  }

  /** Records from the first unfinished one on, those among them that are finished included. */
  public int span() {
    return begun.size();
  }
}
