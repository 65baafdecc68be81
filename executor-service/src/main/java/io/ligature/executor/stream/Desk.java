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
import java.util.List;
import java.util.Map;
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
 *   <li>Claimed by another executor: it waits for its result in the {@link WaitingRoom}.
 *   <li>Cancelled before it began: dropped.
 *   <li>A copy for a shadow agent: called beside all that, or dropped; see {@link Shadows}.
 * </ul>
 *
 * The loop's thread alone calls it, unless it says otherwise.
 */
final class Desk {

  private static final Logger LOG = Logger.getLogger(Desk.class);

  private final String executor;
  private final int maxInFlight;
  private final RecordCodec codec;
  private final Map<String, InFlight> inFlight;
  private final FinishedAttempts finished;
  private final RecentIds cancels;
  private final WaitingRoom waiting;
  private final Caller caller;
  private final Shadows shadows;
  private final StoredResults stored;
  private final Outbox outbox;
  private final ExecutorMetrics metrics;
  private final Mail mail;

  Desk(
      String executor,
      int maxInFlight,
      RecordCodec codec,
      Map<String, InFlight> inFlight,
      FinishedAttempts finished,
      RecentIds cancels,
      WaitingRoom waiting,
      Caller caller,
      Shadows shadows,
      StoredResults stored,
      Outbox outbox,
      ExecutorMetrics metrics,
      Mail mail) {
    this.executor = executor;
    this.maxInFlight = maxInFlight;
    this.codec = codec;
    this.inFlight = inFlight;
    this.finished = finished;
    this.cancels = cancels;
    this.waiting = waiting;
    this.caller = caller;
    this.shadows = shadows;
    this.stored = stored;
    this.outbox = outbox;
    this.metrics = metrics;
    this.mail = mail;
    metrics.inFlight(inFlight::size, waiting::count);
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
      if (assignment.getShadow()) {
        boolean fresh = record.timestamp() >= ticket.work().takenAt;
        shadows.take(assignment, record.key(), traceparent(record), fresh);
        mail.done(ticket);
      } else {
        take(record, assignment, ticket);
      }
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
    if (waiting.join(attempt, ticket)) {
      metrics.duplicate();
      return;
    }
    if (waiting.admit(record, assignment, ticket)) {
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
    caller.start(assignment, record.key(), traceparent(record), tickets);
  }

  private static @Nullable String traceparent(ConsumerRecord<byte[], byte[]> record) {
    return CloudEvents.text(record.headers(), CloudEvents.TRACEPARENT);
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
    List<Ticket> tickets = waiting.leave(result.getId(), work);
    if (tickets.isEmpty()) {
      work.finished.put(result.getId(), place);
    } else {
      finished.put(result.getId(), place);
      tickets.forEach(mail::done);
      metrics.skipped();
    }
  }

  void claimOfFormerOwner(PartitionWork work, String attempt, Claim claim) {
    if (!claim.executor().equals(executor) && !work.finished.containsKey(attempt)) {
      work.claims.put(attempt, claim);
    }
  }

  /** Claims of the dead that nobody waits for bind nobody. */
  void dropDeadClaims(PartitionWork work) {
    waiting.dropDeadClaims(work);
  }

  /** Calls again where the claimant is dead. */
  void lookAfterWaiting(LogFollower follower) {
    waiting.lookAfter(
        follower,
        entry -> {
          metrics.retaken();
          begin(entry.record, entry.assignment, entry.tickets);
        });
  }

  void claimAll() {
    inFlight.values().forEach(caller::claim);
  }

  void forget(PartitionWork work) {
    waiting.forget(work);
  }
}
