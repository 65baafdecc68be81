package io.ligature.executor.stream;

import io.ligature.avro.AgentRegistration;
import io.ligature.avro.AgentStatus;
import io.ligature.avro.TaskCancel;
import io.ligature.avro.TaskResult;
import io.ligature.avro.TaskStarted;
import io.ligature.executor.execution.AgentDirectory;
import io.ligature.schemas.topics.Topics;
import io.ligature.schemas.wire.UnreadableRecordException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Reads everything but assignments, with a consumer and a thread of its own: agents and the
 * heartbeats of executors (from their beginning), cancellations (the last ones and then all), and
 * those partitions of the inbox where it matters what former owners did.
 */
final class LogFollower implements Runnable, AgentDirectory {

  private static final Duration POLL = Duration.ofMillis(20);
  private static final Duration EXPIRE = Duration.ofSeconds(10);

  private final Consumer<byte[], byte[]> consumer;
  private final Clients clients;
  private final Topics topics;
  private final Executors executors;
  private final Listener listener;
  private final Duration lookBack;
  private final Duration agentPatience;
  private final Clock clock;

  private final Map<String, AgentRegistration> agents = new ConcurrentHashMap<>();
  private final Queue<Runnable> requests = new ConcurrentLinkedQueue<>();
  private final List<Goal> goals = new ArrayList<>();
  private final Set<TopicPartition> always = new HashSet<>();
  private final Set<TopicPartition> inbox = new HashSet<>();
  private volatile boolean loaded;
  private volatile boolean stopping;

  /** Called on the follower's thread. */
  interface Listener {
    void cancelled(TaskCancel cancel);

    void result(TopicPartition inbox, ConsumerRecord<byte[], byte[]> record, TaskResult result);

    void claim(TopicPartition inbox, ConsumerRecord<byte[], byte[]> record, TaskStarted claim);

    void unreadable(ConsumerRecord<byte[], byte[]> record, String reason);

    void failed(RuntimeException failure);
  }

  private record Goal(Map<TopicPartition, Long> ends, Runnable reached) {}

  /**
   * @param lookBack how old cancellations may be
   * @param agentPatience how long {@link #refresh} waits
   */
  LogFollower(
      Clients clients,
      Executors executors,
      Listener listener,
      Duration lookBack,
      Duration agentPatience,
      Clock clock) {
    this.clients = clients;
    this.consumer = clients.loose();
    this.topics = clients.topics();
    this.executors = executors;
    this.listener = listener;
    this.lookBack = lookBack;
    this.agentPatience = agentPatience;
    this.clock = clock;
  }

  /** True when agents and heartbeats have been read to their ends. */
  boolean loaded() {
    return loaded;
  }

  void stop() {
    stopping = true;
  }

  @Override
  public @Nullable AgentRegistration find(String agent) {
    return agents.get(agent);
  }

