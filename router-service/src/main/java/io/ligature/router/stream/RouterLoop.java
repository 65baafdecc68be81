package io.ligature.router.stream;

import io.ligature.avro.RouterReport;
import io.ligature.schemas.topics.Topics;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
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
  private final Dispatcher dispatcher;
  private final Treasury treasury;
  private final Intake intake;
  private final Progress progress;
  private final AgentsView view;
  private final Queue<BiConsumer<Dispatcher, Instant>> changes = new ConcurrentLinkedQueue<>();
  private PartitionWatcher watcher = PartitionWatcher.NONE;
  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile boolean joined;
  private volatile boolean stopped;
  private volatile boolean tasksWait;
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
    KafkaOutbox outbox = new KafkaOutbox(producer, topics, clients.codec(), tracing, this::failed);
    this.dispatcher = new Dispatcher(settings, outbox, metrics);
    this.treasury =
        new Treasury(
            settings.instanceId().orElseGet(() -> "router-" + UUID.randomUUID()),
            settings,
            dispatcher,
            outbox::report);
    this.intake = new Intake(topics, clients.codec(), dispatcher, outbox, metrics);
    this.progress = new Progress(consumer, topics, settings, dispatcher, outbox);
    this.view = new AgentsView(clients, this);
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
          watcher.taken(numbers(consumer.assignment()));
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
  public void reported(long offset, RouterReport report) {
    changes.add((own, now) -> treasury.take(offset, report, now));
    consumer.wakeup();
  }

  @Override
  public void reportsRead(long end) {
    changes.add((own, now) -> treasury.atEnd(end));
    consumer.wakeup();
  }

  @Override
  public void unreadable(ConsumerRecord<byte[], byte[]> record, String reason) {
    intake.putAside(record, reason, () -> {});
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
      if (failure.get() == null) {
        leave();
      }
    } catch (RuntimeException | Error e) {
      failed(e);
    } finally {
      view.stop();
      joined = false;
      ended.countDown();
      LOG.infof("router loop ended: failed=%s agentsThread=%s", failure.get() != null, follower);
    }
  }

  private void leave() {
    progress.giveBack(consumer.assignment(), false);
    List.copyOf(dispatcher.shares().partitions()).forEach(dispatcher::give);
    treasury.leave(clock.instant());
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
    List<Intake.Task> tasks = intake.take(records, now);
    dispatcher.tick(now);
    treasury.look(now);
    dispatcher.placeWaiting(now);
    for (Intake.Task task : tasks) {
      dispatcher.ready(task.envelope(), task.origin(), now);
    }
    tasksWait = dispatcher.waiting() > 0;
    treasury.ask(now);
    progress.commitIfDue(now);
    progress.pauseOrResume();
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

  private void housekeep(Instant now) {
    if (now.isBefore(nextHousekeeping)) {
      return;
    }
    nextHousekeeping = now.plus(HOUSEKEEPING);
    metrics.fleet(dispatcher.fleet(), now);
    metrics.lag(progress.lag());
  }

  private Set<Integer> numbers(Collection<TopicPartition> partitions) {
    Set<Integer> numbers = new HashSet<>();
    for (TopicPartition each : partitions) {
      if (each.topic().equals(topics.tasksReady())) {
        numbers.add(each.partition());
      }
    }
    return numbers;
  }

  private final class Rebalance implements ConsumerRebalanceListener {

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
      Set<Integer> ready = numbers(partitions);
      if (!ready.isEmpty()) {
        Instant now = clock.instant();
        Map<Integer, TailReader.Tail> tails;
        try (TailReader reader = new TailReader(clients)) {
          tails = reader.read(ready, settings.tailSlack(), now);
        }
        tails.forEach(this::start);
        watcher.taken(ready);
      }
      treasury.took(consumer.groupMetadata().generationId(), dispatcher.shares().partitions());
      joined = true;
      LOG.infof("partitions assigned: %s", ready);
    }

    private void start(int partition, TailReader.Tail tail) {
      dispatcher.take(partition, tail.position(), tail.assigned(), tail.copies());
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
      progress.giveBack(partitions, failure.get() != null);
      give(numbers(partitions));
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
      give(numbers(partitions));
    }

    private void give(Set<Integer> partitions) {
      partitions.forEach(dispatcher::give);
      watcher.given(partitions);
    }
  }
}
