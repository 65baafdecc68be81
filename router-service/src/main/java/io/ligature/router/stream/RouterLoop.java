package io.ligature.router.stream;

import io.ligature.avro.TaskCancel;
import io.ligature.avro.TaskEnvelope;
import io.ligature.avro.TaskResult;
import io.ligature.router.routing.Waiting.Origin;
import io.ligature.schemas.topics.Topics;
import io.ligature.schemas.wire.CloudEvents;
import io.ligature.schemas.wire.UnreadableRecordException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The one thread that reads, decides and writes.
 *
 * <p>It sleeps in {@code poll} and is woken by a record, by a change of the agents' view while
 * tasks wait, by a question from outside, or by its own next timer. Everything else that wants to
 * touch the {@link Dispatcher} puts a change into its queue.
 */
final class RouterLoop implements Runnable, AgentsView.Listener {

  private static final Logger LOG = Logger.getLogger(RouterLoop.class);
  private static final Duration LONGEST_POLL = Duration.ofMillis(500);
  private static final Duration HOUSEKEEPING = Duration.ofSeconds(1);

  private final Clients clients;
  private final Topics topics;
  private final RouterSettings settings;
  private final Clock clock;
  private final RouterMetrics metrics;
  private final Consumer<byte[], byte[]> consumer;
  private final Producer<byte[], byte[]> producer;
  private final KafkaOutbox outbox;
  private final Dispatcher dispatcher;
  private final AgentsView view;
  private final Queue<BiConsumer<Dispatcher, Instant>> changes = new ConcurrentLinkedQueue<>();
  private PartitionWatcher watcher = PartitionWatcher.NONE;
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile boolean joined;
  private volatile boolean stopped;
  private volatile boolean tasksWait;
  private Instant nextCommit;
  private Instant nextHousekeeping;

  RouterLoop(
      Clients clients,
      RouterSettings settings,
      Clock clock,
      RouterMetrics metrics,
      Tracing tracing) {
    this.clients = clients;
    this.topics = clients.topics();
    this.settings = settings;
    this.clock = clock;
    this.metrics = metrics;
    this.consumer = clients.tasks();
    this.producer = clients.producer();
    this.outbox = new KafkaOutbox(producer, topics, clients.codec(), tracing, this::failed);
    this.dispatcher = new Dispatcher(settings, outbox, metrics);
    this.view = new AgentsView(clients, this);
    this.nextCommit = clock.instant();
    this.nextHousekeeping = clock.instant();
  }

  AgentsView view() {
    return view;
  }

  Producer<byte[], byte[]> producer() {
    return producer;
  }

  /** True while it does its work: agents known, in the group, and nothing broken. */
  boolean ready() {
    return view.complete() && joined && !stopped && failure.get() == null;
  }

  @Nullable Throwable failure() {
    return failure.get();
  }

