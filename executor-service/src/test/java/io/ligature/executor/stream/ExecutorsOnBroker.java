package io.ligature.executor.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.ligature.agent.Adapters;
import io.ligature.agent.AgentAdapter;
import io.ligature.agent.Secrets;
import io.ligature.avro.AgentRegistration;
import io.ligature.avro.AgentStatus;
import io.ligature.avro.TaskAssignment;
import io.ligature.avro.TaskCancel;
import io.ligature.avro.TaskResult;
import io.ligature.avro.TaskStarted;
import io.ligature.embedded.KafkaFixture;
import io.ligature.executor.FakeAdapter;
import io.ligature.schemas.topics.Topics;
import io.ligature.schemas.wire.FakeSchemaIds;
import io.ligature.schemas.wire.PayloadLimit;
import io.ligature.schemas.wire.RecordCodec;
import io.micrometer.core.instrument.MeterRegistry;
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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/** A real broker with topics of its own, executors on it, and everyone they talk to. */
final class ExecutorsOnBroker {

  static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final AtomicInteger IDS = new AtomicInteger();

  final Topics topics = new Topics("t" + UUID.randomUUID());
  final RecordCodec codec = new RecordCodec(new FakeSchemaIds());
  final FakeAdapter fake = new FakeAdapter();
  final MeterRegistry meters = new SimpleMeterRegistry();
  private final int partitions;
  private final Clients clients =
      new Clients(
          KafkaFixture.bootstrapServers(), topics, codec, true, "default", Optional.empty());
  private final Producer<byte[], byte[]> producer = clients.producer();
  private final List<ExecutorNode> running = new ArrayList<>();
  private final Map<String, List<ConsumerRecord<byte[], byte[]>>> read = new HashMap<>();
  private final Map<String, Consumer<byte[], byte[]>> readers = new HashMap<>();

  ExecutorsOnBroker(int partitions) throws Exception {
    this.partitions = partitions;
    try (Admin admin = admin()) {
      admin
          .createTopics(
              Stream.of(
                      topics.inbox(),
                      topics.tasksCancelled(),
                      topics.tasksAssigned("default"),
                      topics.tasksPartial(),
                      topics.agents(),
                      topics.agentsStatus(),
                      topics.deadLetters())
                  .map(name -> new NewTopic(name, partitions, (short) 1))
                  .toList())
          .all()
          .get(30, TimeUnit.SECONDS);
    }
  }

  static Admin admin() {
    return Admin.create(Map.of("bootstrap.servers", KafkaFixture.bootstrapServers()));
  }

  ExecutorNode start(Map<String, String> settings) {
    return start(settings, List.of(fake));
  }

  ExecutorNode start(Map<String, String> said, List<AgentAdapter> adapters) {
    Map<String, String> settings = new HashMap<>();
    settings.put("heartbeat-interval", "200ms");
    settings.put("dead-after", "1500ms");
    settings.put("commit-interval", "100ms");
    settings.put("agent-patience", "1s");
    settings.put("drain-timeout", "100ms");
    settings.putAll(said);
    List<AgentAdapter> all = new ArrayList<>(adapters);
    all.add(Adapters.standard(Secrets.ofThisProcess()).named("noop").orElseThrow());
    ExecutorNode node =
        new ExecutorNode(
            "executor-" + IDS.incrementAndGet(),
            clients,
            Settings.of(settings),
            new Adapters(all),
            new PayloadLimit(900_000),
            Clock.systemUTC(),
            new ExecutorMetrics(meters),
            new Tracing(OpenTelemetry.noop().getTracer("test")),
            failure -> {});
    node.start();
    running.add(node);
    await().atMost(PATIENCE).pollInterval(Duration.ofMillis(10)).until(node::ready);
    return node;
  }

  void stop(ExecutorNode node) throws InterruptedException {
    running.remove(node);
    node.stop();
  }

