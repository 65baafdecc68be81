package io.ligature.state.stream;

import io.ligature.avro.Grade;
import io.ligature.avro.Payload;
import io.ligature.avro.ResultMetadata;
import io.ligature.avro.ResultStatus;
import io.ligature.avro.StartAccepted;
import io.ligature.avro.TaskEnvelope;
import io.ligature.avro.TaskResult;
import io.ligature.avro.WorkflowDefinition;
import io.ligature.avro.WorkflowEvent;
import io.ligature.avro.WorkflowStart;
import io.ligature.schemas.Money;
import io.ligature.schemas.definition.DefinitionLimits;
import io.ligature.schemas.definition.DefinitionParser;
import io.ligature.schemas.topics.Topics;
import io.ligature.schemas.wire.FakeSchemaIds;
import io.ligature.schemas.wire.Payloads;
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
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.test.TestRecord;

/** The whole topology with its real store, without a broker; time goes on when it is told to. */
final class ShellFixture implements AutoCloseable {

  static final Instant START = Instant.parse("2027-01-01T00:00:00Z");
  static final Topics TOPICS = new Topics("ligature");
  static final CompletionStage<Long> NOTHING_WAITS = CompletableFuture.completedStage(-1L);
  static final Duration CATCH_UP_WAIT = Duration.ofMinutes(5);
  static final Core ENGINE = Core.of(new Engine(Tuning.DEFAULT));
  static final String TWO_STEPS =
      """
      name: two-steps
      tasks:
        first:
          capability: text.echo
          input: { text: "${input.text}" }
          constraints: { timeout: PT10S, maxCost: 0.10 }
        second:
          needs: [first]
          capability: text.echo
          input: { text: "${tasks.first.output.text}" }
      output: "${tasks.second.output}"
      """;

  final RecordCodec codec = new RecordCodec(new FakeSchemaIds());
  final CompletionStage<Long> lastWaiting;
  final Turns turns = new Turns();
  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  final TopologyTestDriver driver;
  final TestInputTopic<byte[], byte[]> inbox;

  ShellFixture(Path folder) {
    this(folder, 1_040_000, 200);
  }

  ShellFixture(Path folder, int maxRecordBytes, int timersPerTick) {
    this(folder, ENGINE, 1_000, maxRecordBytes, timersPerTick, NOTHING_WAITS);
  }

  ShellFixture(Path folder, Core core, int maxTransitions) {
    this(folder, core, maxTransitions, 1_040_000, 200, NOTHING_WAITS);
  }

  ShellFixture(Path folder, CompletionStage<Long> lastWaiting) {
    this(folder, ENGINE, 1_000, 1_040_000, 200, lastWaiting);
  }

  private ShellFixture(
      Path folder,
      Core core,
      int maxTransitions,
      int maxRecordBytes,
      int timersPerTick,
      CompletionStage<Long> lastWaiting) {
    this.lastWaiting = lastWaiting;
    Shell shell =
        new Shell(
            codec,
            new PlanCache(new DefinitionParser(DefinitionLimits.DEFAULT), 10),
            core,
            maxTransitions,
            maxRecordBytes,
            new Shell.Timers(
                Duration.ofMillis(50), timersPerTick, CATCH_UP_WAIT, partition -> lastWaiting),
            new TransitionMetrics(meters),
            Tracing.OFF,
            turns);
    Properties properties =
        StreamsProperties.of(
            SettingsFixture.of(Map.of("ligature.state.directory", folder.toString())),
            Map.of("bootstrap.servers", "unused:1"));
    driver = new TopologyTestDriver(StateTopology.of(shell, TOPICS), properties, START);
    inbox =
        driver.createInputTopic(
            TOPICS.inbox(),
            new ByteArraySerializer(),
            new ByteArraySerializer(),
            START,
            Duration.ZERO);
  }

  void send(String key, SpecificRecord record) {
    send(key, record, new RecordHeaders());
  }

  void send(String key, SpecificRecord record, Headers headers) {
    inbox.pipeInput(
        new TestRecord<>(
            key.getBytes(StandardCharsets.UTF_8), codec.encode(record), headers, START));
  }

  static WorkflowDefinition definition(String source) {
    return new WorkflowDefinition(
        "two-steps",
        1,
        source,
        "application/yaml",
        Payloads.sha256(source.getBytes(StandardCharsets.UTF_8)),
        START,
        "tester");
  }

  static StartAccepted start(String workflowId) {
    return start(workflowId, "hello", TWO_STEPS);
  }

  static StartAccepted start(String workflowId, String text, String source) {
    WorkflowStart start =
        WorkflowStart.newBuilder()
            .setWorkflowId(workflowId)
            .setDefinition("two-steps")
            .setInput(text(text))
            .setRequester("ann")
            .build();
    return new StartAccepted(start, definition(source), START, List.of(), List.of(), null, null);
  }

  static TaskResult success(String workflowId, String attempt, String text) {
    return new TaskResult(
        attempt,
        workflowId,
        ResultStatus.success,
        text(text),
        new ResultMetadata(
            Money.of("0.01").toDecimal(),
            5L,
            null,
            0.9,
            null,
            null,
            null,
            null,
            Grade.clean,
            null,
            List.of(),
            null),
        null,
        "echo",
        "executor-1",
        START,
        null);
  }

  static Payload text(String text) {
    return Payloads.json(Payloads.JSON.createObjectNode().put("text", text));
  }

  List<TaskEnvelope> ready() {
    return records(TOPICS.tasksReady()).stream().map(r -> (TaskEnvelope) read(r)).toList();
  }

  List<WorkflowEvent> events() {
    return records(TOPICS.events()).stream().map(r -> (WorkflowEvent) read(r)).toList();
  }

  static List<String> types(List<WorkflowEvent> events) {
    return events.stream()
        .map(event -> ((SpecificRecord) event.getBody()).getSchema().getName())
        .toList();
  }

  List<TestRecord<byte[], byte[]>> deadLetters() {
    return records(TOPICS.deadLetters());
  }

  List<TestRecord<byte[], byte[]>> records(String topic) {
    TestOutputTopic<byte[], byte[]> output =
        driver.createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    return output.readRecordsToList();
  }

  SpecificRecord read(TestRecord<byte[], byte[]> record) {
    try {
      return codec.decode(record.value());
    } catch (UnreadableRecordException e) {
      throw new AssertionError(e);
    }
  }

  static String header(TestRecord<byte[], byte[]> record, String name) {
    return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }

  WorkflowRows rows() {
    KeyValueStore<Bytes, byte[]> store = driver.getKeyValueStore(StateTopology.STORE);
    return new WorkflowRows(store, codec);
  }

  @Override
  public void close() {
    driver.close();
  }
}
