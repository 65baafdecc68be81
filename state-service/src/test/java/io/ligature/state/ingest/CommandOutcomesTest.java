package io.ligature.state.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.ligature.avro.CommandRejected;
import io.ligature.avro.WorkflowEvent;
import io.ligature.avro.WorkflowPaused;
import io.ligature.schemas.wire.FakeSchemaIds;
import io.ligature.schemas.wire.RecordCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class CommandOutcomesTest {

  private static final TopicPartition EVENTS = new TopicPartition("events", 0);
  private static final Instant SENT = Instant.parse("2026-03-01T10:00:00Z");
  private static final CommandOutcomes.Question QUESTION =
      new CommandOutcomes.Question("w", "root", "c-1", SENT);

  private final RecordCodec codec = new RecordCodec(new FakeSchemaIds());
  private final Trail trail = new Trail();

  @Test
  void tellsThatACommandTookEffect() {
    trail.add("root", 0, event("w", "c-1", new WorkflowPaused("a look")));

    assertThat(await(trail)).isEqualTo(new CommandOutcomes.TookEffect());
  }

  @Test
  void tellsWhyACommandWasRejected() {
    trail.add("root", 0, event("w", "c-1", new CommandRejected("PauseWorkflow", "it has ended")));

    assertThat(await(trail)).isEqualTo(new CommandOutcomes.Rejected("it has ended"));
  }

  @Test
  void passesOverOtherKeysWorkflowsAndCommandsAndWhatItCannotRead() {
    trail.add("other", 0, event("w", "c-1", new CommandRejected("x", "another key")));
    trail.add("root", 0, event("root", "c-1", new CommandRejected("x", "another workflow")));
    trail.add("root", 0, event("w", "c-0", new CommandRejected("x", "another command")));
    trail.addRaw("root", 0, "junk".getBytes(StandardCharsets.UTF_8));
    trail.add("root", 0, event("w", "c-1", new WorkflowPaused("this one")));

    assertThat(await(trail)).isEqualTo(new CommandOutcomes.TookEffect());
  }

  @Test
  void passesOverAnEarlierCommandOfTheSameId() {
    trail.add("root", -3_000, event("w", "c-1", new CommandRejected("x", "long ago")));
    trail.add("root", 1, event("w", "c-1", new WorkflowPaused("now")));

    assertThat(await(trail)).isEqualTo(new CommandOutcomes.TookEffect());
  }

  @Test
  void doesNotKnowWhatTheTrailDoesNotTell() {
    assertThat(await(trail)).isEqualTo(new CommandOutcomes.Unknown());
  }

  @Test
  void doesNotKnowWhileTheBrokerIsAway() {
    trail.setPollException(new KafkaException("away"));

    assertThat(await(trail)).isEqualTo(new CommandOutcomes.Unknown());
  }

  private CommandOutcomes.Outcome await(Consumer<byte[], byte[]> consumer) {
    return new CommandOutcomes(() -> consumer, codec, "events", Duration.ofMillis(300))
        .await(QUESTION);
  }

  private static WorkflowEvent event(String workflowId, String causeId, SpecificRecord body) {
    return new WorkflowEvent(workflowId, "root", 1L, SENT, "ann", "x", causeId, body);
  }

  /** The one partition of the audit trail, which can be sought by time as a broker's. */
  private final class Trail extends MockConsumer<byte[], byte[]> {

    private long next;
    private Optional<OffsetAndTimestamp> first = Optional.empty();

    Trail() {
      super("earliest");
      Node node = new Node(0, "localhost", 1);
      updatePartitions(
          EVENTS.topic(),
          List.of(
              new PartitionInfo(EVENTS.topic(), 0, node, new Node[] {node}, new Node[] {node})));
      updateEndOffsets(Map.of(EVENTS, 0L));
      schedulePollTask(() -> {});
    }

    void add(String key, long afterSent, SpecificRecord record) {
      addRaw(key, afterSent, codec.encode(record));
    }

    void addRaw(String key, long afterSent, byte[] value) {
      long timestamp = SENT.toEpochMilli() + afterSent;
      byte[] keyBytes = key.getBytes(StandardCharsets.UTF_8);
      long offset = next++;
      schedulePollTask(
          () ->
              addRecord(
                  new ConsumerRecord<>(
                      EVENTS.topic(),
                      0,
                      offset,
                      timestamp,
                      TimestampType.CREATE_TIME,
                      keyBytes.length,
                      value.length,
                      keyBytes,
                      value,
                      new RecordHeaders(),
                      Optional.empty())));
      if (first.isEmpty() && timestamp >= SENT.toEpochMilli() - 2_000) {
        first = Optional.of(new OffsetAndTimestamp(offset, timestamp));
      }
    }

    @Override
    public synchronized Map<TopicPartition, OffsetAndTimestamp> offsetsForTimes(
        Map<TopicPartition, Long> asked) {
      assertThat(asked).isEqualTo(Map.of(EVENTS, SENT.toEpochMilli() - 2_000));
      return first.map(found -> Map.of(EVENTS, found)).orElse(Map.of());
    }
  }
}