  void kill(ExecutorNode node) throws InterruptedException {
    running.remove(node);
    node.kill();
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

  void say(TaskAssignment assignment) throws Exception {
    send(topics.tasksAssigned("default"), key(assignment), codec.encode(assignment));
  }

  /** Many at once. */
  void sayAll(List<TaskAssignment> assignments) {
    for (TaskAssignment each : assignments) {
      var _ =
          producer.send(
              new ProducerRecord<>(
                  topics.tasksAssigned("default"),
                  key(each).getBytes(StandardCharsets.UTF_8),
                  codec.encode(each)));
    }
    producer.flush();
  }

  void say(TaskCancel cancel) throws Exception {
    send(topics.tasksCancelled(), cancel.getWorkflowId(), codec.encode(cancel));
  }

  void say(TaskResult result) throws Exception {
    send(topics.inbox(), result.getWorkflowId(), codec.encode(result));
  }

  void say(TaskStarted claim) throws Exception {
    send(topics.inbox(), claim.getWorkflowId(), codec.encode(claim));
  }

  void send(String topic, String key, byte[] value) throws Exception {
    producer
        .send(new ProducerRecord<>(topic, key.getBytes(StandardCharsets.UTF_8), value))
        .get(30, TimeUnit.SECONDS);
  }

  void send(String topic, String key, byte[] value, String traceparent) throws Exception {
    ProducerRecord<byte[], byte[]> record =
        new ProducerRecord<>(topic, key.getBytes(StandardCharsets.UTF_8), value);
    record.headers().add("traceparent", traceparent.getBytes(StandardCharsets.UTF_8));
    producer.send(record).get(30, TimeUnit.SECONDS);
  }

  private static String key(TaskAssignment assignment) {
    return assignment.getEnvelope().getContext().getRootWorkflowId();
  }

  /** All results on the inbox, at least so many. */
  List<TaskResult> results(int atLeast) {
    return awaitRecords(topics.inbox(), TaskResult.class, atLeast);
  }

  /** Those of attempts whose ids end so, at least so many. */
  List<TaskResult> results(String ending, int atLeast) {
    return awaitRecords(
        topics.inbox(), TaskResult.class, result -> result.getId().endsWith(ending), atLeast);
  }

  List<TaskStarted> claims(int atLeast) {
    return awaitRecords(topics.inbox(), TaskStarted.class, atLeast);
  }

  /** Those of attempts whose ids end so, at least so many. */
  List<TaskStarted> claims(String ending, int atLeast) {
    return awaitRecords(
        topics.inbox(), TaskStarted.class, claim -> claim.getId().endsWith(ending), atLeast);
  }

  List<AgentStatus> statuses(int atLeast) {
    return awaitRecords(topics.agentsStatus(), AgentStatus.class, atLeast);
  }

  <T extends SpecificRecord> List<T> awaitRecords(String topic, Class<T> type, int atLeast) {
    return awaitRecords(topic, type, any -> true, atLeast);
  }

  private <T extends SpecificRecord> List<T> awaitRecords(
      String topic, Class<T> type, Predicate<T> wanted, int atLeast) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    List<T> found = present(topic, type, wanted);
    while (found.size() < atLeast && System.nanoTime() < deadline) {
      found = present(topic, type, wanted);
    }
    if (found.size() < atLeast) {
      throw new AssertionError(topic + " has " + found.size() + " of " + atLeast + ": " + found);
    }
    return found;
  }

  private <T extends SpecificRecord> List<T> present(
      String topic, Class<T> type, Predicate<T> wanted) {
    return present(topic, type).stream().filter(wanted).toList();
  }

  /** What is there now. */
  <T extends SpecificRecord> List<T> present(String topic, Class<T> type) {
    List<T> found = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : records(topic)) {
      if (record.value() == null) {
        continue;
      }
      try {
        SpecificRecord value = codec.decode(record.value());
        if (type.isInstance(value)) {
          found.add(type.cast(value));
        }
      } catch (io.ligature.schemas.wire.UnreadableRecordException e) {
        throw new AssertionError(topic, e);
      }
    }
    return found;
  }

  List<ConsumerRecord<byte[], byte[]>> records(String topic) {
    List<ConsumerRecord<byte[], byte[]>> all =
        read.computeIfAbsent(topic, any -> new ArrayList<>());
    reader(topic).poll(Duration.ofMillis(50)).forEach(all::add);
    return all;
  }

  /** Committed offsets of the assigned topic, all partitions together. */
  long committed() throws Exception {
    try (Admin admin = admin()) {
      return admin
          .listConsumerGroupOffsets(clients.group())
          .partitionsToOffsetAndMetadata()
          .get(30, TimeUnit.SECONDS)
          .values()
          .stream()
          .mapToLong(offset -> offset.offset())
          .sum();
    }
  }

  void awaitCommitted(long records) {
    await()
        .atMost(PATIENCE.multipliedBy(2))
        .untilAsserted(() -> assertThat(committed()).isEqualTo(records));
  }

  double count(String meter) {
    return meters.get(meter).counter().count();
  }

  Consumer<byte[], byte[]> tail(String topic) {
    return reader(topic);
  }

  private Consumer<byte[], byte[]> reader(String topic) {
    return readers.computeIfAbsent(
        topic,
        any -> {
          Consumer<byte[], byte[]> consumer = clients.loose();
          List<TopicPartition> all =
              IntStream.range(0, partitions).mapToObj(i -> new TopicPartition(topic, i)).toList();
          consumer.assign(all);
          consumer.seekToBeginning(all);
          return consumer;
        });
  }

  void close() throws InterruptedException {
    for (ExecutorNode node : List.copyOf(running)) {
      kill(node);
    }
    readers.values().forEach(Consumer::close);
    producer.close();
  }
}
