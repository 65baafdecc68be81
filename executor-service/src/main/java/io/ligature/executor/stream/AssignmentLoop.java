package io.ligature.executor.stream;

import io.ligature.executor.stream.PartitionWork.Tail;
import io.ligature.executor.stream.PartitionWork.Ticket;
import io.ligature.schemas.topics.Topics;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;

/**
 * Polls assignments and hands them to the {@link Desk}, commits what is finished, and gives
 * partitions up in good order.
 *
 * <p>One thread owns all of it. What other threads find out (a result is stored, a former owner's
 * log is read) comes in as mail and is taken between two polls. A partition begins only when the
 * inbox has been read from the time of its first record on, to what was its end then; until then,
 * and while there are too many calls, its records wait in a buffer and it is paused.
 */
final class AssignmentLoop implements ConsumerRebalanceListener {

  private static final Logger LOG = Logger.getLogger(AssignmentLoop.class);
  private static final Duration IDLE_POLL = Duration.ofMillis(50);
  private static final Duration BUSY_POLL = Duration.ofMillis(2);

  private final Consumer<byte[], byte[]> consumer;
  private final ExecutorSettings settings;
  private final Desk desk;
  private final Outbox outbox;
  private final Map<TopicPartition, PartitionWork> works = new HashMap<>();
  private final Mail mail;
  private final LogFollower follower;
  private final Clock clock;
  private long nextCommitNanos = System.nanoTime();
  private volatile boolean joined;
  private volatile boolean stopping;
  private volatile boolean abandoning;

  AssignmentLoop(
      Consumer<byte[], byte[]> consumer,
      ExecutorSettings settings,
      Desk desk,
      Outbox outbox,
      Mail mail,
      LogFollower follower,
      Clock clock) {
    this.consumer = consumer;
    this.settings = settings;
    this.desk = desk;
    this.outbox = outbox;
    this.mail = mail;
    this.follower = follower;
    this.clock = clock;
  }

  /** True while it is a member of its group. */
  boolean joined() {
    return joined;
  }

  void stop() {
    stopping = true;
  }

  /** Ends as a killed process does: nothing is claimed, written or committed any more. */
  void abandon() {
    abandoning = true;
    stopping = true;
  }

  void run(Topics topics, String pool) throws InterruptedException {
    try {
      while (!follower.loaded() && !stopping) {
        Thread.sleep(Duration.ofMillis(10));
      }
      String assigned = topics.tasksAssigned(pool);
      checkPartitions(assigned, topics.inbox());
      consumer.subscribe(List.of(assigned), this);
      while (!stopping) {
        turn();
      }
    } finally {
      joined = false;
      close();
    }
  }

  /** The log of an attempt stands in the partition of the same number. */
  private void checkPartitions(String assigned, String inbox) {
    int ours = consumer.partitionsFor(assigned).size();
    int theirs = consumer.partitionsFor(inbox).size();
    if (ours != theirs) {
      throw new IllegalStateException(
          assigned
              + " has "
              + ours
              + " partitions and "
              + inbox
              + " has "
              + theirs
              + "; all topics keyed by workflow need the same number");
    }
  }

