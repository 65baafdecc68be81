package io.ligature.executor.stream;

import io.ligature.executor.stream.PartitionWork.Ticket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What other threads leave for the loop's thread, in order. */
final class Mail {

  private final Queue<Runnable> letters = new ConcurrentLinkedQueue<>();

  void post(Runnable letter) {
    letters.add(letter);
  }

  /** An assignment record is finished. */
  void done(Ticket ticket) {
    post(() -> ticket.work().tracker.finish(ticket.offset()));
  }

  /** The loop's thread alone. */
  void read() {
    Runnable letter = letters.poll();
    while (letter != null) {
      letter.run();
      letter = letters.poll();
    }
  }
}
