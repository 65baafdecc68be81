package io.ligature.state.stream;

import static io.ligature.state.stream.ShellFixture.start;
import static io.ligature.state.stream.ShellFixture.success;
import static org.assertj.core.api.Assertions.assertThat;

import io.ligature.avro.TaskProgress;
import io.ligature.avro.WorkflowEvent;
import io.ligature.embedded.KafkaFixture;
import io.ligature.schemas.definition.DefinitionLimits;
import io.ligature.schemas.definition.DefinitionParser;
import io.ligature.schemas.topics.TopicAdmin;
import io.ligature.schemas.topics.TopicPlan;
import io.ligature.schemas.topics.TopicSettings;
import io.ligature.schemas.topics.Topics;
import io.ligature.schemas.wire.FakeSchemaIds;
import io.ligature.schemas.wire.RecordCodec;
import io.ligature.schemas.wire.UnreadableRecordException;
import io.ligature.state.SettingsFixture;
import io.ligature.state.engine.Engine;
import io.ligature.state.engine.Tuning;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The fold is away while a result comes and its timer gets due; on a real broker. */
class OutageTest {

  private static final Topics TOPICS = new Topics("outage");
  private static final Map<String, Object> KAFKA =
      Map.of("bootstrap.servers", KafkaFixture.bootstrapServers());
  private static final String ONE_STEP =
      """
      name: two-steps
      tasks:
        first:
          capability: text.echo
          constraints: { timeout: PT1S }
      """;

  @TempDir Path folder;
  private final RecordCodec codec = new RecordCodec(new FakeSchemaIds());
  private KafkaProducer<byte[], byte[]> producer;
  private InboxBacklog backlog;

  @BeforeEach
  void open() throws InterruptedException {
    try (Admin admin = Admin.create(KAFKA)) {
      TopicAdmin.ensure(
          admin, TopicPlan.of(TopicSettings.local(TOPICS.prefix()).withPartitions(1)));
    }
    producer = new KafkaProducer<>(KAFKA, new ByteArraySerializer(), new ByteArraySerializer());
    backlog =
        new InboxBacklog(() -> Admin.create(KAFKA), TOPICS.prefix() + "-state", TOPICS.inbox());
  }

  @AfterEach
  void close() {
    producer.close();
    backlog.close();
  }

  @Test
  void aResultThatCameInAnOutageIsNeverJudgedATimeout() throws Exception {
    Instant due;
    try (StreamsLifecycle _ = started()) {
      send("w1", start("w1", "hello", ONE_STEP));
      due = awaitEvent("AttemptScheduled").getAt().plusSeconds(11);
    }
    // Enough before the result that the timers are looked at before it is read.
    for (int i = 0; i < 50_000; i++) {
      send("w0", new TaskProgress("w0/first#1", "w0", "executor-1", null, "on", due));
    }
    send("w1", success("w1", "w1/first#1", "done"));
    producer.flush();
    assertThat(backlog.lastWaiting(0).toCompletableFuture().get()).isEqualTo(50_001);
    Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> Instant.now().isAfter(due));

    try (StreamsLifecycle _ = started()) {
      awaitEvent("WorkflowCompleted");
    }
    assertThat(backlog.lastWaiting(0).toCompletableFuture().get()).isNegative();

    assertThat(ShellFixture.types(events()))
        .containsExactly(
            "WorkflowStarted", "AttemptScheduled", "TaskSucceeded", "WorkflowCompleted");
  }

  private StreamsLifecycle started() {
    Properties properties =
        StreamsProperties.of(
            SettingsFixture.of(
                Map.of(
                    "ligature.topics.prefix",
                    TOPICS.prefix(),
                    "ligature.state.advertised",
                    "localhost:1",
                    "ligature.state.streams.session-timeout",
                    "PT6S",
                    "ligature.state.streams.heartbeat-interval",
                    "PT1S",
                    "ligature.state.directory",
                    folder.toString(),
                    "ligature.state.streams.standby-replicas",
                    "0")),
            KAFKA);
    Tuning d = Tuning.DEFAULT;
    Tuning tuning =
        new Tuning(
            Duration.ofSeconds(10),
            d.reportSlack(),
            0,
            d.firstOffer(),
            d.longestOffer(),
            1,
            d.payloadLimit(),
            d.nesting(),
            d.longestWait(),
            d.maxCritique(),
            d.limitedWait(),
            d.maxConsequences(),
            d.reviewPolicy());
    Shell shell =
        new Shell(
            codec,
            new PlanCache(new DefinitionParser(DefinitionLimits.DEFAULT), 10),
            Core.of(new Engine(tuning)),
            1_000,
            1_040_000,
            new Shell.Timers(Duration.ofMillis(50), 200, Duration.ofMinutes(1), backlog),
            new TransitionMetrics(new SimpleMeterRegistry()),
            Tracing.OFF,
            new Turns());
    StreamsLifecycle lifecycle =
        new StreamsLifecycle(
            StateTopology.of(shell, TOPICS),
            properties,
            StateTopology.topics(TOPICS),
            new StreamsLifecycle.Plan(Duration.ofSeconds(30), 3, InstantSource.system(), () -> {}));
    lifecycle.start();
    return lifecycle;
  }

  private void send(String key, SpecificRecord record) {
    var _ =
        producer.send(
            new ProducerRecord<>(
                TOPICS.inbox(), key.getBytes(StandardCharsets.UTF_8), codec.encode(record)));
  }

  private WorkflowEvent awaitEvent(String type) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() -> assertThat(ShellFixture.types(events())).contains(type));
    return events().stream()
        .filter(event -> ShellFixture.types(List.of(event)).contains(type))
        .findFirst()
        .orElseThrow();
  }

  private List<WorkflowEvent> events() {
    List<WorkflowEvent> events = new ArrayList<>();
    TopicPartition at = new TopicPartition(TOPICS.events(), 0);
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                KafkaFixture.bootstrapServers(),
                "isolation.level",
                "read_committed"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.assign(List.of(at));
      consumer.seekToBeginning(List.of(at));
      long end = consumer.endOffsets(List.of(at)).get(at);
      while (consumer.position(at) < end) {
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(100))) {
          events.add((WorkflowEvent) codec.decode(record.value()));
        }
      }
    } catch (UnreadableRecordException e) {
      throw new AssertionError(e);
    }
    return events;
  }
}
