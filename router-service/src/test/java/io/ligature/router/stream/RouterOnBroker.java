package io.ligature.router.stream;

import io.ligature.avro.AgentRegistration;
import io.ligature.avro.AgentStatus;
import io.ligature.avro.TaskAssignment;
import io.ligature.avro.TaskCancel;
import io.ligature.avro.TaskEnvelope;
import io.ligature.avro.TaskResult;
import io.ligature.avro.TaskUnplaced;
import io.ligature.avro.WorkflowEvent;
import io.ligature.embedded.KafkaFixture;
import io.ligature.schemas.topics.Topics;
import io.ligature.schemas.wire.FakeSchemaIds;
import io.ligature.schemas.wire.RecordCodec;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/** A real broker with topics of its own, routers on it, and everyone they talk to. */
final class RouterOnBroker {

  static final int PARTITIONS = 2;
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  final Topics topics = new Topics("t" + UUID.randomUUID());
  final RecordCodec codec = new RecordCodec(new FakeSchemaIds());
  private final Clients clients = clients(Optional.empty());
  private final Producer<byte[], byte[]> producer = clients.producer();
  private final List<RouterLoop> running = new ArrayList<>();
  private final List<StatisticsFollower> following = new ArrayList<>();
  private final Map<String, List<ConsumerRecord<byte[], byte[]>>> read = new HashMap<>();
  private final Map<String, Consumer<byte[], byte[]>> readers = new HashMap<>();

