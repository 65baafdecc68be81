package io.ligature.executor.stream;

import io.ligature.avro.TaskEnvelope;
import io.ligature.avro.TaskPartial;
import io.ligature.schemas.wire.CloudEvents;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Pieces of answers that are still being written, for people who watch. They are collected for an
 * interval and sent by a thread of their own, with a producer that gives up soon: a call never
 * waits for them, and losing some loses nothing else.
 */
final class Partials {

  private static final Logger LOG = Logger.getLogger(Partials.class);

  private final String executor;
  private final Clients clients;
  private final Duration interval;
  private final int bytesPerCall;
  private final ExecutorMetrics metrics;
  private final Clock clock;
  private final Set<Stream> waiting = ConcurrentHashMap.newKeySet();
  private final ScheduledThreadPoolExecutor timer =
      new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().daemon().name("partials").factory());

  /** Made when the first piece comes; the timer's thread alone. */
  private @Nullable Producer<byte[], byte[]> producer;

  Partials(
      String executor,
      Clients clients,
      Duration interval,
      int bytesPerCall,
      ExecutorMetrics metrics,
      Clock clock) {
    this.executor = executor;
    this.clients = clients;
    this.interval = interval;
    this.bytesPerCall = bytesPerCall;
    this.metrics = metrics;
    this.clock = clock;
  }

  /** The pieces of one call. */
  final class Stream {
    private final byte[] key;
    private final TaskEnvelope envelope;
    private final StringBuilder collected = new StringBuilder();
    private int left = bytesPerCall;
    private long sequence;
    private boolean closed;

    private Stream(byte[] key, TaskEnvelope envelope) {
      this.key = key;
      this.envelope = envelope;
    }

    /** Any thread; returns at once. */
    void add(String text) {
      synchronized (this) {
        if (closed || text.isEmpty()) {
          return;
        }
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > left) {
          // A hole would read as if nothing was missing: what comes after it stays out as well.
          left = 0;
          metrics.partialDropped(bytes);
          return;
        }
        left -= bytes;
        collected.append(text);
      }
      waiting.add(this);
    }

    /** What was collected is still sent. */
    void close() {
      synchronized (this) {
        closed = true;
        if (collected.isEmpty()) {
          return;
        }
      }
      try {
        timer.execute(() -> send(this));
      } catch (RejectedExecutionException e) {
        LOG.debugf("pieces lost at the end attempt=%s", envelope.getId());
      }
    }

    private synchronized @Nullable TaskPartial take(Instant now) {
      if (collected.isEmpty()) {
        return null;
      }
      TaskPartial partial =
          new TaskPartial(
              envelope.getId(),
              envelope.getContext().getWorkflowId(),
              executor,
              sequence++,
              collected.toString(),
              now);
      collected.setLength(0);
      return partial;
    }
  }

  Stream open(byte[] key, TaskEnvelope envelope) {
    return new Stream(key, envelope);
  }

  void start() {
    var _ =
        timer.scheduleWithFixedDelay(
            () -> waiting.forEach(this::send),
            interval.toNanos(),
            interval.toNanos(),
            TimeUnit.NANOSECONDS);
  }

  void stop() throws InterruptedException {
    timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    timer.shutdown();
    timer.awaitTermination(2, TimeUnit.SECONDS);
    timer.shutdownNow();
    if (timer.isTerminated() && producer != null) {
      producer.close(Duration.ofSeconds(1));
    }
  }

  private void send(Stream stream) {
    waiting.remove(stream);
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    TaskPartial partial = stream.take(now);
    if (partial == null) {
      return;
    }
    try {
      if (producer == null) {
        producer = clients.looseProducer();
      }
      var _ = producer.send(record(stream.key, partial, now), (_, failure) -> lost(failure));
    } catch (RuntimeException e) {
      lost(e);
    }
  }

  private ProducerRecord<byte[], byte[]> record(byte[] key, TaskPartial partial, Instant now) {
    return new ProducerRecord<>(
        clients.topics().tasksPartial(),
        null,
        key,
        clients.codec().encode(partial),
        CloudEvents.headers(
            partial.getId() + "/partial/" + executor + "/" + partial.getSequence(),
            partial,
            "/" + Outbox.SERVICE + "/" + executor,
            now,
            partial.getWorkflowId(),
            null));
  }

  private static void lost(@Nullable Exception failure) {
    if (failure != null) {
      LOG.debugf("a piece of an answer was not sent: %s", failure.toString());
    }
  }
}
