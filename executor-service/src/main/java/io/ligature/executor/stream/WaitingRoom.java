package io.ligature.executor.stream;

import io.ligature.avro.TaskAssignment;
import io.ligature.executor.stream.PartitionWork.Claim;
import io.ligature.executor.stream.PartitionWork.Ticket;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jboss.logging.Logger;

/**
 * Attempts that another executor has claimed: they wait for its result while it lives. When it is
 * dead and the inbox has been read once more, the agent is called again.
 *
 * <p>The loop's thread alone calls it, unless it says otherwise.
 */
final class WaitingRoom {

  private static final Logger LOG = Logger.getLogger(WaitingRoom.class);
  private static final Duration LOOK = Duration.ofMillis(100);

  private final Executors executors;
  private final Clock clock;
  private final Mail mail;
  private final Map<String, Waiting> waiting = new LinkedHashMap<>();
  private final AtomicInteger count = new AtomicInteger();
  private long nextLookNanos = System.nanoTime();

  /** One attempt, with every record that assigned it. */
  static final class Waiting {
    final TaskAssignment assignment;
    final ConsumerRecord<byte[], byte[]> record;
    final Claim claim;
    final List<Ticket> tickets = new ArrayList<>();
    boolean lastLook;

    Waiting(TaskAssignment assignment, ConsumerRecord<byte[], byte[]> record, Claim claim) {
      this.assignment = assignment;
      this.record = record;
      this.claim = claim;
    }

    String attempt() {
      return assignment.getEnvelope().getId();
    }

    PartitionWork work() {
      return tickets.getFirst().work();
    }
  }

  /** Makes a call again whose claimant is dead. */
  interface Retake {
    void retake(Waiting entry);
  }

  WaitingRoom(Executors executors, Clock clock, Mail mail) {
    this.executors = executors;
    this.clock = clock;
    this.mail = mail;
  }

  /** Any thread. */
  int count() {
    return count.get();
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** Returns true when the attempt waits already; then the record waits with it. */
  boolean join(String attempt, Ticket ticket) {
    Waiting same = waiting.get(attempt);
    if (same != null) {
      same.tickets.add(ticket);
    }
    return same != null;
  }

  /** Returns true when another executor has claimed the attempt; then it waits. */
  boolean admit(ConsumerRecord<byte[], byte[]> record, TaskAssignment assignment, Ticket ticket) {
    String attempt = assignment.getEnvelope().getId();
    Claim claim = ticket.work().claims.get(attempt);
    if (claim == null) {
      return false;
    }
    Waiting entry = new Waiting(assignment, record, claim);
    entry.tickets.add(ticket);
    waiting.put(attempt, entry);
    count.set(waiting.size());
    LOG.infof("waiting for the claimant attempt=%s claimant=%s", attempt, claim.executor());
    return true;
  }

  /** Its result is there: what waited for it in that partition; empty when nothing did. */
  List<Ticket> leave(String attempt, PartitionWork work) {
    Waiting entry = waiting.get(attempt);
    if (entry == null || entry.work() != work) {
      return List.of();
    }
    waiting.remove(attempt);
    count.set(waiting.size());
    return entry.tickets;
  }

  /** Retakes what the dead have claimed, after one more look at the inbox. */
  void lookAfter(LogFollower follower, Retake taker) {
    if (waiting.isEmpty() || System.nanoTime() - nextLookNanos < 0) {
      return;
    }
    nextLookNanos = System.nanoTime() + LOOK.toNanos();
    for (Waiting each : List.copyOf(waiting.values())) {
      if (!each.lastLook && !lives(each.claim)) {
        each.lastLook = true;
        follower.whenRead(
            each.work().partition.partition(), () -> mail.post(() -> retake(each, taker)));
      }
    }
  }

  private void retake(Waiting entry, Retake taker) {
    if (!waiting.remove(entry.attempt(), entry)) {
      return;
    }
    count.set(waiting.size());
    entry.work().claims.remove(entry.attempt());
    LOG.warnf(
        "the claimant is dead, calling again attempt=%s claimant=%s",
        entry.attempt(), entry.claim.executor());
    taker.retake(entry);
  }

  /** Claims of the dead that nobody waits for bind nobody. */
  void dropDeadClaims(PartitionWork work) {
    work.claims
        .entrySet()
        .removeIf(each -> !waiting.containsKey(each.getKey()) && !lives(each.getValue()));
  }

  void forget(PartitionWork work) {
    waiting.values().removeIf(each -> each.work() == work);
    count.set(waiting.size());
  }

  private boolean lives(Claim claim) {
    return executors.lives(
        claim.executor(), Instant.ofEpochMilli(claim.timestamp()), clock.instant());
  }
}