  /** Asks the loop; the answer is computed between two records. */
  <T> CompletableFuture<T> ask(BiFunction<Dispatcher, Instant, T> question) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    changes.add(
        (own, now) -> {
          try {
            answer.complete(question.apply(own, now));
          } catch (RuntimeException e) {
            answer.completeExceptionally(e);
          }
        });
    consumer.wakeup();
    return answer;
  }

  /** Tells which partitions are ours, now and whenever that changes. */
  void watch(PartitionWatcher newWatcher) {
    changes.add(
        (own, now) -> {
          watcher = newWatcher;
          watcher.taken(readyPartitions(consumer.assignment()));
        });
    consumer.wakeup();
  }

  /** Ends the loop in good order and waits for it. */
  boolean stop(Duration patience) throws InterruptedException {
    stopped = true;
    view.stop();
    consumer.wakeup();
    return ended.await(patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void change(BiConsumer<Dispatcher, Instant> change) {
    changes.add(change);
    if (tasksWait) {
      consumer.wakeup();
    }
  }

  @Override
  public void unreadable(ConsumerRecord<byte[], byte[]> record, String reason) {
    putAside(record, reason, () -> {});
  }

  @Override
  public void failed(Throwable cause) {
    if (failure.compareAndSet(null, cause)) {
      LOG.error("the router cannot go on", cause);
    }
    consumer.wakeup();
  }

  @Override
  public void run() {
    Thread follower = Thread.ofPlatform().name("router-agents").start(view);
    try (producer;
        consumer) {
      while (!stopped && failure.get() == null && !view.complete()) {
        nap();
      }
      applyChanges(clock.instant());
      consumer.subscribe(
          List.of(topics.tasksReady(), topics.inbox(), topics.tasksCancelled()), new Rebalance());
      while (!stopped && failure.get() == null) {
        turn();
      }
      leave();
    } catch (RuntimeException | Error e) {
      failed(e);
    } finally {
      view.stop();
      joined = false;
      ended.countDown();
      LOG.infof("router loop ended: failed=%s agentsThread=%s", failure.get() != null, follower);
    }
  }

  /** Before the view is complete there is nothing to route with, and so nothing to read. */
  private void nap() {
    try {
      if (!ended.await(5, TimeUnit.MILLISECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stopped = true;
    }
  }

  private void turn() {
    ConsumerRecords<byte[], byte[]> records = poll();
    Instant now = clock.instant();
    applyChanges(now);
    List<Task> tasks = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      read(record, tasks);
    }
    dispatcher.tick(now);
    dispatcher.placeWaiting(now);
    tasks.sort(Comparator.comparingInt((Task task) -> task.envelope.getPriority()).reversed());
    for (Task task : tasks) {
      dispatcher.ready(task.envelope, task.origin, now);
    }
    tasksWait = dispatcher.waiting() > 0;
    commitIfDue(now);
    pauseOrResume();
    housekeep(now);
  }

  private ConsumerRecords<byte[], byte[]> poll() {
    try {
      return consumer.poll(changes.isEmpty() ? patience() : Duration.ZERO);
    } catch (WakeupException e) {
      return ConsumerRecords.empty();
    }
  }

  private Duration patience() {
    Instant next = dispatcher.nextTimer();
    if (next == null) {
      return LONGEST_POLL;
    }
    Duration until = Duration.between(clock.instant(), next);
    return until.isNegative()
        ? Duration.ZERO
        : until.compareTo(LONGEST_POLL) < 0 ? until : LONGEST_POLL;
  }

  private void applyChanges(Instant now) {
    for (BiConsumer<Dispatcher, Instant> change = changes.poll();
        change != null;
        change = changes.poll()) {
      change.accept(dispatcher, now);
    }
  }

  private void read(ConsumerRecord<byte[], byte[]> record, List<Task> tasks) {
    boolean ready = record.topic().equals(topics.tasksReady());
    if (ready) {
      OffsetTracker offsets = dispatcher.offsets(record.partition());
      if (offsets == null) {
        return;
      }
      offsets.begin(record.offset());
    } else if (record.topic().equals(topics.inbox()) && !tellsResult(record)) {
      return;
    }
    try {
      take(record, clients.codec().decode(record.value()), tasks);
    } catch (UnreadableRecordException e) {
      // The state-service puts unreadable records of the inbox aside; twice would be noise.
      if (!record.topic().equals(topics.inbox())) {
        refuse(record, String.valueOf(e.getMessage()));
      }
    }
  }

  private void take(ConsumerRecord<byte[], byte[]> record, SpecificRecord value, List<Task> tasks) {
    switch (value) {
      case TaskEnvelope envelope when record.topic().equals(topics.tasksReady()) ->
          tasks.add(new Task(envelope, origin(record)));
      case TaskResult result when record.topic().equals(topics.inbox()) ->
          dispatcher.result(record.partition(), result.getId());
      case TaskCancel cancel when record.topic().equals(topics.tasksCancelled()) ->
          dispatcher.cancelled(record.partition(), cancel.getId());
      default -> {
        if (!record.topic().equals(topics.inbox())) {
          refuse(record, value.getSchema().getFullName() + " does not belong on " + record.topic());
        }
      }
    }
  }

  /** Most of the inbox is for the state-service alone; its header saves reading it. */
  private static boolean tellsResult(ConsumerRecord<byte[], byte[]> record) {
    String type = CloudEvents.text(record.headers(), "ce_type");
    return type == null || type.equals(TaskResult.getClassSchema().getFullName());
  }

  private static Origin origin(ConsumerRecord<byte[], byte[]> record) {
    return new Origin(
        record.partition(),
        record.offset(),
        record.key() == null ? "" : new String(record.key(), StandardCharsets.UTF_8),
        CloudEvents.text(record.headers(), CloudEvents.TRACEPARENT));
  }

  private void refuse(ConsumerRecord<byte[], byte[]> record, String reason) {
    Origin origin = origin(record);
    boolean ready = record.topic().equals(topics.tasksReady());
    putAside(
        record,
        reason,
        () -> {
          if (ready) {
            outbox.finished(origin);
          }
        });
  }

  private void putAside(ConsumerRecord<byte[], byte[]> record, String reason, Runnable whenStored) {
    LOG.warnf(
        "unreadable record put aside: topic=%s partition=%d offset=%d reason=\"%s\"",
        record.topic(), record.partition(), record.offset(), reason);
    metrics.deadLetter();
    outbox.deadLetter(record, reason, whenStored);
  }

  private void tickOff() {
    for (Origin done = outbox.nextFinished(); done != null; done = outbox.nextFinished()) {
      dispatcher.finished(done);
    }
  }

  private void commitIfDue(Instant now) {
    tickOff();
    if (now.isBefore(nextCommit)) {
      return;
    }
    nextCommit = now.plus(settings.commitInterval());
    Map<TopicPartition, OffsetAndMetadata> moved = moved(consumer.assignment());
    if (!moved.isEmpty()) {
      consumer.commitAsync(
          moved,
          (offsets, problem) -> {
            if (problem != null) {
              LOG.warnf("offsets not committed, tried again later: %s", problem.toString());
            }
          });
    }
  }

  private Map<TopicPartition, OffsetAndMetadata> moved(Collection<TopicPartition> partitions) {
    Map<TopicPartition, OffsetAndMetadata> moved = new HashMap<>();
    for (TopicPartition each : partitions) {
      OffsetTracker offsets =
          each.topic().equals(topics.tasksReady()) ? dispatcher.offsets(each.partition()) : null;
      if (offsets != null && offsets.movedSinceCommit()) {
        moved.put(each, new OffsetAndMetadata(offsets.position()));
        offsets.committed(offsets.position());
      }
    }
    return moved;
  }

  private void pauseOrResume() {
    boolean full = dispatcher.waiting() >= settings.maxWaiting();
    Set<TopicPartition> pause = new HashSet<>();
    Set<TopicPartition> resume = new HashSet<>();
    Set<TopicPartition> paused = consumer.paused();
    for (TopicPartition each : consumer.assignment()) {
      OffsetTracker offsets =
          each.topic().equals(topics.tasksReady()) ? dispatcher.offsets(each.partition()) : null;
      if (offsets != null) {
        boolean stop = full || offsets.span() >= settings.maxUncommitted();
        if (stop && !paused.contains(each)) {
          pause.add(each);
        } else if (!stop && paused.contains(each)) {
          resume.add(each);
        }
      }
    }
    if (!pause.isEmpty()) {
      LOG.warnf("no more tasks are read: waiting=%d partitions=%s", dispatcher.waiting(), pause);
      consumer.pause(pause);
    }
    if (!resume.isEmpty()) {
      consumer.resume(resume);
    }
  }

  private void housekeep(Instant now) {
    if (now.isBefore(nextHousekeeping)) {
      return;
    }
    nextHousekeeping = now.plus(HOUSEKEEPING);
    metrics.outstanding(dispatcher.fleet());
    long lag = 0;
    for (TopicPartition each : consumer.assignment()) {
      if (each.topic().equals(topics.tasksReady())) {
        lag += consumer.currentLag(each).orElse(0);
      }
    }
    metrics.lag(lag);
  }

  private void leave() {
    if (failure.get() == null) {
      giveBack(consumer.assignment());
    }
  }

  /** Commits what is done, so that the next owner reads little. */
  private void giveBack(Collection<TopicPartition> partitions) {
    if (failure.get() == null) {
      outbox.flush();
    }
    tickOff();
    Map<TopicPartition, OffsetAndMetadata> moved = moved(partitions);
    if (!moved.isEmpty()) {
      commitNow(moved);
    }
  }

  private void commitNow(Map<TopicPartition, OffsetAndMetadata> moved) {
    try {
      consumer.commitSync(moved);
    } catch (WakeupException e) {
      consumer.commitSync(moved);
    } catch (org.apache.kafka.common.KafkaException e) {
      // The next owner reads the log of assignments and forwards the same ones again.
      LOG.warnf("offsets not committed on leaving: %s", e.toString());
    }
  }

  private Set<Integer> readyPartitions(Collection<TopicPartition> partitions) {
    Set<Integer> numbers = new HashSet<>();
    for (TopicPartition each : partitions) {
      if (each.topic().equals(topics.tasksReady())) {
        numbers.add(each.partition());
      }
    }
    return numbers;
  }

  private record Task(TaskEnvelope envelope, Origin origin) {}

  private final class Rebalance implements ConsumerRebalanceListener {

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      Set<Integer> ready = readyPartitions(partitions);
      if (!ready.isEmpty()) {
        Instant now = clock.instant();
        Map<Integer, TailReader.Tail> tails;
        try (TailReader reader = new TailReader(clients)) {
          tails = reader.read(ready, settings.tailSlack(), now);
        }
        tails.forEach(this::start);
        watcher.taken(ready);
      }
      joined = true;
      LOG.infof("partitions assigned: %s", ready);
    }

    private void start(int partition, TailReader.Tail tail) {
      dispatcher.take(partition, tail.position(), tail.assigned());
      consumer.seek(new TopicPartition(topics.tasksReady(), partition), tail.position());
      tail.followFrom()
          .forEach(
              (each, offset) -> {
                if (consumer.assignment().contains(each)) {
                  consumer.seek(each, offset);
                }
              });
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
      giveBack(partitions);
      give(readyPartitions(partitions));
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
      give(readyPartitions(partitions));
    }

    private void give(Set<Integer> partitions) {
      partitions.forEach(dispatcher::give);
      watcher.given(partitions);
    }
  }
}
