package io.ligature.state.ingest;

import io.ligature.avro.CommandRejected;
import io.ligature.avro.WorkflowEvent;
import io.ligature.schemas.wire.RecordCodec;
import io.ligature.schemas.wire.UnreadableRecordException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Utils;
import org.jboss.logging.Logger;

/**
 * What became of a command, as the audit trail tells: committed events only, so that it is never
 * undone.
 *
 * <p>Reads the workflow's partition of {@code ligature.events} from the instant of the command on.
 * Few do so at a time; whoever finds no place within the wait gets {@link Unknown}.
 */
public final class CommandOutcomes {

  private static final Logger LOG = Logger.getLogger(CommandOutcomes.class);
  private static final int MOST_READERS = 4;
  private static final Duration POLL = Duration.ofMillis(100);

  /** How far the clock that stamps a topic's records may be behind ours. */
  private static final Duration CLOCKS = Duration.ofSeconds(2);

  private final Supplier<Consumer<byte[], byte[]>> consumers;
  private final RecordCodec codec;
  private final String topic;
  private final Duration wait;
  private final Semaphore readers = new Semaphore(MOST_READERS);

  /**
   * Which command.
   *
   * @param root key of the workflow's records
   * @param since nothing came of it before
   */
  public record Question(String workflowId, String root, String commandId, Instant since) {}

  /** What became of a command. */
  public sealed interface Outcome {}

  /** It changed the workflow. */
  public record TookEffect() implements Outcome {}

  /** It changed nothing, and why. */
  public record Rejected(String reason) implements Outcome {}

  /** The trail does not tell yet. */
  public record Unknown() implements Outcome {}

  /**
   * @param consumers makes a consumer that reads committed records and belongs to no group
   * @param wait longest for one command
   */
  public CommandOutcomes(
      Supplier<Consumer<byte[], byte[]>> consumers,
      RecordCodec codec,
      String topic,
      Duration wait) {
    this.consumers = consumers;
    this.codec = codec;
    this.topic = topic;
    this.wait = wait;
  }

  /** Waits until the trail tells, or the wait is over. */
  public Outcome await(Question question) {
    long deadline = System.nanoTime() + wait.toNanos();
    try {
      if (!readers.tryAcquire(wait.toMillis(), TimeUnit.MILLISECONDS)) {
        return new Unknown();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Unknown();
    }
    try (Consumer<byte[], byte[]> consumer = consumers.get()) {
      return read(consumer, question, deadline);
    } catch (KafkaException e) {
      // The command is safe on the inbox; only its outcome is not known here.
      LOG.warnf(
          "the outcome of a command cannot be read commandId=%s fault=%s", question.commandId, e);
      return new Unknown();
    } finally {
      readers.release();
    }
  }

  private Outcome read(Consumer<byte[], byte[]> consumer, Question question, long deadline) {
    byte[] key = question.root.getBytes(StandardCharsets.UTF_8);
    int partitions = consumer.partitionsFor(topic).size();
    TopicPartition at =
        new TopicPartition(topic, Utils.toPositive(Utils.murmur2(key)) % partitions);
    consumer.assign(List.of(at));
    seek(consumer, at, question.since.minus(CLOCKS));
    while (System.nanoTime() < deadline) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        Optional<Outcome> outcome =
            Arrays.equals(record.key(), key) ? outcome(record.value(), question) : Optional.empty();
        if (outcome.isPresent()) {
          return outcome.get();
        }
      }
    }
    return new Unknown();
  }

  private static void seek(Consumer<byte[], byte[]> consumer, TopicPartition at, Instant from) {
    OffsetAndTimestamp first =
        consumer.offsetsForTimes(Map.of(at, Math.max(0, from.toEpochMilli()))).get(at);
    if (first == null) {
      consumer.seekToEnd(List.of(at));
    } else {
      consumer.seek(at, first.offset());
    }
  }

  private Optional<Outcome> outcome(byte[] value, Question question) {
    try {
      if (!(codec.decode(value) instanceof WorkflowEvent event)
          || !event.getWorkflowId().equals(question.workflowId)
          || !event.getCauseId().equals(question.commandId)) {
        return Optional.empty();
      }
      return Optional.of(
          event.getBody() instanceof CommandRejected rejected
              ? new Rejected(rejected.getReason())
              : new TookEffect());
    } catch (UnreadableRecordException e) {
      return Optional.empty();
    }
  }
}
