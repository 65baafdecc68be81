package io.ligature.state.partial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.ligature.avro.TaskPartial;
import io.ligature.schemas.wire.FakeSchemaIds;
import io.ligature.schemas.wire.RecordCodec;
import io.ligature.state.Unavailable;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who watches gets the pieces of their workflow, and holds nobody up. */
class PartialHubTest {

  private static final TopicPartition PARTIAL = new TopicPartition("partial", 0);
  private static final Instant AT = Instant.parse("2026-03-01T10:00:00Z");
  private static final Duration LONG = Duration.ofSeconds(10);
  private static final RecordCodec CODEC = new RecordCodec(new FakeSchemaIds());

  private final FakeTopic topic = new FakeTopic();
  private final AtomicInteger readers = new AtomicInteger();
  private final PartialHub hub = hub(2, 3);

  private PartialHub hub(int watchers, int queue) {
    return new PartialHub(
        () -> {
          readers.incrementAndGet();
          return topic.consumer();
        },
        CODEC,
        PARTIAL.topic(),
        new PartialHub.Bounds(watchers, queue, LONG));
  }

  @AfterEach
  void close() {
    hub.close();
  }

  @Test
  void givesEachWatcherThePiecesOfItsWorkflow() {
    Watch one = hub.watch("w1", "w1", null);
    Watch child = hub.watch("w1", "w1:ask:1", null);
    topic.send("w1", partial("w1", 0, "He"));
    topic.send("w2", partial("w2", 0, "no"));
    topic.send("w1", partial("w1:ask:1", 0, "yes"));
    topic.send("w1", partial("w1", 1, "llo"));

    assertThat(one.next(LONG).partial().getText()).isEqualTo("He");
    assertThat(one.next(LONG).partial().getText()).isEqualTo("llo");
    assertThat(child.next(LONG).partial().getText()).isEqualTo("yes");
    assertThat(one.next(Duration.ZERO)).isNull();
    assertThat(one.dropped()).isNull();
    assertThat(readers).hasValue(1);
  }

  @Test
  void passesOverWhatCannotBeRead() {
    Watch watch = hub.watch("w1", "w1", null);

    topic.sendRaw("w1", "junk".getBytes(StandardCharsets.UTF_8));
    topic.send("w1", partial("w1", 0, "text"));

    assertThat(watch.next(LONG).partial().getText()).isEqualTo("text");
  }

  @Test
  void dropsWhoIsTooSlowAfterWhatItHasAlready() {
    Watch slow = hub.watch("w1", "w1", null);
    Watch other = hub.watch("w2", "w2", null);
    for (int i = 0; i < 5; i++) {
      topic.send("w1", partial("w1", i, "t" + i));
    }
    topic.send("w2", partial("w2", 0, "quick"));

    assertThat(other.next(LONG).partial().getText()).isEqualTo("quick");
    assertThat(Stream.of(0, 1, 2).map(i -> slow.next(LONG).partial().getText()))
        .containsExactly("t0", "t1", "t2");
    assertThat(slow.next(LONG)).isNull();
    assertThat(slow.dropped()).startsWith("the pieces came faster");
  }

  @Test
  void refusesOneMoreThanMayWatchAndTakesTheNextWhenOneHasLeft() {
    Watch first = hub.watch("w1", "w1", null);
    hub.watch("w1", "w1", null);

    assertThatThrownBy(() -> hub.watch("w1", "w1", null))
        .isInstanceOf(PartialHub.TooManyException.class)
        .hasMessageContaining("ligature.state.partial.max-watchers");
    first.close();
    assertThat(hub.watch("w1", "w1", null).dropped()).isNull();
  }

