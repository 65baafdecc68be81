package io.ligature.state.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.ligature.avro.PinnedDefinition;
import io.ligature.avro.StartAccepted;
import io.ligature.avro.StartRefused;
import io.ligature.avro.WorkflowDefinition;
import io.ligature.avro.WorkflowStart;
import io.ligature.schemas.definition.Definition;
import io.ligature.schemas.definition.DefinitionLimits;
import io.ligature.schemas.definition.DefinitionParser;
import io.ligature.schemas.definition.ParsedDefinition;
import io.ligature.schemas.definition.TaskDefinition;
import io.ligature.schemas.topics.Topics;
import io.ligature.schemas.wire.FakeSchemaIds;
import io.ligature.schemas.wire.PayloadLimit;
import io.ligature.schemas.wire.Payloads;
import io.ligature.schemas.wire.RecordCodec;
import io.ligature.schemas.wire.UnreadableRecordException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/** Starts from their topic whose definition calls another one. */
class StartChildrenTest {

  private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
  private static final WorkflowDefinition PARENT = definition("parent", "p");
  private static final WorkflowDefinition CHILD = definition("child", "c");
  private static final Definition PLAIN =
      ((ParsedDefinition.Sound)
              new DefinitionParser(DefinitionLimits.DEFAULT)
                  .parse("name: x\ntasks:\n  a: { capability: a.b }\n"))
          .definition();

  private final RecordCodec codec = new RecordCodec(new FakeSchemaIds());

  @Test
  void bringsThePinsAndTextsOfItsChildren() throws Exception {
    StartAccepted accepted =
        (StartAccepted) became(Map.of("parent", PARENT, "child", CHILD), 9_000);

    assertThat(accepted.getDefinition()).isEqualTo(PARENT);
    assertThat(accepted.getPins()).containsExactly(new PinnedDefinition("child", null, 1, "c"));
    assertThat(accepted.getChildren()).containsExactly(CHILD);
    assertThat(accepted.getParent()).isNull();
    assertThat(accepted.getOrigin()).isNull();
  }

  @Test
  void isRefusedWhenAChildDoesNotExist() throws Exception {
    StartRefused refused = (StartRefused) became(Map.of("parent", PARENT), 9_000);

    assertThat(refused.getViolations())
        .containsExactly(
            "definition: 'parent' version 1 calls 'child', which does not exist; put it under"
                + " /definitions/child");
  }

  @Test
  void isRefusedWhenItIsTooLargeWithItsChildren() throws Exception {
    WorkflowDefinition large = definition("child", "x".repeat(2_000));

    StartRefused refused = (StartRefused) became(Map.of("parent", PARENT, "child", large), 1_500);

    assertThat(refused.getViolations().getFirst())
        .startsWith("input: with its definitions the start has ");
  }

  private SpecificRecord became(Map<String, WorkflowDefinition> catalog, int maxRecordBytes)
      throws UnreadableRecordException {
    ChildPins.Definitions definitions = (name, _) -> Optional.ofNullable(catalog.get(name));
    DefinitionFacts facts = new DefinitionFacts(StartChildrenTest::parse, 9);
    StartCheck check =
        new StartCheck(facts, new ChildPins(definitions, facts::calls, 9), new PayloadLimit(1_000));
    Ingest ingest =
        new Ingest(
            definitions, check, codec, new Topics("t"), InstantSource.fixed(NOW), maxRecordBytes);
    ProducerRecord<byte[], byte[]> record = ingest.start(start());
    assertThat(record.topic()).isEqualTo("t.inbox");
    return codec.decode(record.value());
  }

  private ConsumerRecord<byte[], byte[]> start() {
    WorkflowStart start =
        WorkflowStart.newBuilder()
            .setWorkflowId("w")
            .setDefinition("parent")
            .setInput(Payloads.of("application/json", "{}".getBytes(StandardCharsets.UTF_8)))
            .setRequester("ann")
            .build();
    return new ConsumerRecord<>(
        "t.starts", 0, 0, "w".getBytes(StandardCharsets.UTF_8), codec.encode(start));
  }

  /** The parent's one task is the child; the child's is an agent's work. */
  private static Definition parse(WorkflowDefinition definition) {
    if (!definition.getName().equals("parent")) {
      return PLAIN;
    }
    TaskDefinition task = PLAIN.tasks().values().iterator().next();
    TaskDefinition.AgentWork work = (TaskDefinition.AgentWork) task.action();
    return plainWith(
        new TaskDefinition(
            task.name(),
            new TaskDefinition.ChildWorkflow(
                "child", null, work.input(), TaskDefinition.OnParentEnd.CANCEL),
            task.needs(),
            task.when(),
            task.onError(),
            task.priority(),
            task.timeout(),
            task.budget(),
            task.compensation(),
            task.set()));
  }

  private static Definition plainWith(TaskDefinition task) {
    return new Definition(
        "parent", null, null, null, 5, Map.of(task.name(), task), null, Map.of(), null);
  }

  private static WorkflowDefinition definition(String name, String source) {
    return new WorkflowDefinition(name, 1, source, "application/yaml", source, NOW, "ann");
  }
}
