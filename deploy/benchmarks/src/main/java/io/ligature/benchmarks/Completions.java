package io.ligature.benchmarks;

import io.ligature.avro.WorkflowCancelled;
import io.ligature.avro.WorkflowCompleted;
import io.ligature.avro.WorkflowEvent;
import io.ligature.avro.WorkflowFailed;
import io.ligature.avro.WorkflowQuarantined;
import io.ligature.avro.WorkflowRefused;
import io.ligature.schemas.wire.RecordCodec;
import io.ligature.schemas.wire.UnreadableRecordException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;

/**
 * Follows the audit events and tells how each workflow ended, as soon as the event is written; it
 * may not be committed yet, as for every reader on the path of dispatch.
 */
final class Completions implements AutoCloseable {

  /** How one workflow ended. */
  record Ending(String workflowId, boolean completed, String how, long seenAtNanos) {}

  private final KafkaConsumer<String, byte[]> consumer;
  private final RecordCodec codec;
  private final Predicate<Ending> listener;
  private final Semaphore ended = new Semaphore(0);
  private final Thread thread;

  /**
   * @param listener called for each ending; true when it is one of those that are waited for
   */
  Completions(String bootstrap, String eventsTopic, RecordCodec codec, Predicate<Ending> listener) {
    this.consumer = KafkaClients.consumer(bootstrap);
    this.codec = codec;
    this.listener = listener;
    List<TopicPartition> all =
        consumer.partitionsFor(eventsTopic).stream()
            .map(partition -> new TopicPartition(eventsTopic, partition.partition()))
            .toList();
    consumer.assign(all);
    consumer.seekToEnd(all);
    all.forEach(consumer::position);
    this.thread = Thread.ofPlatform().name("completions").start(this::follow);
  }

  private void follow() {
    try {
      while (true) {
        for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
          tell(record);
        }
      }
    } catch (WakeupException closing) {
      consumer.close();
    }
  }

  private void tell(ConsumerRecord<String, byte[]> record) {
    WorkflowEvent event;
    try {
      event = (WorkflowEvent) codec.decode(record.value());
    } catch (UnreadableRecordException e) {
      throw new IllegalStateException(record.topic() + " holds what is no event", e);
    }
    Object body = event.getBody();
    boolean completed = body instanceof WorkflowCompleted;
    if (completed || endsBadly(body)) {
      Ending ending =
          new Ending(event.getWorkflowId(), completed, body.toString(), System.nanoTime());
      if (listener.test(ending)) {
        ended.release();
      }
    }
  }

  private static boolean endsBadly(Object body) {
    return body instanceof WorkflowFailed
        || body instanceof WorkflowCancelled
        || body instanceof WorkflowRefused
        || body instanceof WorkflowQuarantined;
  }

  /** False when so many have not ended in time. */
  boolean await(int endings, Duration patience) throws InterruptedException {
    return ended.tryAcquire(endings, patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    consumer.wakeup();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
