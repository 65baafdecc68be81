package io.ligature.executor.stream;

import io.ligature.executor.execution.FinishedAttempts.Finished;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Gets a finished attempt's result: from memory, or from where it stands on the inbox. */
final class StoredResults {

  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration POLL = Duration.ofMillis(200);

  private final Clients clients;

  StoredResults(Clients clients) {
    this.clients = clients;
  }

  /**
   * @param taker gets the record's value, or null when the inbox no longer has it; on this thread
   *     or on another
   */
  void fetch(Finished finished, Consumer<byte @Nullable []> taker) {
    ByteBuffer bytes = finished.result();
    if (bytes != null) {
      byte[] copy = new byte[bytes.remaining()];
      bytes.duplicate().get(copy);
      taker.accept(copy);
    } else {
      Thread.ofVirtual().name("stored-result").start(() -> taker.accept(read(finished)));
    }
  }

  private byte @Nullable [] read(Finished finished) {
    TopicPartition partition = new TopicPartition(clients.topics().inbox(), finished.partition());
    long giveUp = System.nanoTime() + PATIENCE.toNanos();
    try (var consumer = clients.loose()) {
      consumer.assign(List.of(partition));
      consumer.seek(partition, finished.offset());
      while (System.nanoTime() < giveUp) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          return record.offset() == finished.offset() ? record.value() : null;
        }
      }
    }
    return null;
  }
}
