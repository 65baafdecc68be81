package io.ligature.state.ingest;

import io.ligature.avro.WorkflowDefinition;
import io.ligature.schemas.wire.RecordCodec;
import io.ligature.schemas.wire.UnreadableRecordException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * All definitions, kept in memory from the whole of {@code ligature.definitions}.
 *
 * <p>One thread reads every partition from its beginning. Whoever must not act on an old view asks
 * for {@link #readToEnd()}: the thread takes the ends of the partitions at that moment and
 * completes the future when it has read up to them.
 */
public final class DefinitionCatalog implements AutoCloseable {

  private static final Logger LOG = Logger.getLogger(DefinitionCatalog.class);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration PAUSE_AFTER_FAULT = Duration.ofSeconds(1);

  private final Supplier<Consumer<byte[], byte[]>> consumers;
  private final RecordCodec codec;
  private final String topic;
  private final Map<String, NavigableMap<Integer, WorkflowDefinition>> byName =
      new ConcurrentHashMap<>();
  private final Queue<CompletableFuture<Void>> asked = new ConcurrentLinkedQueue<>();
  private final Queue<Barrier> barriers = new ArrayDeque<>();
  private final CompletableFuture<Void> complete = new CompletableFuture<>();
  private final Thread reader;
  private volatile boolean closed;
  private volatile @Nullable Consumer<byte[], byte[]> current;

  private record Barrier(Map<TopicPartition, Long> ends, CompletableFuture<Void> reached) {}

  /**
   * @param consumers makes a consumer that reads committed records and belongs to no group
   */
  public DefinitionCatalog(
      Supplier<Consumer<byte[], byte[]>> consumers, RecordCodec codec, String topic) {
    this.consumers = consumers;
    this.codec = codec;
    this.topic = topic;
    asked.add(complete);
    this.reader = Thread.ofPlatform().daemon().name("definitions").unstarted(this::run);
  }

  public void start() {
    reader.start();
  }

  /** True when the topic was once read to its end. */
  public boolean ready() {
    return complete.isDone();
  }

  /**
   * @param version null: the newest
   */
  public Optional<WorkflowDefinition> find(String name, @Nullable Integer version) {
    NavigableMap<Integer, WorkflowDefinition> versions = byName.get(name);
    if (versions == null) {
      return Optional.empty();
    }
    Map.Entry<Integer, WorkflowDefinition> newest = versions.lastEntry();
    return version == null
        ? Optional.ofNullable(newest).map(Map.Entry::getValue)
        : Optional.ofNullable(versions.get(version));
  }

  /**
   * As {@link #find}, but a definition that is not in the view is looked for once more when all
   * there is has been read. Waits as long as that takes.
   */
  public Optional<WorkflowDefinition> surely(String name, @Nullable Integer version) {
    Optional<WorkflowDefinition> found = find(name, version);
    if (found.isEmpty() || !ready()) {
      readToEnd().join();
      found = find(name, version);
    }
    return found;
  }

  /** The newest version of each definition, by name. */
  public List<WorkflowDefinition> newest() {
    return byName.keySet().stream().sorted().flatMap(name -> find(name, null).stream()).toList();
  }

  /** Versions there are of one definition, oldest first. */
  public List<Integer> versions(String name) {
    NavigableMap<Integer, WorkflowDefinition> versions = byName.get(name);
    return versions == null ? List.of() : List.copyOf(versions.keySet());
  }

  /** Completes when everything that was committed before the call is in the view. */
  public CompletableFuture<Void> readToEnd() {
    CompletableFuture<Void> reached = new CompletableFuture<>();
    asked.add(reached);
    Consumer<byte[], byte[]> consumer = current;
    if (consumer != null) {
      consumer.wakeup();
    }
    return reached;
  }

  @Override
  public void close() {
    closed = true;
    Consumer<byte[], byte[]> consumer = current;
    if (consumer != null) {
      consumer.wakeup();
    }
    try {
      reader.join(Duration.ofSeconds(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    while (!closed) {
      try (Consumer<byte[], byte[]> consumer = consumers.get()) {
        assign(consumer);
        current = consumer;
        while (!closed) {
          turn(consumer);
        }
      } catch (RuntimeException fault) {
        if (!closed) {
          LOG.warnf(fault, "the definitions cannot be read; trying again topic=%s", topic);
          pause();
        }
      } finally {
        current = null;
      }
    }
  }

  private void assign(Consumer<byte[], byte[]> consumer) {
    List<PartitionInfo> partitions = consumer.partitionsFor(topic);
    if (partitions == null || partitions.isEmpty()) {
      throw new IllegalStateException("there is no topic " + topic);
    }
    List<TopicPartition> all =
        partitions.stream().map(info -> new TopicPartition(topic, info.partition())).toList();
    consumer.assign(all);
    consumer.seekToBeginning(all);
    // Barriers of an earlier consumer know nothing of this one's position; they are taken anew.
    barriers.forEach(barrier -> asked.add(barrier.reached));
    barriers.clear();
  }

  /** A wakeup only shortens a wait: what it interrupted is done at the next turn. */
  private void turn(Consumer<byte[], byte[]> consumer) {
    try {
      raiseBarriers(consumer);
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        take(record);
      }
      barriers.removeIf(barrier -> reached(consumer, barrier));
    } catch (WakeupException shortened) {
      LOG.trace("woken up");
    }
  }

  private void raiseBarriers(Consumer<byte[], byte[]> consumer) {
    for (CompletableFuture<Void> next = asked.peek(); next != null; next = asked.peek()) {
      barriers.add(new Barrier(consumer.endOffsets(consumer.assignment()), next));
      asked.remove();
    }
  }

  private static boolean reached(Consumer<byte[], byte[]> consumer, Barrier barrier) {
    boolean reached =
        barrier.ends.entrySet().stream()
            .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    return reached && barrier.reached.complete(null);
  }

  private void take(ConsumerRecord<byte[], byte[]> record) {
    if (record.value() == null) {
      forget(record.key());
      return;
    }
    try {
      if (codec.decode(record.value()) instanceof WorkflowDefinition definition) {
        byName
            .computeIfAbsent(definition.getName(), any -> new ConcurrentSkipListMap<>())
            .put(definition.getVersion(), definition);
        return;
      }
      warn(record, "not a WorkflowDefinition");
    } catch (UnreadableRecordException e) {
      warn(record, e.getMessage());
    }
  }

  private void forget(byte @Nullable [] key) {
    String text = key == null ? "" : new String(key, StandardCharsets.UTF_8);
    Collection<NavigableMap<Integer, WorkflowDefinition>> all = byName.values();
    all.forEach(versions -> versions.values().removeIf(one -> key(one).equals(text)));
  }

  /** The record key of a definition on its topic. */
  static String key(WorkflowDefinition definition) {
    return definition.getName() + ":" + definition.getVersion();
  }

  private static void warn(ConsumerRecord<byte[], byte[]> record, @Nullable String reason) {
    LOG.warnf(
        "unreadable definition left out topic=%s partition=%d offset=%d reason=%s",
        record.topic(), record.partition(), record.offset(), reason);
  }

  private static void pause() {
    try {
      TimeUnit.NANOSECONDS.sleep(PAUSE_AFTER_FAULT.toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
