package io.ligature.executor.stream;

import io.ligature.avro.TaskAssignment;
import io.ligature.avro.TaskCancel;
import io.ligature.avro.TaskResult;
import io.ligature.executor.execution.CallControl.Ending;
import io.ligature.executor.execution.FinishedAttempts;
import io.ligature.executor.execution.FinishedAttempts.Finished;
import io.ligature.executor.stream.PartitionWork.Claim;
import io.ligature.executor.stream.PartitionWork.Tail;
import io.ligature.executor.stream.PartitionWork.Ticket;
import io.ligature.schemas.wire.CloudEvents;
import io.ligature.schemas.wire.RecordCodec;
import io.ligature.schemas.wire.UnreadableRecordException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Decides what becomes of each assignment: a call, or, because the attempt is known, none.
 *
 * <ul>
 *   <li>In flight here: nothing; its result finishes both records.
 *   <li>Finished by a former owner after it was assigned: nothing; the result is on the inbox.
 *   <li>Finished otherwise: the stored result is sent again, because whoever assigns it again may
 *       not have taken the first one.
 *   <li>Claimed by another executor: wait for its result while it lives. When it is dead and the
 *       inbox has been read once more, the agent is called again.
 *   <li>Cancelled before it began: dropped.
 * </ul>
 *
 * The loop's thread alone calls it, unless it says otherwise.
 */
final class Desk {

  private static final Logger LOG = Logger.getLogger(Desk.class);
  private static final Duration LOOK = Duration.ofMillis(100);

  private final String executor;
  private final int maxInFlight;
  private final RecordCodec codec;
  private final Map<String, InFlight> inFlight;
  private final FinishedAttempts finished;
  private final Cancels cancels;
  private final Executors executors;
  private final Caller caller;
  private final StoredResults stored;
  private final Outbox outbox;
  private final ExecutorMetrics metrics;
  private final Clock clock;
  private final Mail mail;
  private final Map<String, Waiting> waiting = new LinkedHashMap<>();
  private final AtomicInteger waitingCount = new AtomicInteger();
  private long nextLookNanos = System.nanoTime();

  private static final class Waiting {
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

    PartitionWork work() {
      return tickets.getFirst().work();
    }
  }

  Desk(
      String executor,
      int maxInFlight,
      RecordCodec codec,
      Map<String, InFlight> inFlight,
      FinishedAttempts finished,
      Cancels cancels,
      Executors executors,
      Caller caller,
      StoredResults stored,
      Outbox outbox,
      ExecutorMetrics metrics,
      Clock clock,
      Mail mail) {
    this.executor = executor;
    this.maxInFlight = maxInFlight;
    this.codec = codec;
    this.inFlight = inFlight;
    this.finished = finished;
    this.cancels = cancels;
    this.executors = executors;
    this.caller = caller;
    this.stored = stored;
    this.outbox = outbox;
    this.metrics = metrics;
    this.clock = clock;
    this.mail = mail;
    metrics.inFlight(inFlight::size, waitingCount::get);
  }

  boolean hasRoom() {
    return inFlight.size() < maxInFlight;
  }

  boolean isWaiting() {
    return !waiting.isEmpty();
  }

  void take(ConsumerRecord<byte[], byte[]> record, Ticket ticket) {
    SpecificRecord value;
    try {
      value = codec.decode(record.value());
    } catch (UnreadableRecordException e) {
      putAside(record, String.valueOf(e.getMessage()), () -> mail.done(ticket));
      return;
    }
    if (value instanceof TaskAssignment assignment && record.key() != null) {
      take(record, assignment, ticket);
    } else {
      putAside(
          record,
          "expected a TaskAssignment with a key, found a " + value.getSchema().getFullName(),
          () -> mail.done(ticket));
    }
  }

  private void take(
      ConsumerRecord<byte[], byte[]> record, TaskAssignment assignment, Ticket ticket) {
    String attempt = assignment.getEnvelope().getId();
    InFlight running = inFlight.get(attempt);
    if (running != null && running.join(ticket)) {
      metrics.duplicate();
      return;
    }
    Finished former = ticket.work().finished.remove(attempt);
    if (former != null) {
      if (finished.get(attempt) == null) {
        finished.put(attempt, former);
      }
      if (former.timestamp() >= record.timestamp()) {
        metrics.skipped();
        mail.done(ticket);
        return;
      }
    }
    Finished known = finished.get(attempt);
    if (known != null) {
      sendAgain(record, assignment, known, ticket);
      return;
    }
    Waiting same = waiting.get(attempt);
    if (same != null) {
      metrics.duplicate();
      same.tickets.add(ticket);
      return;
    }
    Claim claim = ticket.work().claims.get(attempt);
    if (claim != null) {
      Waiting entry = new Waiting(assignment, record, claim);
      entry.tickets.add(ticket);
      waiting.put(attempt, entry);
      waitingCount.set(waiting.size());
      LOG.infof("waiting for the claimant attempt=%s claimant=%s", attempt, claim.executor());
      return;
    }
    begin(record, assignment, List.of(ticket));
  }