  @Test
  void readsOnlyWhileSomebodyWatches() {
    assertThat(readers).hasValue(0);
    hub.watch("w1", "w1", null).close();
    Awaitility.await().atMost(LONG).until(() -> topic.closed() == 1);

    Watch again = hub.watch("w1", "w1", null);
    topic.send("w1", partial("w1", 0, "again"));

    assertThat(again.next(LONG).partial().getText()).isEqualTo("again");
    assertThat(readers).hasValue(2);
  }

  @Test
  void beginsWithEarlierPiecesTheNewestIfThereAreTooMany() {
    for (int i = 0; i < 5; i++) {
      topic.send("w1", partial("w1", i, "old" + i));
    }

    Watch watch = hub.watch("w1", "w1", AT);
    topic.send("w1", partial("w1", 5, "new"));

    assertThat(Stream.of(0, 1, 2, 3).map(i -> watch.next(LONG).partial().getText()))
        .containsExactly("old2", "old3", "old4", "new");
  }

  @Test
  void refusesWhileTheBrokerIsAway() {
    topic.away = true;

    assertThatThrownBy(() -> hub.watch("w1", "w1", null)).isInstanceOf(Unavailable.class);
    topic.away = false;
    assertThat(hub.watch("w1", "w1", null).dropped()).isNull();
  }

  @Test
  void endsEveryWatchWhenItIsClosed() {
    Watch watch = hub.watch("w1", "w1", null);

    hub.close();

    assertThat(watch.next(LONG)).isNull();
    assertThat(watch.dropped()).isEqualTo("the service stops; ask again");
  }

  private static TaskPartial partial(String workflowId, long sequence, String text) {
    return new TaskPartial(workflowId + "/a#1", workflowId, "ex-1", sequence, text, AT);
  }

  /** One partition; every consumer of it sees what was sent before and after it was made. */
  private static final class FakeTopic {

    private final List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    private final List<Reader> readers = new ArrayList<>();
    private volatile boolean away;

    void send(String key, TaskPartial partial) {
      sendRaw(key, CODEC.encode(partial));
    }

    synchronized void sendRaw(String key, byte[] value) {
      records.add(
          new ConsumerRecord<>(
              PARTIAL.topic(), 0, records.size(), key.getBytes(StandardCharsets.UTF_8), value));
    }

    synchronized Consumer<byte[], byte[]> consumer() {
      if (away) {
        throw new KafkaException("away");
      }
      Reader reader = new Reader();
      readers.add(reader);
      return reader;
    }

    long closed() {
      return made().stream().filter(MockConsumer::closed).count();
    }

    private synchronized List<Reader> made() {
      return List.copyOf(readers);
    }

    synchronized int size() {
      return records.size();
    }

    /** Waits as long for one as a broker would. */
    synchronized List<ConsumerRecord<byte[], byte[]>> from(long offset, Duration timeout) {
      try {
        long end = System.nanoTime() + timeout.toNanos();
        while (records.size() == offset && System.nanoTime() < end) {
          wait(1);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return List.copyOf(records.subList((int) offset, records.size()));
    }

    private final class Reader extends MockConsumer<byte[], byte[]> {
      private long given;

      Reader() {
        super("latest");
        Node node = new Node(0, "localhost", 1);
        updatePartitions(
            PARTIAL.topic(),
            List.of(new PartitionInfo(PARTIAL.topic(), 0, node, new Node[] {node}, new Node[0])));
        given = size();
        updateEndOffsets(Map.of(PARTIAL, given));
        updateBeginningOffsets(Map.of(PARTIAL, 0L));
      }

      @Override
      public synchronized Map<TopicPartition, OffsetAndTimestamp> offsetsForTimes(
          Map<TopicPartition, Long> asked) {
        given = 0;
        return size() == 0 ? Map.of() : Map.of(PARTIAL, new OffsetAndTimestamp(0, 0));
      }

      @Override
      public synchronized ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        for (ConsumerRecord<byte[], byte[]> record : from(given, timeout)) {
          addRecord(record);
          given++;
        }
        return super.poll(Duration.ZERO);
      }
    }
  }
}