  @Override
  public void refresh() throws InterruptedException {
    CompletableFuture<Boolean> known = new CompletableFuture<>();
    requests.add(() -> reach(partitions(topics.agents()), () -> known.complete(true)));
    try {
      known.get(agentPatience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return;
    } catch (ExecutionException e) {
      throw new IllegalStateException("nobody completes it badly", e);
    }
  }

  /** Follows a partition of the inbox from a time on, until told to leave it. */
  void follow(int partition, Instant from, Runnable reachedEnd) {
    requests.add(
        () -> {
          TopicPartition its = new TopicPartition(topics.inbox(), partition);
          inbox.add(its);
          assign();
          seek(Map.of(its, from.toEpochMilli()));
          reach(Set.of(its), reachedEnd);
        });
  }

  /** Says when a followed partition has been read to its present end. */
  void whenRead(int partition, Runnable reachedEnd) {
    requests.add(
        () -> {
          TopicPartition its = new TopicPartition(topics.inbox(), partition);
          if (inbox.contains(its)) {
            reach(Set.of(its), reachedEnd);
          }
        });
  }

  void leave(int partition) {
    requests.add(
        () -> {
          TopicPartition its = new TopicPartition(topics.inbox(), partition);
          if (inbox.remove(its)) {
            goals.removeIf(goal -> goal.ends.containsKey(its));
            assign();
          }
        });
  }

  @Override
  public void run() {
    try (consumer) {
      begin();
      Instant nextExpiry = clock.instant();
      while (!stopping) {
        Runnable request = requests.poll();
        while (request != null) {
          request.run();
          request = requests.poll();
        }
        consumer.poll(POLL).forEach(this::take);
        checkGoals();
        if (clock.instant().isAfter(nextExpiry)) {
          executors.expire(clock.instant());
          nextExpiry = clock.instant().plus(EXPIRE);
        }
      }
    } catch (RuntimeException e) {
      if (!stopping) {
        listener.failed(e);
      }
    }
  }

  private void begin() {
    List<TopicPartition> views = new ArrayList<>(partitions(topics.agents()));
    views.addAll(partitions(topics.agentsStatus()));
    Set<TopicPartition> cancels = partitions(topics.tasksCancelled());
    always.addAll(views);
    always.addAll(cancels);
    assign();
    consumer.seekToBeginning(views);
    Map<TopicPartition, Long> times = new HashMap<>();
    long from = clock.instant().minus(lookBack).toEpochMilli();
    cancels.forEach(each -> times.put(each, from));
    seek(times);
    reach(always, () -> loaded = true);
  }

  private void assign() {
    Set<TopicPartition> all = new HashSet<>(always);
    all.addAll(inbox);
    consumer.assign(all);
  }

  private void seek(Map<TopicPartition, Long> times) {
    Map<TopicPartition, OffsetAndTimestamp> known = consumer.offsetsForTimes(times);
    Map<TopicPartition, Long> ends = consumer.endOffsets(times.keySet());
    for (TopicPartition each : times.keySet()) {
      OffsetAndTimestamp at = known.get(each);
      consumer.seek(each, at == null ? ends.getOrDefault(each, 0L) : at.offset());
    }
  }

  private void reach(Collection<TopicPartition> partitions, Runnable reached) {
    goals.add(new Goal(new HashMap<>(consumer.endOffsets(partitions)), reached));
    checkGoals();
  }

  private void checkGoals() {
    List<Goal> reached = new ArrayList<>();
    for (Goal goal : goals) {
      goal.ends.entrySet().removeIf(end -> consumer.position(end.getKey()) >= end.getValue());
      if (goal.ends.isEmpty()) {
        reached.add(goal);
      }
    }
    goals.removeAll(reached);
    reached.forEach(goal -> goal.reached.run());
  }

  private Set<TopicPartition> partitions(String topic) {
    List<PartitionInfo> infos = consumer.partitionsFor(topic);
    if (infos == null || infos.isEmpty()) {
      throw new IllegalStateException("topic " + topic + " does not exist; create it first");
    }
    Set<TopicPartition> partitions = new HashSet<>();
    infos.forEach(info -> partitions.add(new TopicPartition(topic, info.partition())));
    return partitions;
  }

  private void take(ConsumerRecord<byte[], byte[]> record) {
    String topic = record.topic();
    if (record.value() == null) {
      forget(topic, record.key());
      return;
    }
    SpecificRecord value;
    try {
      value = clients.codec().decode(record.value());
    } catch (UnreadableRecordException e) {
      // The inbox has a reader that puts its unreadable records aside.
      if (!topic.equals(topics.inbox())) {
        listener.unreadable(record, String.valueOf(e.getMessage()));
      }
      return;
    }
    TopicPartition partition = new TopicPartition(topic, record.partition());
    switch (value) {
      case AgentRegistration agent -> agents.put(agent.getId(), agent);
      case AgentStatus status -> take(status, record);
      case TaskCancel cancel -> listener.cancelled(cancel);
      case TaskResult result -> listener.result(partition, record, result);
      case TaskStarted claim -> listener.claim(partition, record, claim);
      default -> {
        if (!topic.equals(topics.inbox())) {
          listener.unreadable(record, value.getSchema().getFullName() + " has no place here");
        }
      }
    }
  }

  /**
   * Heartbeats and goodbyes have one key and so one order; the status of an agent may come from
   * another partition after the goodbye.
   */
  private void take(AgentStatus status, ConsumerRecord<byte[], byte[]> record) {
    if (status.getAgent().equals(Statuses.ANY_AGENT)) {
      executors.sign(status.getExecutor(), signAt(record));
    }
  }

  private void forget(String topic, byte @Nullable [] keyBytes) {
    if (keyBytes == null) {
      return;
    }
    String key = new String(keyBytes, StandardCharsets.UTF_8);
    if (topic.equals(topics.agents())) {
      agents.remove(key);
    } else if (topic.equals(topics.agentsStatus()) && key.startsWith(Statuses.ANY_AGENT + "@")) {
      executors.ended(key.substring(2));
    }
  }

  /** What comes live is a sign of now; what is read at the start is as old as it says. */
  private Instant signAt(ConsumerRecord<byte[], byte[]> record) {
    Instant now = clock.instant();
    Instant written = Instant.ofEpochMilli(record.timestamp());
    return loaded || written.isAfter(now) ? now : written;
  }
}