  RouterOnBroker() throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", KafkaFixture.bootstrapServers()))) {
      admin
          .createTopics(
              Stream.of(
                      topics.tasksReady(),
                      topics.inbox(),
                      topics.tasksCancelled(),
                      topics.tasksAssigned("default"),
                      topics.tasksAssigned("gpu"),
                      topics.agents(),
                      topics.agentsStatus(),
                      topics.agentsStatistics(),
                      topics.events(),
                      topics.deadLetters())
                  .map(name -> new NewTopic(name, partitions(name), (short) 1))
                  .toList())
          .all()
          .get(30, TimeUnit.SECONDS);
      admin
          .createTopics(List.of(new NewTopic(topics.routers(), 1, (short) 1)))
          .all()
          .get(30, TimeUnit.SECONDS);
    }
  }

  private int partitions(String topic) {
    return topic.equals(topics.agentsStatistics()) ? 1 : PARTITIONS;
  }

  /** Statistics for a router, begun and not yet told anything. */
  StatisticsFollower follow(RouterLoop loop, Map<String, String> settings) {
    StatisticsSettings said = Settings.statistics(settings);
    StatisticsFollower follower =
        new StatisticsFollower(
            clients,
            said,
            Clock.systemUTC(),
            new StatisticsMetrics(new SimpleMeterRegistry(), said.maxMetrics()),
            new TrackKeeper(
                loop, Settings.calibration(Map.of("enabled", "true", "min-verdicts", "1"))));
    loop.watch(follower);
    Thread.ofPlatform().name("statistics-under-test").start(follower);
    following.add(follower);
    return follower;
  }

  AssignmentSearch search(int limit) {
    return new AssignmentSearch(clients, limit);
  }

  void stop(StatisticsFollower follower) throws InterruptedException {
    if (!follower.stop(PATIENCE)) {
      throw new AssertionError("the statistics did not end");
    }
    following.remove(follower);
  }

  RouterLoop start(Map<String, String> settings) {
    Map<String, String> said = new HashMap<>(Map.of("executor-timeout", "1h"));
    said.putAll(settings);
    RouterLoop loop =
        new RouterLoop(
            clients,
            Settings.of(said),
            Clock.systemUTC(),
            new RouterMetrics(new SimpleMeterRegistry()),
            new Tracing(OpenTelemetry.noop().getTracer("test")));
    Thread.ofPlatform().name("router-under-test").start(loop);
    running.add(loop);
    org.awaitility.Awaitility.await()
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(10))
        .until(loop::ready);
    return loop;
  }

  void stop(RouterLoop loop) throws InterruptedException {
    if (!loop.stop(PATIENCE)) {
      throw new AssertionError("the router did not end");
    }
    running.remove(loop);
  }

  void say(AgentRegistration agent) throws Exception {
    send(topics.agents(), agent.getId(), codec.encode(agent));
  }

  void say(AgentStatus status) throws Exception {
    send(
        topics.agentsStatus(),
        status.getAgent() + "@" + status.getExecutor(),
        codec.encode(status));
  }

  void say(TaskEnvelope task) throws Exception {
    send(topics.tasksReady(), task.getContext().getRootWorkflowId(), codec.encode(task));
  }

  void say(TaskResult result) throws Exception {
    send(topics.inbox(), result.getWorkflowId(), codec.encode(result));
  }

  void say(WorkflowEvent event) throws Exception {
    send(topics.events(), event.getRootWorkflowId(), codec.encode(event));
  }

  void say(TaskCancel cancel) throws Exception {
    send(topics.tasksCancelled(), cancel.getWorkflowId(), codec.encode(cancel));
  }

  void send(String topic, String key, byte[] value) throws Exception {
    producer
        .send(new ProducerRecord<>(topic, key.getBytes(StandardCharsets.UTF_8), value))
        .get(30, TimeUnit.SECONDS);
  }

  List<TaskAssignment> assignments(int atLeast) throws Exception {
    return records(topics.tasksAssigned("default"), TaskAssignment.class, atLeast);
  }

  void awaitAssigned(int count) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (more(topics.tasksAssigned("default")).size() < count) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("not assigned: " + count);
      }
    }
  }

  List<TaskUnplaced> unplaced(int atLeast) throws Exception {
    return records(topics.inbox(), TaskUnplaced.class, atLeast);
  }

  List<ConsumerRecord<byte[], byte[]>> deadLetters(int atLeast) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    List<ConsumerRecord<byte[], byte[]>> found = more(topics.deadLetters());
    while (found.size() < atLeast && System.nanoTime() < deadline) {
      found = more(topics.deadLetters());
    }
    return found;
  }

  private <T extends SpecificRecord> List<T> records(String topic, Class<T> type, int atLeast)
      throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    List<T> found = new ArrayList<>();
    do {
      found.clear();
      for (ConsumerRecord<byte[], byte[]> record : more(topic)) {
        SpecificRecord value = codec.decode(record.value());
        if (type.isInstance(value)) {
          found.add(type.cast(value));
        }
      }
    } while (found.size() < atLeast && System.nanoTime() < deadline);
    if (found.size() < atLeast) {
      throw new AssertionError(topic + " has " + found.size() + " of " + atLeast + ": " + found);
    }
    return found;
  }

  private List<ConsumerRecord<byte[], byte[]>> more(String topic) {
    List<ConsumerRecord<byte[], byte[]>> all =
        read.computeIfAbsent(topic, any -> new ArrayList<>());
    reader(topic).poll(Duration.ofMillis(50)).forEach(all::add);
    return all;
  }

  private Consumer<byte[], byte[]> reader(String topic) {
    return readers.computeIfAbsent(
        topic,
        any -> {
          Consumer<byte[], byte[]> consumer = clients.loose();
          List<TopicPartition> all =
              Stream.iterate(0, i -> i < PARTITIONS, i -> i + 1)
                  .map(i -> new TopicPartition(topic, i))
                  .toList();
          consumer.assign(all);
          consumer.seekToBeginning(all);
          return consumer;
        });
  }

  private Clients clients(Optional<String> instance) {
    return new Clients(KafkaFixture.bootstrapServers(), topics, codec, true, instance);
  }

  void close() throws InterruptedException {
    for (StatisticsFollower follower : List.copyOf(following)) {
      stop(follower);
    }
    for (RouterLoop loop : List.copyOf(running)) {
      stop(loop);
    }
    readers.values().forEach(Consumer::close);
    producer.close();
  }
}
