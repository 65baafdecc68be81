package io.ligature.router.stream;

import io.ligature.avro.AgentStatistics;
import io.ligature.avro.StatisticsPosition;
import io.ligature.avro.WorkflowEvent;
import io.ligature.router.statistics.AgentAt;
import io.ligature.router.statistics.EventFold;
import io.ligature.router.statistics.Figures;
import io.ligature.router.statistics.HalfLife;
import io.ligature.schemas.topics.Topics;
import io.ligature.schemas.wire.UnreadableRecordException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.jboss.logging.Logger;

/**
 * Folds the events of the partitions that this router has, tells the others what it counted, and
 * adds up what all of them tell. One thread of its own: routing goes on without it.
 *
 * <p>What is counted is kept on the compacted topic of statistics and nowhere else. Each record of
 * it says up to which offset it has counted, and the position of a partition is written only after
 * all records that had changed. So whoever takes a partition over reads the events again from the
 * position on and counts none of them twice. Whatever goes wrong here is logged, and the follower
 * begins anew from the topic.
 */
final class StatisticsFollower implements Runnable, PartitionWatcher {

  private static final Logger LOG = Logger.getLogger(StatisticsFollower.class);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration PAUSE = Duration.ofSeconds(5);
  private static final Duration TOPICS_PAUSE = Duration.ofSeconds(1);

  /** Older events have faded to a thousandth. */
  private static final int HALF_LIVES_READ = 10;

  private static final double FADED = 1e-3;

  /** Takes what is known of an agent whenever that changes. */
  interface Listener {
    void changed(Map<AgentAt, Figures> figures);
  }

  private final Clients clients;
  private final Topics topics;
  private final StatisticsSettings settings;
  private final HalfLife halfLife;
  private final Clock clock;
  private final StatisticsMetrics metrics;
  private final Listener listener;
  private final Set<Integer> owned = ConcurrentHashMap.newKeySet();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final CountDownLatch stopping = new CountDownLatch(1);
  private volatile StatisticsView view;

  StatisticsFollower(
      Clients clients,
      StatisticsSettings settings,
      Clock clock,
      StatisticsMetrics metrics,
      Listener listener) {
    this.clients = clients;
    this.topics = clients.topics();
    this.settings = settings;
    this.halfLife = new HalfLife(settings.halfLife());
    this.clock = clock;
    this.metrics = metrics;
    this.listener = listener;
    this.view = new StatisticsView(halfLife);
  }

  StatisticsView view() {
    return view;
  }

  @Override
  public void taken(Set<Integer> partitions) {
    owned.addAll(partitions);
  }

  @Override
  public void given(Set<Integer> partitions) {
    owned.removeAll(partitions);
  }