  private void turn() {
    boolean busy = desk.isWaiting() || works.values().stream().anyMatch(PartitionWork::hasToWait);
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(busy ? BUSY_POLL : IDLE_POLL)) {
      PartitionWork work = works.get(new TopicPartition(record.topic(), record.partition()));
      if (work != null) {
        work.buffer.add(record);
      }
    }
    joined = joined || consumer.groupMetadata().generationId() > 0;
    mail.read();
    works.values().forEach(this::advance);
    desk.lookAfterWaiting(follower);
    commitWhenDue();
  }

  private void advance(PartitionWork work) {
    if (work.tail == Tail.UNREAD && !work.buffer.isEmpty()) {
      readTail(work, work.buffer.getFirst());
    }
    if (work.tail == Tail.READ) {
      while (!work.buffer.isEmpty()
          && desk.hasRoom()
          && work.tracker.span() < settings.maxUncommitted()) {
        ConsumerRecord<byte[], byte[]> record = work.buffer.removeFirst();
        work.tracker.begin(record.offset());
        desk.take(record, new Ticket(work, record.offset()));
      }
      leaveInboxWhenSettled(work);
    }
    boolean pause = !work.buffer.isEmpty();
    if (pause != work.paused) {
      work.paused = pause;
      if (pause) {
        consumer.pause(List.of(work.partition));
      } else {
        consumer.resume(List.of(work.partition));
      }
    }
  }

  private void readTail(PartitionWork work, ConsumerRecord<byte[], byte[]> first) {
    work.tail = Tail.READING;
    work.following = true;
    Instant from = Instant.ofEpochMilli(first.timestamp()).minus(settings.tailSlack());
    follower.follow(
        work.partition.partition(),
        from,
        () ->
            mail.post(
                () -> {
                  work.tail = Tail.READ;
                  work.tailReadNanos = System.nanoTime();
                }));
  }

  /** Former owners matter no more when all they had claimed has come to an end. */
  private void leaveInboxWhenSettled(PartitionWork work) {
    if (work.following) {
      desk.dropDeadClaims(work);
      if (work.claims.isEmpty()) {
        work.following = false;
        follower.leave(work.partition.partition());
      }
    }
    if (!work.finished.isEmpty()
        && System.nanoTime() - work.tailReadNanos > settings.rememberedAge().toNanos()) {
      work.finished.clear();
    }
  }

  private void commitWhenDue() {
    if (System.nanoTime() - nextCommitNanos < 0) {
      return;
    }
    nextCommitNanos = System.nanoTime() + settings.commitInterval().toNanos();
    Map<TopicPartition, OffsetAndMetadata> offsets = finishedOffsets(works.keySet());
    if (!offsets.isEmpty()) {
      consumer.commitAsync(
          offsets,
          (committed, failure) -> {
            if (failure == null) {
              noteCommitted(committed);
            } else {
              LOG.warnf("offsets not committed, next try soon: %s", failure.toString());
            }
          });
    }
  }

  private Map<TopicPartition, OffsetAndMetadata> finishedOffsets(
      Collection<TopicPartition> partitions) {
    Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
    for (TopicPartition each : partitions) {
      PartitionWork work = works.get(each);
      if (work != null && work.tracker.movedSinceCommit()) {
        offsets.put(each, new OffsetAndMetadata(work.tracker.position()));
      }
    }
    return offsets;
  }

  private void noteCommitted(Map<TopicPartition, OffsetAndMetadata> committed) {
    committed.forEach(
        (each, offset) -> {
          PartitionWork work = works.get(each);
          if (work != null) {
            work.tracker.committed(offset.offset());
          }
        });
  }

  @Override
  public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
    partitions.forEach(each -> works.put(each, new PartitionWork(each, clock.millis())));
    if (!partitions.isEmpty()) {
      LOG.infof("partitions assigned partitions=%s", numbers(partitions));
    }
  }

  /** Every call in flight is claimed and every result stored before the next owner may begin. */
  @Override
  public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
    if (abandoning || partitions.isEmpty()) {
      return;
    }
    desk.claimAll();
    outbox.flush();
    mail.read();
    Map<TopicPartition, OffsetAndMetadata> offsets = finishedOffsets(partitions);
    try {
      if (!offsets.isEmpty()) {
        consumer.commitSync(offsets);
      }
    } catch (RuntimeException e) {
      LOG.warnf("offsets not committed, the next owner reads the results: %s", e.toString());
    }
    forget(partitions);
    LOG.infof("partitions revoked partitions=%s", numbers(partitions));
  }

  @Override
  public void onPartitionsLost(Collection<TopicPartition> partitions) {
    if (!abandoning) {
      desk.claimAll();
    }
    forget(partitions);
    LOG.warnf("partitions lost partitions=%s", numbers(partitions));
  }

  private void forget(Collection<TopicPartition> partitions) {
    for (TopicPartition each : partitions) {
      PartitionWork work = works.remove(each);
      if (work != null) {
        desk.forget(work);
        follower.leave(each.partition());
      }
    }
  }

  private void close() {
    try {
      // A killed process says no goodbye to its group either.
      consumer.close(
          CloseOptions.timeout(Duration.ofSeconds(10))
              .withGroupMembershipOperation(
                  abandoning
                      ? CloseOptions.GroupMembershipOperation.REMAIN_IN_GROUP
                      : CloseOptions.GroupMembershipOperation.DEFAULT));
    } catch (RuntimeException e) {
      LOG.warnf("leaving the group failed: %s", e.toString());
    }
  }

  /** What concerns a partition that is ours and whose log is being read. */
  void onWork(int partition, java.util.function.Consumer<PartitionWork> action) {
    for (PartitionWork work : works.values()) {
      if (work.partition.partition() == partition && work.tail != Tail.UNREAD) {
        action.accept(work);
      }
    }
  }

  private static List<Integer> numbers(Collection<TopicPartition> partitions) {
    List<Integer> numbers = new ArrayList<>();
    partitions.forEach(each -> numbers.add(each.partition()));
    numbers.sort(null);
    return numbers;
  }
}
