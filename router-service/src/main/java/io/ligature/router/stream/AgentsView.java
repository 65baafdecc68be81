package io.ligature.router.stream;

import io.ligature.avro.AgentRegistration;
import io.ligature.avro.AgentStatus;
import io.ligature.avro.RouterReport;
import io.ligature.schemas.topics.Topics;
import io.ligature.schemas.wire.UnreadableRecordException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jboss.logging.Logger;

/** Follows the compacted topics of agents, their status and routers, and hands every change on. */
final class AgentsView implements Runnable {

  private static final Logger LOG = Logger.getLogger(AgentsView.class);
  private static final Duration POLL = Duration.ofMillis(500);
  private static final Duration TOPICS_PAUSE = Duration.ofSeconds(1);

  /** Takes changes in the order of the log. */
  interface Listener {
    void change(BiConsumer<Dispatcher, Instant> change);

    /** A router has reported. */
    void reported(long offset, RouterReport report);

    /** The reports of routers were read up to an offset. */
    void reportsRead(long end);

    void unreadable(ConsumerRecord<byte[], byte[]> record, String reason);

    void failed(Throwable failure);
  }

  private final Clients clients;
  private final Topics topics;
  private final Listener listener;
  private final Consumer<byte[], byte[]> consumer;
  private final Object moved = new Object();
  private final Map<TopicPartition, Long> positions = new HashMap<>();
  private final Set<TopicPartition> behind = new HashSet<>();
  private volatile boolean complete;
  private volatile boolean stopped;

  AgentsView(Clients clients, Listener listener) {
    this.clients = clients;
    this.topics = clients.topics();
    this.listener = listener;
    this.consumer = clients.loose();
  }

  /** True once everything that stood in the topics at the start has been handed on. */
  boolean complete() {
    return complete;
  }

  /** Waits until the record at the offset has been handed on; false when that took too long. */
  boolean reached(TopicPartition partition, long offset, Duration patience)
      throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    synchronized (moved) {
      while (positions.getOrDefault(partition, 0L) <= offset) {
        long left = (deadline - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
          return false;
        }
        moved.wait(left);
      }
      return true;
    }
  }

  void stop() {
    stopped = true;
    consumer.wakeup();
  }

  @Override
  public void run() {
    try (consumer) {
      Map<TopicPartition, Long> ends = assign();
      while (!stopped) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
          take(record);
        }
        advance(ends);
      }
    } catch (WakeupException e) {
      if (!stopped) {
        listener.failed(e);
      }
    } catch (RuntimeException | Error e) {
      LOG.error("the view of agents stopped", e);
      listener.failed(e);
    }
  }

  private Map<TopicPartition, Long> assign() {
    awaitTopics();
    Set<TopicPartition> all =
        new TreeSet<>(
            Comparator.comparing(TopicPartition::topic).thenComparing(TopicPartition::partition));
    for (String topic : List.of(topics.agents(), topics.agentsStatus(), topics.routers())) {
      consumer
          .partitionsFor(topic)
          .forEach(info -> all.add(new TopicPartition(topic, info.partition())));
    }
    consumer.assign(all);
    consumer.seekToBeginning(all);
    Map<TopicPartition, Long> ends = consumer.endOffsets(all);
    behind.addAll(all);
    return ends;
  }

  /** A topic that is missing when a consumer starts would be noticed minutes later. */
  private void awaitTopics() {
    List<String> byWorkflow =
        List.of(
            topics.tasksReady(),
            topics.inbox(),
            topics.tasksCancelled(),
            topics.tasksAssigned(Topics.DEFAULT_POOL));
    Set<String> all = new TreeSet<>(byWorkflow);
    all.addAll(
        List.of(topics.agents(), topics.agentsStatus(), topics.routers(), topics.deadLetters()));
    Map<String, List<PartitionInfo>> found = consumer.listTopics();
    while (!found.keySet().containsAll(all)) {
      Set<String> missing = new TreeSet<>(all);
      missing.removeAll(found.keySet());
      LOG.warnf("topics are missing, looked for again in %s: %s", TOPICS_PAUSE, missing);
      pause();
      found = consumer.listTopics();
    }
    int reports = found.getOrDefault(topics.routers(), List.of()).size();
    if (reports != 1) {
      throw new IllegalStateException(
          topics.routers()
              + " must have one partition, so that all routers read it in one order, but has "
              + reports
              + "; create it anew with one");
    }
    Map<String, Integer> counts = new TreeMap<>();
    for (String topic : byWorkflow) {
      counts.put(topic, found.getOrDefault(topic, List.of()).size());
    }
    if (Set.copyOf(counts.values()).size() > 1) {
      throw new IllegalStateException(
          "topics keyed by workflow must have equal partition counts, but have "
              + counts
              + "; create them anew with one count");
    }
  }

  private void pause() {
    try {
      Thread.sleep(TOPICS_PAUSE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new WakeupException();
    }
    if (stopped) {
      throw new WakeupException();
    }
  }

  private void advance(Map<TopicPartition, Long> ends) {
    synchronized (moved) {
      for (TopicPartition each : ends.keySet()) {
        positions.put(each, consumer.position(each));
      }
      moved.notifyAll();
    }
    if (!complete) {
      behind.removeIf(each -> consumer.position(each) >= ends.getOrDefault(each, 0L));
      if (behind.isEmpty()) {
        complete = true;
        listener.change((dispatcher, now) -> {});
        listener.reportsRead(ends.getOrDefault(new TopicPartition(topics.routers(), 0), 0L));
      }
    }
  }

  private void take(ConsumerRecord<byte[], byte[]> record) {
    String key = record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
    if (record.value() == null) {
      if (record.topic().equals(topics.routers())) {
        return;
      }
      listener.change((dispatcher, now) -> tombstone(dispatcher, record.topic(), key));
      return;
    }
    try {
      switch (clients.codec().decode(record.value())) {
        case AgentRegistration agent ->
            listener.change((dispatcher, now) -> dispatcher.register(agent));
        case AgentStatus status ->
            listener.change((dispatcher, now) -> dispatcher.report(status, now));
        case RouterReport report when record.topic().equals(topics.routers()) ->
            listener.reported(record.offset(), report);
        case org.apache.avro.specific.SpecificRecord other ->
            listener.unreadable(
                record, other.getSchema().getFullName() + " does not belong on " + record.topic());
      }
    } catch (UnreadableRecordException e) {
      listener.unreadable(record, String.valueOf(e.getMessage()));
    }
  }

  /** The key of a status is {@code agent@executor}. */
  private void tombstone(Dispatcher dispatcher, String topic, String key) {
    if (topic.equals(topics.agents())) {
      dispatcher.remove(key);
      return;
    }
    int at = key.indexOf('@');
    if (at > 0) {
      dispatcher.forgetStatus(key.substring(0, at), key.substring(at + 1));
    }
  }
}
