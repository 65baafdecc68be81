package io.ligature.state.partial;

import io.ligature.avro.TaskPartial;
import io.ligature.schemas.wire.RecordCodec;
import io.ligature.schemas.wire.UnreadableRecordException;
import io.ligature.state.Unavailable;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Utils;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Hands the pieces of answers on {@code ligature.tasks.partial} to those who watch.
 *
 * <p>One consumer reads for all of an instance, and only while somebody watches. It begins at the
 * end of the topic: pieces are for the moment, and what was missed is in the result. Earlier ones
 * are read apart for those who ask for them.
 */
public final class PartialHub implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(PartialHub.class);
  private static final Duration POLL = Duration.ofMillis(100);
  private static final int MOST_READERS = 4;

  private final Supplier<Consumer<byte[], byte[]>> consumers;
  private final RecordCodec codec;
  private final String topic;
  private final Bounds bounds;
  private final Set<Watch> watches = ConcurrentHashMap.newKeySet();
  private final Semaphore readers = new Semaphore(MOST_READERS);
  private @Nullable CompletableFuture<Void> positioned;

  /**
   * Limits.
   *
   * @param watchers at once
   * @param queue pieces that wait for one watcher, and most that are given of earlier ones
   * @param brokerWait for one request
   */
  public record Bounds(int watchers, int queue, Duration brokerWait) {}

  /** There are as many watchers as there may be. */
  public static final class TooManyException extends RuntimeException {
    TooManyException(int most) {
      super(
          most
              + " are watching partial answers already, as many as may"
              + " (ligature.state.partial.max-watchers); ask again later, or another instance");
    }
  }

  /**
   * @param consumers makes a consumer that belongs to no group
   */
  public PartialHub(
      Supplier<Consumer<byte[], byte[]>> consumers,
      RecordCodec codec,
      String topic,
      Bounds bounds) {
    this.consumers = consumers;
    this.codec = codec;
    this.topic = topic;
    this.bounds = bounds;
  }

  /**
   * From now on every piece of that workflow's answers comes to the watch.
   *
   * @param since begins with pieces that were sent since then; null: from now on
   * @throws TooManyException when too many watch
   * @throws Unavailable when the broker is away
   */
  public Watch watch(String root, String workflowId, @Nullable Instant since) {
    Watch watch = new Watch(root, workflowId, bounds.queue(), watches::remove);
    try {
      join(watch).get(bounds.brokerWait().toMillis(), TimeUnit.MILLISECONDS);
      if (since != null) {
        beginWithEarlier(watch, root, workflowId, since);
      }
      return watch;
    } catch (InterruptedException e) {
      watch.close();
      Thread.currentThread().interrupt();
      throw new Unavailable("interrupted while partial answers were waited for", e);
    } catch (ExecutionException | TimeoutException | KafkaException e) {
      watch.close();
      throw new Unavailable("partial answers cannot be read now: " + e.getMessage(), e);
    }
  }

  private synchronized CompletableFuture<Void> join(Watch watch) {
    if (watches.size() >= bounds.watchers()) {
      throw new TooManyException(bounds.watchers());
    }
    watches.add(watch);
    CompletableFuture<Void> current = positioned;
    if (current == null) {
      CompletableFuture<Void> begun = new CompletableFuture<>();
      positioned = begun;
      Thread.ofPlatform().daemon().name("partial-answers").start(() -> read(begun));
      current = begun;
    }
    return current;
  }

  /** False when nobody watches any more: then this reader ends. */
  private synchronized boolean isWatched(CompletableFuture<Void> begun) {
    if (positioned == begun && watches.isEmpty()) {
      positioned = null;
    }
    return positioned == begun;
  }

  /** A reader that gives up takes those with it who watch by it. */
  private synchronized void end(@Nullable CompletableFuture<Void> begun, String reason) {
    if (positioned == begun) {
      positioned = null;
      List.copyOf(watches).forEach(watch -> watch.drop(reason));
    }
  }

  private void read(CompletableFuture<Void> begun) {
    try (Consumer<byte[], byte[]> consumer = consumers.get()) {
      List<TopicPartition> all =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      consumer.assign(all);
      consumer.seekToEnd(all);
      all.forEach(consumer::position);
      begun.complete(null);
      while (isWatched(begun)) {
        consumer.poll(POLL).forEach(this::handOut);
      }
    } catch (RuntimeException e) {
      LOG.warnf(e, "partial answers cannot be read topic=%s", topic);
      end(begun, "partial answers cannot be read now; ask again");
      begun.completeExceptionally(e);
    }
  }

  private void handOut(ConsumerRecord<byte[], byte[]> record) {
    if (record.key() == null) {
      return;
    }
    String key = new String(record.key(), StandardCharsets.UTF_8);
    Piece piece = null;
    for (Watch watch : watches) {
      if (watch.isOf(key)) {
        piece = piece != null ? piece : piece(record);
        if (piece == null) {
          return;
        }
        watch.offer(piece);
      }
    }
  }

  private @Nullable Piece piece(ConsumerRecord<byte[], byte[]> record) {
    try {
      return codec.decode(record.value()) instanceof TaskPartial partial
          ? new Piece(partial, record.offset())
          : null;
    } catch (UnreadableRecordException e) {
      LOG.debugf(e, "a piece cannot be read offset=%d", record.offset());
      return null;
    }
  }

  private void beginWithEarlier(Watch watch, String root, String workflowId, Instant since)
      throws InterruptedException {
    if (!readers.tryAcquire(bounds.brokerWait().toMillis(), TimeUnit.MILLISECONDS)) {
      watch.close();
      throw new Unavailable("too many read earlier partial answers; ask again");
    }
    try (Consumer<byte[], byte[]> consumer = consumers.get()) {
      byte[] key = root.getBytes(StandardCharsets.UTF_8);
      int partitions = consumer.partitionsFor(topic).size();
      TopicPartition at =
          new TopicPartition(topic, Utils.toPositive(Utils.murmur2(key)) % partitions);
      consumer.assign(List.of(at));
      OffsetAndTimestamp from = consumer.offsetsForTimes(Map.of(at, since.toEpochMilli())).get(at);
      long end = consumer.endOffsets(List.of(at)).getOrDefault(at, 0L);
      Deque<Piece> pieces = new ArrayDeque<>();
      if (from != null) {
        consumer.seek(at, from.offset());
        long deadline = System.nanoTime() + bounds.brokerWait().toNanos();
        while (consumer.position(at) < end && System.nanoTime() < deadline) {
          for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
            keep(record, workflowId, end, pieces);
          }
        }
      }
      watch.beginWith(pieces, end);
    } finally {
      readers.release();
    }
  }

  private void keep(
      ConsumerRecord<byte[], byte[]> record, String workflowId, long end, Deque<Piece> pieces) {
    Piece piece = record.offset() < end ? piece(record) : null;
    if (piece != null && piece.partial().getWorkflowId().equals(workflowId)) {
      if (pieces.size() == bounds.queue()) {
        pieces.removeFirst();
      }
      pieces.addLast(piece);
    }
  }

  /** Ends every watch. */
  @Override
  public synchronized void close() {
    end(positioned, "the service stops; ask again");
  }
}
