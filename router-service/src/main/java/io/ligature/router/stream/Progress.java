package io.ligature.router.stream;

import io.ligature.router.routing.Waiting.Origin;
import io.ligature.schemas.topics.Topics;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jboss.logging.Logger;

/** Commits what is finished, and holds reading back when too much is not. */
final class Progress {

  private static final Logger LOG = Logger.getLogger(Progress.class);

  private final Consumer<byte[], byte[]> consumer;
  private final Topics topics;
  private final RouterSettings settings;
  private final Dispatcher dispatcher;
  private final KafkaOutbox outbox;
  private Instant nextCommit = Instant.MIN;

  Progress(
      Consumer<byte[], byte[]> consumer,
      Topics topics,
      RouterSettings settings,
      Dispatcher dispatcher,
      KafkaOutbox outbox) {
    this.consumer = consumer;
    this.topics = topics;
    this.settings = settings;
    this.dispatcher = dispatcher;
    this.outbox = outbox;
  }

  void commitIfDue(Instant now) {
    tickOff();
    if (now.isBefore(nextCommit)) {
      return;
    }
    nextCommit = now.plus(settings.commitInterval());
    Map<TopicPartition, OffsetAndMetadata> moved = moved(consumer.assignment());
    if (!moved.isEmpty()) {
      consumer.commitAsync(
          moved,
          (offsets, problem) -> {
            if (problem != null) {
              LOG.warnf("offsets not committed, tried again later: %s", problem.toString());
            }
          });
    }
  }

  /** Commits what is done, so that the next owner reads little. */
  void giveBack(Collection<TopicPartition> partitions, boolean failed) {
    if (!failed) {
      outbox.flush();
    }
    tickOff();
    Map<TopicPartition, OffsetAndMetadata> moved = moved(partitions);
    if (!moved.isEmpty()) {
      commitNow(moved);
    }
  }

  void pauseOrResume() {
    boolean full = dispatcher.waiting() >= settings.maxWaiting();
    Set<TopicPartition> pause = new HashSet<>();
    Set<TopicPartition> resume = new HashSet<>();
    Set<TopicPartition> paused = consumer.paused();
    for (TopicPartition each : consumer.assignment()) {
      OffsetTracker offsets =
          each.topic().equals(topics.tasksReady()) ? dispatcher.offsets(each.partition()) : null;
      if (offsets != null) {
        boolean stop = full || offsets.span() >= settings.maxUncommitted();
        if (stop && !paused.contains(each)) {
          pause.add(each);
        } else if (!stop && paused.contains(each)) {
          resume.add(each);
        }
      }
    }
    if (!pause.isEmpty()) {
      LOG.warnf("no more tasks are read: waiting=%d partitions=%s", dispatcher.waiting(), pause);
      consumer.pause(pause);
    }
    if (!resume.isEmpty()) {
      consumer.resume(resume);
    }
  }

  /** Ready records that were not read yet. */
  long lag() {
    long lag = 0;
    for (TopicPartition each : consumer.assignment()) {
      if (each.topic().equals(topics.tasksReady())) {
        lag += consumer.currentLag(each).orElse(0);
      }
    }
    return lag;
  }

  private void tickOff() {
    for (Origin done = outbox.nextFinished(); done != null; done = outbox.nextFinished()) {
      dispatcher.finished(done);
    }
  }

  private Map<TopicPartition, OffsetAndMetadata> moved(Collection<TopicPartition> partitions) {
    Map<TopicPartition, OffsetAndMetadata> moved = new HashMap<>();
    for (TopicPartition each : partitions) {
      OffsetTracker offsets =
          each.topic().equals(topics.tasksReady()) ? dispatcher.offsets(each.partition()) : null;
      if (offsets != null && offsets.movedSinceCommit()) {
        long position = offsets.position();
        moved.put(each, OpenSince.with(position, dispatcher.shares().oldestOpen(each.partition())));
        offsets.committed(position);
      }
    }
    return moved;
  }

  private void commitNow(Map<TopicPartition, OffsetAndMetadata> moved) {
    try {
      consumer.commitSync(moved);
    } catch (WakeupException e) {
      consumer.commitSync(moved);
    } catch (KafkaException e) {
      // The next owner reads the log of assignments and forwards the same ones again.
      LOG.warnf("offsets not committed on leaving: %s", e.toString());
    }
  }
}