  private void begin(
      ConsumerRecord<byte[], byte[]> record, TaskAssignment assignment, List<Ticket> tickets) {
    String attempt = assignment.getEnvelope().getId();
    if (cancels.contains(attempt)) {
      LOG.debugf("cancelled before it began attempt=%s", attempt);
      tickets.forEach(mail::done);
      return;
    }
    String traceparent = CloudEvents.text(record.headers(), CloudEvents.TRACEPARENT);
    caller.start(assignment, record.key(), traceparent, tickets);
  }

  private void sendAgain(
      ConsumerRecord<byte[], byte[]> record,
      TaskAssignment assignment,
      Finished known,
      Ticket ticket) {
    metrics.resent();
    stored.fetch(
        known,
        bytes -> {
          if (bytes != null && codecResult(bytes) instanceof TaskResult result) {
            outbox.again(record.key(), result, bytes, place -> mail.done(ticket));
          } else {
            LOG.warnf(
                "the stored result is gone, calling again attempt=%s",
                assignment.getEnvelope().getId());
            mail.post(() -> begin(record, assignment, List.of(ticket)));
          }
        });
  }

  private @Nullable SpecificRecord codecResult(byte[] bytes) {
    try {
      return codec.decode(bytes);
    } catch (UnreadableRecordException e) {
      return null;
    }
  }

  /** Any thread. */
  void cancel(TaskCancel cancel) {
    cancels.add(cancel.getId(), System.nanoTime());
    InFlight running = inFlight.get(cancel.getId());
    if (running != null) {
      running.control.end(Ending.CANCELLED, cancel.getReason());
    }
  }

  /** Any thread. */
  void putAside(ConsumerRecord<byte[], byte[]> record, String reason, Runnable storedAway) {
    metrics.deadLetter();
    LOG.warnf(
        "unreadable record put aside topic=%s partition=%d offset=%d reason=%s",
        record.topic(), record.partition(), record.offset(), reason);
    outbox.deadLetter(record, reason, storedAway);
  }

  void resultOfFormerOwner(PartitionWork work, TaskResult result, Finished place) {
    if (result.getExecutor().equals(executor) && work.tail == Tail.READ) {
      return;
    }
    work.claims.remove(result.getId());
    Waiting entry = waiting.get(result.getId());
    if (entry != null && entry.work() == work) {
      waiting.remove(result.getId());
      waitingCount.set(waiting.size());
      finished.put(result.getId(), place);
      entry.tickets.forEach(mail::done);
      metrics.skipped();
    } else {
      work.finished.put(result.getId(), place);
    }
  }

  void claimOfFormerOwner(PartitionWork work, String attempt, Claim claim) {
    if (!claim.executor().equals(executor) && !work.finished.containsKey(attempt)) {
      work.claims.put(attempt, claim);
    }
  }

  /** Claims of the dead that nobody waits for bind nobody. */
  void dropDeadClaims(PartitionWork work) {
    work.claims
        .entrySet()
        .removeIf(each -> !waiting.containsKey(each.getKey()) && !lives(each.getValue()));
  }

  /** Calls again where the claimant is dead, after one more look at the inbox. */
  void lookAfterWaiting(LogFollower follower) {
    if (waiting.isEmpty() || System.nanoTime() - nextLookNanos < 0) {
      return;
    }
    nextLookNanos = System.nanoTime() + LOOK.toNanos();
    for (Waiting each : List.copyOf(waiting.values())) {
      if (!each.lastLook && !lives(each.claim)) {
        each.lastLook = true;
        PartitionWork work = each.work();
        String attempt = each.assignment.getEnvelope().getId();
        follower.whenRead(work.partition.partition(), () -> mail.post(() -> retake(attempt, each)));
      }
    }
  }

  private void retake(String attempt, Waiting entry) {
    if (!waiting.remove(attempt, entry)) {
      return;
    }
    waitingCount.set(waiting.size());
    entry.work().claims.remove(attempt);
    metrics.retaken();
    LOG.warnf(
        "the claimant is dead, calling again attempt=%s claimant=%s",
        attempt, entry.claim.executor());
    begin(entry.record, entry.assignment, entry.tickets);
  }

  private boolean lives(Claim claim) {
    return executors.lives(
        claim.executor(), Instant.ofEpochMilli(claim.timestamp()), clock.instant());
  }

  void claimAll() {
    inFlight.values().forEach(caller::claim);
  }

  void forget(PartitionWork work) {
    waiting.values().removeIf(each -> each.work() == work);
    waitingCount.set(waiting.size());
  }
}
