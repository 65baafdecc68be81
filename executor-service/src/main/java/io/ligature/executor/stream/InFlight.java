package io.ligature.executor.stream;

import io.ligature.avro.TaskAssignment;
import io.ligature.executor.execution.CallControl;
import io.ligature.executor.stream.PartitionWork.Ticket;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A call of this process, from its start until its result stands on the inbox. */
final class InFlight {

  final TaskAssignment assignment;
  final byte[] key;
  final @Nullable String traceparent;
  final Instant startedAt;
  final long startedNanos = System.nanoTime();
  final CallControl control = new CallControl();

  /** What the call tells while it runs; a shadow tells nothing. */
  @Nullable CallReports reports;

  private final List<Ticket> tickets = new ArrayList<>();
  private boolean claimed;
  private boolean over;

  InFlight(TaskAssignment assignment, byte[] key, @Nullable String traceparent, Instant startedAt) {
    this.assignment = assignment;
    this.key = key;
    this.traceparent = traceparent;
    this.startedAt = startedAt;
  }

  String attempt() {
    return assignment.getEnvelope().getId();
  }

  /** Returns false when the call is over: then its result is among the finished ones. */
  synchronized boolean join(Ticket ticket) {
    if (over) {
      return false;
    }
    tickets.add(ticket);
    return true;
  }

  /** Returns true for the first time, while there is something to claim. */
  synchronized boolean claim() {
    boolean first = !claimed && !over;
    claimed = true;
    return first;
  }

  synchronized List<Ticket> finish() {
    over = true;
    return List.copyOf(tickets);
  }
}
