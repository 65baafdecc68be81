package io.ligature.approval.stream;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.StandbyUpdateListener;
import org.apache.kafka.streams.processor.StateRestoreListener;
import org.apache.kafka.streams.processor.TaskId;
import org.jboss.logging.Logger;

/** Tells how far shares of the store are restored, and how far copies are behind. */
final class StoreProgress implements StateRestoreListener, StandbyUpdateListener {

  private static final Logger LOG = Logger.getLogger(StoreProgress.class);

  private final ReviewListener listener;
  private final Map<Integer, Long> begun = new ConcurrentHashMap<>();

  StoreProgress(ReviewListener listener) {
    this.listener = listener;
  }

  @Override
  public void onRestoreStart(TopicPartition partition, String store, long from, long to) {
    begun.put(partition.partition(), System.nanoTime());
  }

  @Override
  public void onBatchRestored(TopicPartition partition, String store, long end, long rows) {
    // The end tells all.
  }

  @Override
  public void onRestoreEnd(TopicPartition partition, String store, long rows) {
    Long since = begun.remove(partition.partition());
    Duration took = Duration.ofNanos(since == null ? 0 : System.nanoTime() - since);
    listener.restored(partition.partition(), rows, took);
    LOG.infof("reviews restored: partition=%d rows=%d took=%s", partition.partition(), rows, took);
  }

  @Override
  public void onRestoreSuspended(TopicPartition partition, String store, long rows) {
    begun.remove(partition.partition());
  }

  @Override
  public void onUpdateStart(TopicPartition partition, String store, long from) {
    listener.standbyLag(partition.partition(), 0);
  }

  @Override
  public void onBatchLoaded(
      TopicPartition partition, String store, TaskId task, long end, long rows, long logEnd) {
    listener.standbyLag(partition.partition(), Math.max(0, logEnd - end - 1));
  }

  @Override
  public void onUpdateSuspended(
      TopicPartition partition, String store, long end, long logEnd, SuspendReason reason) {
    listener.standbyLag(partition.partition(), 0);
  }
}