  boolean stop(Duration patience) throws InterruptedException {
    stopping.countDown();
    return ended.await(patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void run() {
    try {
      while (!stopped()) {
        try (Session session = new Session()) {
          session.run();
        } catch (InterruptException e) {
          return;
        } catch (RuntimeException e) {
          LOG.errorf(e, "statistics begin anew in %s", PAUSE);
          rest(PAUSE);
        }
      }
    } finally {
      ended.countDown();
    }
  }

  private boolean stopped() {
    return stopping.getCount() == 0;
  }

  private void rest(Duration pause) {
    try {
      if (stopping.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.debug("stopped while resting");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stopping.countDown();
    }
  }

  /** From one beginning to the next. */
  private final class Session implements AutoCloseable {

    private final Consumer<byte[], byte[]> consumer = clients.committed();
    private final Producer<byte[], byte[]> producer = clients.producer();
    private final StatisticsOutbox outbox =
        new StatisticsOutbox(producer, topics, clients.codec(), clock);
    private final StatisticsView seen = new StatisticsView(halfLife);
    private final Set<TopicPartition> told = new HashSet<>();
    private final Map<Integer, EventFold> folds = new HashMap<>();
    private final Map<Integer, Map<TopicPartition, Long>> barriers = new HashMap<>();
    private final Set<AgentAt> changed = new HashSet<>();
    private Instant nextPublish = clock.instant();
    private Instant nextRefresh = clock.instant();

    void run() {
      if (!awaitTopics()) {
        return;
      }
      consumer
          .partitionsFor(topics.agentsStatistics())
          .forEach(info -> told.add(new TopicPartition(info.topic(), info.partition())));
      consumer.assign(told);
      consumer.seekToBeginning(told);
      Map<TopicPartition, Long> ends = consumer.endOffsets(told);
      while (!stopped() && !reached(ends)) {
        consumer.poll(POLL).forEach(this::take);
      }
      view = seen;
      changed.addAll(seen.keys());
      while (!stopped()) {
        turn();
      }
    }

    private void turn() {
      outbox.check();
      follow();
      consumer.poll(POLL).forEach(this::take);
      folds.forEach((partition, fold) -> fold.passed(consumer.position(events(partition))));
      Instant now = clock.instant();
      if (!now.isBefore(nextPublish)) {
        nextPublish = now.plus(settings.publishInterval());
        publish();
      }
      if (!now.isBefore(nextRefresh)) {
        nextRefresh = now.plus(settings.refreshInterval());
        folds.values().forEach(fold -> fold.dropFaded(now, FADED));
        changed.addAll(seen.keys());
      }
      tell(now);
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
      if (told.contains(new TopicPartition(record.topic(), record.partition()))) {
        takeTold(record);
        return;
      }
      EventFold fold = folds.get(record.partition());
      if (fold != null && decoded(record) instanceof WorkflowEvent event) {
        long before = fold.unattributed();
        fold.take(event, record.offset());
        metrics.folded(fold.unattributed() - before);
      }
    }

    private void takeTold(ConsumerRecord<byte[], byte[]> record) {
      String key = record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8);
      if (record.value() == null) {
        StatisticsOutbox.Key told = StatisticsOutbox.Key.parse(key);
        if (told != null) {
          seen.remove(told.at(), told.partition());
          changed.add(told.at());
        }
        return;
      }
      switch (decoded(record)) {
        case AgentStatistics statistics -> {
          AgentAt at = AgentAt.of(statistics);
          EventFold fold = folds.get(statistics.getPartition());
          if (seen.take(statistics)) {
            changed.add(at);
          } else if (fold != null) {
            fold.writeAgain(at);
          }
        }
        case StatisticsPosition position -> seen.take(position);
        case null, default -> {}
      }
    }

    private @org.jspecify.annotations.Nullable SpecificRecord decoded(
        ConsumerRecord<byte[], byte[]> record) {
      try {
        return clients.codec().decode(record.value());
      } catch (UnreadableRecordException e) {
        LOG.warnf(
            "not counted, for it is unreadable: topic=%s partition=%d offset=%d reason=\"%s\"",
            record.topic(), record.partition(), record.offset(), e.getMessage());
        return null;
      }
    }

    /** Takes up the partitions that are ours now, and lets go of the others. */
    private void follow() {
      Set<Integer> wanted = Set.copyOf(owned);
      boolean moved = folds.keySet().retainAll(wanted);
      barriers.keySet().retainAll(wanted);
      for (int partition : wanted) {
        if (!folds.containsKey(partition) && knowsAllOf(partition)) {
          moved = true;
          begin(partition);
        }
      }
      if (moved) {
        Set<TopicPartition> all = new HashSet<>(told);
        folds.keySet().forEach(each -> all.add(events(each)));
        consumer.assign(all);
      }
    }

    /** What the former owner has told up to now must be known before the partition is folded. */
    private boolean knowsAllOf(int partition) {
      Map<TopicPartition, Long> barrier =
          barriers.computeIfAbsent(partition, any -> consumer.endOffsets(told));
      return reached(barrier);
    }

    private boolean reached(Map<TopicPartition, Long> offsets) {
      return offsets.entrySet().stream()
          .allMatch(each -> consumer.position(each.getKey()) >= each.getValue());
    }

    private void begin(int partition) {
      barriers.remove(partition);
      TopicPartition events = events(partition);
      Set<TopicPartition> more = new HashSet<>(consumer.assignment());
      more.add(events);
      consumer.assign(more);
      long first = consumer.beginningOffsets(Set.of(events)).getOrDefault(events, 0L);
      long end = consumer.endOffsets(Set.of(events)).getOrDefault(events, 0L);
      StatisticsPosition position = seen.position(partition);
      if (position != null && position.getNextOffset() > end) {
        LOG.warnf("the events were made anew, statistics begin anew: partition=%d", partition);
        seen.of(partition).forEach(each -> outbox.remove(AgentAt.of(each), partition));
        position = null;
      }
      long countFrom = position == null ? recent(events, first, end) : position.getNextOffset();
      long readFrom = position == null ? countFrom : Math.max(first, position.getReadFrom());
      EventFold fold =
          new EventFold(
              halfLife, settings.maxTracked(), settings.maxOpen(), settings.lookBack(), countFrom);
      if (position != null) {
        seen.of(partition).forEach(fold::restore);
      }
      folds.put(partition, fold);
      consumer.seek(events, readFrom);
      LOG.infof(
          "statistics of partition=%d: readFrom=%d countFrom=%d", partition, readFrom, countFrom);
    }

    /** Without a position, the first event that is not too old to count. */
    private long recent(TopicPartition events, long first, long end) {
      Instant from = clock.instant().minus(settings.halfLife().multipliedBy(HALF_LIVES_READ));
      OffsetAndTimestamp at =
          consumer.offsetsForTimes(Map.of(events, Math.max(0, from.toEpochMilli()))).get(events);
      return at == null ? end : Math.max(first, at.offset());
    }

    private void publish() {
      long lag = 0;
      for (Map.Entry<Integer, EventFold> each : folds.entrySet()) {
        int partition = each.getKey();
        if (owned.contains(partition)) {
          outbox.publish(partition, each.getValue());
        }
        lag += consumer.currentLag(events(partition)).orElse(0);
      }
      metrics.lag(lag);
    }

    private void tell(Instant now) {
      if (changed.isEmpty()) {
        return;
      }
      Map<AgentAt, Figures> figures = new HashMap<>();
      changed.forEach(each -> figures.put(each, seen.sum(each).at(now)));
      changed.clear();
      metrics.show(figures, seen.keys());
      listener.changed(figures);
    }

    private boolean awaitTopics() {
      Set<String> wanted = Set.of(topics.events(), topics.agentsStatistics());
      boolean said = false;
      while (!consumer.listTopics().keySet().containsAll(wanted)) {
        if (!said) {
          LOG.warnf("no statistics until these topics are there: %s", wanted);
          said = true;
        }
        rest(TOPICS_PAUSE);
        if (stopped()) {
          return false;
        }
      }
      return !stopped();
    }

    private TopicPartition events(int partition) {
      return new TopicPartition(topics.events(), partition);
    }

    @Override
    public void close() {
      consumer.close();
      producer.close(Duration.ofSeconds(5));
    }
  }
}
