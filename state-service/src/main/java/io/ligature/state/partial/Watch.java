package io.ligature.state.partial;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One who watches one workflow. Pieces wait here in a bounded queue; who is too slow for that is
 * dropped, so that nobody holds the others up. One thread puts pieces in, another takes them out.
 */
public final class Watch implements AutoCloseable {

  private final String root;
  private final String workflowId;
  private final Deque<Piece> earlier = new ArrayDeque<>();
  private final BlockingQueue<Piece> waiting;
  private final Consumer<Watch> leave;
  private volatile @Nullable String dropped;
  private volatile long firstOffset;

  Watch(String root, String workflowId, int queue, Consumer<Watch> leave) {
    this.root = root;
    this.workflowId = workflowId;
    this.waiting = new ArrayBlockingQueue<>(queue);
    this.leave = leave;
  }

  /** Whether records with that key may be about its workflow. */
  boolean isOf(String key) {
    return key.equals(root) || key.equals(workflowId);
  }

  void offer(Piece piece) {
    if (piece.partial().getWorkflowId().equals(workflowId) && !waiting.offer(piece)) {
      drop(
          "the pieces came faster than they were taken; ask again, with 'since' for what is missed");
    }
  }

  void drop(String reason) {
    dropped = reason;
    leave.accept(this);
  }

  /**
   * Puts pieces that were read apart before all others.
   *
   * @param end offset of the first that is not among them
   */
  void beginWith(Collection<Piece> pieces, long end) {
    earlier.addAll(pieces);
    firstOffset = end;
  }

  /** The next piece; null when none came in time, or none comes any more. */
  public @Nullable Piece next(Duration wait) {
    Piece first = earlier.poll();
    if (first != null) {
      return first;
    }
    try {
      Piece piece = waiting.poll(dropped == null ? wait.toMillis() : 0, TimeUnit.MILLISECONDS);
      while (piece != null && piece.offset() < firstOffset) {
        piece = waiting.poll();
      }
      return piece;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }

  /** Why nothing more comes; null while something may. */
  public @Nullable String dropped() {
    return dropped;
  }

  @Override
  public void close() {
    leave.accept(this);
  }
}
