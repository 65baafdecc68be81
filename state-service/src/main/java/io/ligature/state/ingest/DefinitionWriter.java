package io.ligature.state.ingest;

import io.ligature.avro.WorkflowDefinition;
import io.ligature.schemas.wire.CloudEvents;
import io.ligature.schemas.wire.Payloads;
import io.ligature.schemas.wire.RecordCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Puts new versions of definitions, so that a version number is given once only.
 *
 * <p>Two instances could both see version 3 as the newest and both write a version 4. So every put
 * takes the one transactional id of all writers first: that ends whatever another writer has open
 * and bars it. Only then is the topic read to its end, the number chosen, and the record committed;
 * a writer that was barred in between cannot commit, and starts again (decision 0402).
 */
public final class DefinitionWriter {

  private static final Logger LOG = Logger.getLogger(DefinitionWriter.class);
  private static final int MOST_TRIES = 10;
  private static final Duration READ_TO_END = Duration.ofSeconds(10);

  private final Supplier<Producer<byte[], byte[]>> producers;
  private final DefinitionCatalog catalog;
  private final RecordCodec codec;
  private final String topic;
  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();

  /** What is put. A version in the text is for its readers; it is not looked at. */
  public record Text(String name, String source, String contentType) {}

  /** What came of a put. */
  public sealed interface Outcome {}

  /** It made this version. */
  public record Created(WorkflowDefinition definition) implements Outcome {}

  /** The newest version has the same text. */
  public record Unchanged(WorkflowDefinition definition) implements Outcome {}

  /** Other writers were faster every time. */
  public static final class TooBusyException extends RuntimeException {
    TooBusyException(String message) {
      super(message);
    }
  }

  /**
   * @param producers makes a transactional producer; all instances use one transactional id
   */
  public DefinitionWriter(
      Supplier<Producer<byte[], byte[]>> producers,
      DefinitionCatalog catalog,
      RecordCodec codec,
      String topic,
      InstantSource clock) {
    this.producers = producers;
    this.catalog = catalog;
    this.codec = codec;
    this.topic = topic;
    this.clock = clock;
  }

  /**
   * Makes a new version unless the newest one has the same text.
   *
   * @throws TooBusyException when it lost against other writers too often
   */
  public Outcome put(Text text, String actor) {
    lock.lock();
    try {
      for (int i = 1; i <= MOST_TRIES; i++) {
        Optional<Outcome> outcome = tryPut(text, actor);
        if (outcome.isPresent()) {
          return outcome.get();
        }
      }
      throw new TooBusyException(
          "other writers of definitions were faster " + MOST_TRIES + " times; put it again");
    } finally {
      lock.unlock();
    }
  }

  private Optional<Outcome> tryPut(Text text, String actor) {
    try (Producer<byte[], byte[]> producer = producers.get()) {
      producer.initTransactions();
      awaitEnd();
      WorkflowDefinition newest = catalog.find(text.name, null).orElse(null);
      WorkflowDefinition next = next(text, newest, actor);
      if (newest != null && newest.getSha256().equals(next.getSha256())) {
        return Optional.of(new Unchanged(newest));
      }
      commit(producer, next);
      awaitEnd();
      return Optional.of(new Created(next));
    } catch (ProducerFencedException | InvalidProducerEpochException fenced) {
      LOG.debugf(fenced, "another writer was faster definition=%s", text.name);
      return Optional.empty();
    }
  }

  private WorkflowDefinition next(Text text, @Nullable WorkflowDefinition newest, String actor) {
    return new WorkflowDefinition(
        text.name,
        newest == null ? 1 : newest.getVersion() + 1,
        text.source,
        text.contentType,
        Payloads.sha256(text.source.getBytes(StandardCharsets.UTF_8)),
        clock.instant().truncatedTo(ChronoUnit.MILLIS),
        actor);
  }

  private void commit(Producer<byte[], byte[]> producer, WorkflowDefinition next) {
    String key = DefinitionCatalog.key(next);
    producer.beginTransaction();
    Future<RecordMetadata> sent =
        producer.send(
            new ProducerRecord<>(
                topic,
                null,
                key.getBytes(StandardCharsets.UTF_8),
                codec.encode(next),
                CloudEvents.headers(
                    key, next, "/state-service", next.getCreatedAt(), next.getName(), null)));
    producer.commitTransaction();
    LOG.infof(
        "definition put name=%s version=%d offset=%d",
        next.getName(), next.getVersion(), sent.resultNow().offset());
  }

  private void awaitEnd() {
    try {
      catalog.readToEnd().get(READ_TO_END.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the definitions were read", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException(
          "the definitions could not be read to their end within " + READ_TO_END, e);
    }
  }
}
